import fc from 'fast-check';
import { date, isRealDay, parseDateTime, toDate, toDay, toTimestamp } from '../../../../lib/payload/fields/time.ts';
import type { CleanValue } from '../../../../lib/payload/schema.ts';
import { invalid, LINEAR_MS, parseField, slowest, valid } from '../../../support/parse-field.ts';

describe('isRealDay', () => {
  test.each([
    [2024, 2, 29, true],
    [2023, 2, 29, false],
    [1900, 2, 29, false],
    [2000, 2, 29, true],
    [2026, 4, 30, true],
    [2026, 4, 31, false],
    [2026, 12, 31, true],
    [2026, 0, 1, false],
    [2026, 13, 1, false],
    [2026, 1, 0, false],
    [0, 1, 1, false],
    [1, 1, 1, true],
    [3000, 12, 31, true],
    [3001, 1, 1, false],
    [Number.NaN, 1, 1, false],
    [2026, Number.NaN, 1, false],
    [2026, 1, Number.NaN, false],
  ])('%d-%d-%d: %s', (year, month, day, real) => {
    expect(isRealDay(year, month, day)).toBe(real);
  });

  test('agrees with JavaScript about every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 3000 }), fc.nat(14), fc.nat(40), (year, month, day) => {
        const date = new Date(Date.UTC(year, month - 1, day));
        const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        expect(isRealDay(year, month, day)).toBe(same);
      }),
    );
  });
});

describe('toDay', () => {
  test('writes a day in full', () => {
    expect(toDay(987, 6, 5)).toBe('0987-06-05');
    expect(toDay(2026, 2, 30)).toBeUndefined();
  });
});

describe('parseDateTime', () => {
  test.each([
    ['2026-05-01T10:00:00Z', { day: '2026-05-01', time: '10:00:00.000', zone: 'Z' }],
    ['2026-05-01 10:00:00.5+01', { day: '2026-05-01', time: '10:00:00.500', zone: '+01:00' }],
    ['2026-05-01T10:00:00:250-0530', { day: '2026-05-01', time: '10:00:00.250', zone: '-05:30' }],
    ['20260501t1000z', { day: '2026-05-01', time: '10:00:00.000', zone: 'Z' }],
    ['2026-05-01T10:00:00,123456', { day: '2026-05-01', time: '10:00:00.123', zone: undefined }],
  ])('splits %s', (given, parts) => {
    expect(parseDateTime(given)).toEqual(parts);
  });

  test.each(['2026-02-30T10:00:00Z', '2026-05-01', '2026-05-01T24:00:00Z', '2026-05-01T10:00:60Z', 'soon'])(
    'rejects a time that does not exist: %s',
    (given) => {
      expect(parseDateTime(given)).toBeUndefined();
    },
  );
});

