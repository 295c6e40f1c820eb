import windows from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };
import * as rails from 'rails-timezone';
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
    'Eastern Time',
    'UTC+11',
    'constructor',
    'E',
    '-',
  ])('rejects %s', (given) => {
    expect(parseField(time_zone, given)).toEqual(invalid);
  });

  test.each([
    ['Eastern Time (US & Canada)', 'America/New_York'],
    ['eastern time (us & canada)', 'America/New_York'],
    ['(GMT-05:00) Eastern Time (US & Canada)', 'America/New_York'],
    ['Pacific Time (US & Canada)', 'America/Los_Angeles'],
    ['Berlin', 'Europe/Berlin'],
    ['Greenland', 'America/Nuuk'],
    ['Kyiv', 'Europe/Kyiv'],
    ['Mumbai', 'Asia/Kolkata'],
    ['International Date Line West', 'Etc/GMT+12'],
  ])('knows %s by the name that Rails has for it', (given, sent) => {
    expect(parseField(time_zone, given)).toEqual(valid(sent));
  });

  test.each([
    ['Eastern Standard Time', 'America/New_York'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['india standard time', 'Asia/Kolkata'],
    ['FLE Standard Time', 'Europe/Kyiv'],
    ['Ｔｏｋｙｏ Standard Time', 'Asia/Tokyo'],
    ['UTC-11', 'Etc/GMT+11'],
  ])('knows %s by the name that Windows has for it', (given, sent) => {
    expect(parseField(time_zone, given)).toEqual(valid(sent));
  });

  test.each([
    ['Eastern Time (US and Canada)', 'America/New_York'],
    ['Nuku’alofa', 'Pacific/Tongatapu'],
  ])('knows %s, which is spelled differently in the list', (given, sent) => {
    expect(parseField(time_zone, given)).toEqual(valid(sent));
  });

  test('knows every name of Rails and of Windows', () => {
    const names = [
      ...rails.list(),
      ...windows.supplemental.windowsZones.mapTimezones.map(({ mapZone }) => mapZone._other),
    ];
    expect(names.length).toBeGreaterThan(500);
    expect(names.filter((name) => parseField(time_zone, name).value === undefined)).toEqual([]);
  });

  test.each([[1], [true], [['UTC']], [{ zone: 'UTC' }]])('rejects a value that is not text: %j', (given) => {
    expect(parseField(time_zone, given)).toEqual(invalid);
  });
});
