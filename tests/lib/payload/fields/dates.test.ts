import { date } from '../../../../lib/payload/fields/dates.ts';
import type { CleanValue } from '../../../../lib/payload/schema.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

type Present = Exclude<CleanValue, undefined>;

describe('date', () => {
  test.each<[Present, string]>([
    ['2026-05-01', '2026-05-01'],
    ['2026-05-01T10:00:00Z', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01T10:00:00+02:00', '2026-05-01T08:00:00.000Z'],
    ['2026-05-01T10:00:00:250+0200', '2026-05-01T08:00:00.250Z'],
    [1777629600, '2026-05-01T10:00:00.000Z'],
    ['1777629600000', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01T10:00:00', '2026-05-01T10:00:00'],
    ['2026-05-01 10:00:00', '2026-05-01T10:00:00'],
    ['2026-05-01 10:00:00.250', '2026-05-01T10:00:00'],
    ['05/31/2026', '2026-05-31'],
    ['05/06/2026', '2026-05-06'],
    [{ $time: '2026-05-01T10:00:00.000Z' }, '2026-05-01T10:00:00.000Z'],
    [{ $time: '2026-05-01' }, '2026-05-01'],
  ])('%j becomes %s', (given, sent) => {
    expect(parseField(date, given)).toEqual(valid(sent));
  });

  test.each<[Present]>([
    ['2026-02-30'],
    ['2026-02-30 10:00:00'],
    ['2026-05-01 25:00:00'],
    ['31/05/2026'],
    ['5/31/2026'],
    ['31.05.2026'],
    ['20260501'],
    ['May 1, 2026'],
    ['yesterday'],
    [-1],
    [true],
    [['2026-05-01']],
    [{}],
    [{ $time: 'yesterday' }],
    [{ time: '2026-05-01' }],
  ])('refuses %j', (given) => {
    expect(parseField(date, given)).toEqual(invalid);
  });
});
