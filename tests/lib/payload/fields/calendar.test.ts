import fc from 'fast-check';
import { isRealDay, readDateTime, toDay } from '../../../../lib/payload/fields/calendar.ts';

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

describe('readDateTime', () => {
  test.each([
    ['2026-05-01T10:00:00Z', { day: '2026-05-01', time: '10:00:00.000', zone: 'Z' }],
    ['2026-05-01 10:00:00.5+01', { day: '2026-05-01', time: '10:00:00.500', zone: '+01:00' }],
    ['2026-05-01T10:00:00:250-0530', { day: '2026-05-01', time: '10:00:00.250', zone: '-05:30' }],
    ['20260501t1000z', { day: '2026-05-01', time: '10:00:00.000', zone: 'Z' }],
    ['2026-05-01T10:00:00,123456', { day: '2026-05-01', time: '10:00:00.123', zone: undefined }],
  ])('takes %s apart', (given, parts) => {
    expect(readDateTime(given)).toEqual(parts);
  });

  test.each(['2026-02-30T10:00:00Z', '2026-05-01', '2026-05-01T24:00:00Z', '2026-05-01T10:00:60Z', 'soon'])(
    'knows no such moment: %s',
    (given) => {
      expect(readDateTime(given)).toBeUndefined();
    },
  );
});