describe('toTimestamp', () => {
  test.each<[CleanValue, string]>([
    ['2026-05-01T10:00:00Z', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01t10:00:00z', '2026-05-01T10:00:00.000Z'],
    ['2026\u201005\u201101T10:00:00\u221200:00', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01 10:00:00Z', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01T10:00Z', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01T10:00:00+01:00', '2026-05-01T09:00:00.000Z'],
    ['2026-05-01T10:00:00+0100', '2026-05-01T09:00:00.000Z'],
    ['2026-05-01T10:00:00+01', '2026-05-01T09:00:00.000Z'],
    ['2026-05-01T00:30:00+05:30', '2026-04-30T19:00:00.000Z'],
    ['2026-12-31T23:30:00-05:00', '2027-01-01T04:30:00.000Z'],
    ['2026-05-01T10:00:00.5Z', '2026-05-01T10:00:00.500Z'],
    ['2026-05-01T10:00:00.123999999999Z', '2026-05-01T10:00:00.123Z'],
    ['20260501T100000Z', '2026-05-01T10:00:00.000Z'],
    ['2019-02-15 00:00:00 -0500', '2019-02-15T05:00:00.000Z'],
    ['2026-05-01T10:00:00 Z', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01 10:00:00 UTC', '2026-05-01T10:00:00.000Z'],
    ['２０２６-05-01T10:00:00Z', '2026-05-01T10:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
    ['1969-07-20T20:17:40Z', '1969-07-20T20:17:40.000Z'],
    ['3000-12-31T23:59:59.999Z', '3000-12-31T23:59:59.999Z'],
  ])('converts %j with its zone', (given, moment) => {
    expect(toTimestamp(given)).toBe(moment);
  });

  test.each<[CleanValue, string]>([
    [0, '1970-01-01T00:00:00.000Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    [100_000_000, '1973-03-03T09:46:40.000Z'],
    [1777629600, '2026-05-01T10:00:00.000Z'],
    ['1777629600', '2026-05-01T10:00:00.000Z'],
    [1777629600.123, '2026-05-01T10:00:00.123Z'],
    ['1777629600.1239', '2026-05-01T10:00:00.123Z'],
    ['1777629600.5', '2026-05-01T10:00:00.500Z'],
    [1777629600123, '2026-05-01T10:00:00.123Z'],
    ['1777629600123', '2026-05-01T10:00:00.123Z'],
    [32535215999, '3000-12-31T23:59:59.000Z'],
    [100000000000, '1973-03-03T09:46:40.000Z'],
    [32535215999999, '3000-12-31T23:59:59.999Z'],
  ])('converts %j as seconds or milliseconds since 1970', (given, moment) => {
    expect(toTimestamp(given)).toBe(moment);
  });

  test.each<[CleanValue]>([
    ['2026-05-01T10:00:00'],
    ['2026-05-01 10:00:00'],
    ['2026-05-01'],
    ['2026-05-01Z'],
    ['2026-05-01T10Z'],
    ['2026-05-01T24:00:00Z'],
    ['2026-05-01T10:60:00Z'],
    ['2026-05-01T10:00:60Z'],
    ['2026-05-01T10:00:00+24:00'],
    ['2026-05-01T10:00:00+01:60'],
    ['2026-05-01T10:00:00+1'],
    ['2026-05-01T10:00:00.Z'],
    ['2026-02-30T10:00:00Z'],
    ['2025-02-29T10:00:00Z'],
    ['2026-13-01T10:00:00Z'],
    ['2026-00-01T10:00:00Z'],
    ['0000-01-01T00:00:00Z'],
    ['0001-01-01T00:00:00+01:00'],
    ['3001-01-01T00:00:00Z'],
    ['3000-12-31T23:30:00-01:00'],
    ['+002026-05-01T10:00:00Z'],
    ['Fri, 01 May 2026 10:00:00 GMT'],
    ['05/01/2026 10:00'],
    ['now'],
    [''],
  ])('rejects %j', (given) => {
    expect(toTimestamp(given)).toBeUndefined();
  });

  test.each<[CleanValue]>([
    [-1],
    ['-1777629600'],
    ['+1777629600'],
    [32535216000],
    [32535216000000],
    [99999999999],
    ['1e9'],
    ['2026'],
    [2026],
    ['202605'],
    ['05012026'],
    ['20261301'],
    [99_999_999],
    [1e21],
    [1e-7],
    [Number.NaN],
    ['1777629600.'],
    ['0x69f4'],
    [true],
    [null],
    [undefined],
    [[1777629600]],
    [{ $time: 1777629600 }],
  ])('rejects %j, which is not an epoch time', (given) => {
    expect(toTimestamp(given)).toBeUndefined();
  });

  test.each<[CleanValue]>([['20260501'], [20260501], ['19991231'], ['202605011000'], ['20260501100000']])(
    'rejects %j, which could be a day or an epoch time',
    (given) => {
      expect(toTimestamp(given)).toBeUndefined();
    },
  );

  test('converts digits as epoch time if they cannot be a date', () => {
    expect(toTimestamp('202605012500')).toBe('1976-06-02T23:10:12.500Z');
  });

  test('does not throw, and returns only ISO 8601 in UTC', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?$/),
      fc.stringMatching(/^\d{1,15}(\.\d{1,9})?$/),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const moment = toTimestamp(given as CleanValue);
        if (moment === undefined) return;
        expect(moment).toMatch(/^[0-3]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(new Date(moment).toISOString()).toBe(moment);
      }),
      { numRuns: 2_000 },
    );
  });

  test('parses every timestamp that it returns', () => {
    const moments = fc.date({ min: new Date('0001-01-01'), max: new Date('3000-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, (date) => {
        expect(toTimestamp(date.toISOString())).toBe(date.toISOString());
      }),
    );
  });

  test('takes linear time', () => {
    expect(slowest(toTimestamp)).toBeLessThan(LINEAR_MS);
    expect(toTimestamp(`2026-05-01T10:00:00.${'1'.repeat(100_000)}Z`)).toBe('2026-05-01T10:00:00.111Z');
  });
});

describe('toDate', () => {
  test.each(['2026-05-01', '2024-02-29', '0001-01-01'])('keeps %s', (given) => {
    expect(toDate(given)).toBe(given);
  });

  test.each<[CleanValue]>([
    ['2026-02-30'],
    ['2026-5-1'],
    ['20260501'],
    ['2026-05-01T10:00:00Z'],
    ['2026/05/01'],
    ['0000-01-01'],
    ['3001-01-01'],
    [''],
    [20260501],
    [null],
    [undefined],
    [['2026-05-01']],
  ])('rejects %j', (given) => {
    expect(toDate(given)).toBeUndefined();
  });
});

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
    ['31/05/2026', '2026-05-31'],
    ['31.05.2026', '2026-05-31'],
    ['20260501', '2026-05-01'],
    ['May 1, 2026', '2026-05-01'],
    ['1er mai 2026', '2026-05-01'],
    ['2026年5月1日', '2026-05-01'],
    [{ $time: '2026-05-01T10:00:00.000Z' }, '2026-05-01T10:00:00.000Z'],
    [{ $time: '2026-05-01' }, '2026-05-01'],
  ])('%j becomes %s', (given, sent) => {
    expect(parseField(date, given)).toEqual(valid(sent));
  });

  test.each<[Present]>([
    ['2026-02-30'],
    ['2026-02-30 10:00:00'],
    ['2026-05-01 25:00:00'],
    ['5/6/2026'],
    ['May 1, 2026 10:00'],
    ['mai 2026'],
    ['yesterday'],
    [-1],
    [true],
    [['2026-05-01']],
    [{}],
    [{ $time: 'yesterday' }],
    [{ time: '2026-05-01' }],
  ])('rejects %j', (given) => {
    expect(parseField(date, given)).toEqual(invalid);
  });
});
