import { time_zone } from '../../../../lib/payload/fields/time-zone.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('time_zone', () => {
  test.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['America/New York', 'America/New_York'],
    ['america/argentina/ushuaia', 'America/Argentina/Ushuaia'],
    ['America/Port-au-Prince', 'America/Port-au-Prince'],
    ['Europe/Amsterdam', 'Europe/Amsterdam'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
    ['UTC', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['us/eastern', 'America/New_York'],
    ['EST5EDT', 'America/New_York'],
  ])('%s is %s', (given, sent) => {
    expect(parseField(time_zone, given)).toEqual(valid(sent));
  });

  test.each([
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['asia/ho_chi_minh', 'Asia/Ho_Chi_Minh'],
    ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
    ['Asia/Kathmandu', 'Asia/Kathmandu'],
    ['Asia/Yangon', 'Asia/Yangon'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['America/Indiana/Indianapolis', 'America/Indiana/Indianapolis'],
    ['America/Kentucky/Louisville', 'America/Kentucky/Louisville'],
    ['America/Nuuk', 'America/Nuuk'],
    ['America/Atikokan', 'America/Atikokan'],
    ['Africa/Asmara', 'Africa/Asmara'],
    ['Atlantic/Faroe', 'Atlantic/Faroe'],
    ['Pacific/Kanton', 'Pacific/Kanton'],
    ['Pacific/Pohnpei', 'Pacific/Pohnpei'],
    ['Pacific/Chuuk', 'Pacific/Chuuk'],
  ])('calls %s by the name IANA uses today', (given, sent) => {
    expect(parseField(time_zone, given)).toEqual(valid(sent));
  });

  test.each([
    '+01:00',
    '-0500',
    'GMT+1',
    'UTC+1',
    'PST',
    'EST',
    'mst',
    'IST',
    'BST',
    'CST',
    'SystemV/EST5',
    'Mars/Phobos',
    'Berlin',
    'Eastern Time',
    'E',
    '-',
  ])('refuses %s', (given) => {
    expect(parseField(time_zone, given)).toEqual(invalid);
  });

  test.each([[1], [true], [['UTC']], [{ zone: 'UTC' }]])('refuses what is not text: %j', (given) => {
    expect(parseField(time_zone, given)).toEqual(invalid);
  });
});
