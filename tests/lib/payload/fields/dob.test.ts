import fc from 'fast-check';
import { dob } from '../../../../lib/payload/fields/dob.ts';
import { invalid, LINEAR_MS, parseField, slowest, valid } from '../../../support/parse-field.ts';

const now = Date.parse('2026-05-01T10:00:00Z');

describe('dob', () => {
  test.each([
    ['1980-12-21', '1980-12-21'],
    ['1980-1-5', '1980-01-05'],
    ['19801221', '1980-12-21'],
    ['1980/12/21', '1980-12-21'],
    ['1980/1/5', '1980-01-05'],
    ['1980.12.21', '1980-12-21'],
    ['21 Dec 1980', '1980-12-21'],
    ['21-Dec-1980', '1980-12-21'],
    ['21/dec/1980', '1980-12-21'],
    ['21. December 1980', '1980-12-21'],
    ['21st December 1980', '1980-12-21'],
    ['21st of December, 1980', '1980-12-21'],
    ['1 may 1980', '1980-05-01'],
    ['2nd Feb 1980', '1980-02-02'],
    ['3rd MARCH 1980', '1980-03-03'],
    ['21Dec1980', '1980-12-21'],
    ['December 21, 1980', '1980-12-21'],
    ['DECEMBER 21 1980', '1980-12-21'],
    ['Dec 21st 1980', '1980-12-21'],
    ['Dec. 21st, 1980', '1980-12-21'],
    ['Sept 4, 1980', '1980-09-04'],
    ['Sep 4, 1980', '1980-09-04'],
    ['1980 Dec 21', '1980-12-21'],
    ['1980-Dec-21', '1980-12-21'],
    ['21.12.1980', '1980-12-21'],
    ['5.6.1980', '1980-06-05'],
    ['29 Feb 2000', '2000-02-29'],
    ['１９８０-12-21', '1980-12-21'],
    ['1980\u201012\u201021', '1980-12-21'],
    ['21 juill. 1980', '1980-07-21'],
    ['21 أغشت 1980', '1980-08-21'],
    ['2024-02-29', '2024-02-29'],
  ])('parses the unambiguous %s', (given, sent) => {
    expect(parseField(dob, given)).toEqual(valid(sent));
    expect(parseField(dob, given, { dateOrder: 'DMY' })).toEqual(valid(sent));
    expect(parseField(dob, given, { dateOrder: 'MDY' })).toEqual(valid(sent));
  });

  test.each([
    ['1980-12-21T23:30:00-05:00', '1980-12-21'],
    ['1980-12-21T23:30:00Z', '1980-12-21'],
    ['1980-12-21T00:00:00+14:00', '1980-12-21'],
    ['1980-12-21 00:00:00', '1980-12-21'],
    ['1980-12-21T00:00:00.000Z', '1980-12-21'],
    ['1980-12-21t10:00z', '1980-12-21'],
    ['19801221T100000+0100', '1980-12-21'],
  ])('takes the calendar day of %s as it was written', (given, sent) => {
    expect(parseField(dob, given)).toEqual(valid(sent));
  });

  test.each([
    ['12/21/1980', '1980-12-21'],
    ['21/12/1980', '1980-12-21'],
    ['12-21-1980', '1980-12-21'],
    ['21-12-1980', '1980-12-21'],
    ['29/02/2000', '2000-02-29'],
    ['2/29/2000', '2000-02-29'],
    ['05/05/1990', '1990-05-05'],
    ['5-5-1990', '1990-05-05'],
  ])('parses %s, which is a date in one order only, whatever the stage’s order', (given, sent) => {
    expect(parseField(dob, given)).toEqual(valid(sent));
    expect(parseField(dob, given, { dateOrder: 'DMY' })).toEqual(valid(sent));
    expect(parseField(dob, given, { dateOrder: 'MDY' })).toEqual(valid(sent));
  });

  test.each([
    'mar. 01/01/1985',
    'mar, 1/1/1985',
    'mar. 1 janvier 1985',
    'tiistaina 1. tammikuuta 1985',
    'tisdagen den 1 januari 1985',
    '1ste januari 1985',
    '1-go stycznia 1985',
    '1‐1‐1985',
    '1° gennaio 1985',
    '1.1.1985 10:30 Uhr',
    '1.1.1985 um 10.30 Uhr',
    '1-1-1985 om 10:30 uur',
    '1.1.1985 godz. 10:30',
    '1.1.1985 v 10:30 hod.',
    '1.1.1985 в 10 часов',
    '1.1.1985 saat 10:30',
    '1/1/1985 الساعة 10:30',
    '1/1/1985 10am',
    '1 Jan 1985 at 5 p.m.',
    '西暦1985年1月1日',
    '서기 1985년 1월 1일',
  ])('parses %s, with a weekday before or a time after it', (given) => {
    expect(parseField(dob, given)).toEqual(valid('1985-01-01'));
  });

  test.each(['mar. 1985', 'mar. 03/04/1980', '1/1/1985 25am', '1/1/1985 10 pounds', '1.1.1985 10.99 Uhr'])(
    'rejects %s, which has a doubtful word',
    (given) => {
      expect(parseField(dob, given)).toEqual(invalid);
    },
  );

  test.each([
    ['03/04/1980', '1980-04-03', '1980-03-04'],
    ['3-4-1980', '1980-04-03', '1980-03-04'],
    ['12/11/1980', '1980-11-12', '1980-12-11'],
  ])('parses %s by the order of the stage, and rejects it without one', (given, dayFirst, monthFirst) => {
    expect(parseField(dob, given, { dateOrder: 'DMY' })).toEqual(valid(dayFirst));
    expect(parseField(dob, given, { dateOrder: 'MDY' })).toEqual(valid(monthFirst));
    expect(parseField(dob, given)).toEqual(invalid);
  });

  test.each([
    '1980-02-30',
    '30 February 1980',
    '31.04.1980',
    '2023-02-29',
    '29 Feb 1900',
    '02/29/1981',
    '1980-13-01',
    '1980-00-10',
    '1980-10-00',
    '13/13/1980',
    '12.21.1980',
    '1980-02-30T10:00:00Z',
    '1980-12-21T24:00:00Z',
    '1980-12-21T10:60:00Z',
    '1980-12-21T10:00:60Z',
    '1980-12-21T10:00:00+24:00',
    '1980-12-21T10:00:00+01:60',
    '1980-12-21T10',
    '1980-12-21T',
    '1980-12-21Z',
    '1980-12-21T10:0000Z',
    '1980-1221T10:00Z',
  ])('rejects the impossible %s', (given) => {
    expect(parseField(dob, given, { dateOrder: 'DMY' })).toEqual(invalid);
  });

  test.each([
    '21 Dec 80',
    '12/21/80',
    '80-12-21',
    '801221',
    '21 Foo 1980',
    'Decem 21, 1980',
    '21 constructor 1980',
    'Dec 211980',
    '21 ---- Dec 1980',
    '1980',
    'Dec 1980',
    '12/1980',
    '1980/12-21',
    '12/21-1980',
    '12 21 1980',
    '+1980-12-21',
    '-1980-12-21',
    '1980-12-21 or so',
    'born 1980-12-21',
    '346204800',
    'yesterday',
  ])('rejects %s', (given) => {
    expect(parseField(dob, given, { dateOrder: 'DMY' })).toEqual(invalid);
  });

  test.each([[19801221], [true], [null], [['1980-12-21']], [{ $time: '1980-12-21' }]])(
    'rejects a value that is not text: %j',
    (given) => {
      expect(parseField(dob, given)).toEqual(invalid);
    },
  );

  test('rejects a day after today in UTC', () => {
    expect(parseField(dob, '2026-05-01', { now })).toEqual(valid('2026-05-01'));
    expect(parseField(dob, '2026-05-02', { now })).toEqual(invalid);
    expect(parseField(dob, '2026-05-02', { now: Date.parse('2026-05-02T00:00:00Z') })).toEqual(valid('2026-05-02'));
  });

  test('rejects a day before 1900', () => {
    expect(parseField(dob, '1900-01-01')).toEqual(valid('1900-01-01'));
    expect(parseField(dob, '1899-12-31')).toEqual(invalid);
    expect(parseField(dob, '0001-01-01')).toEqual(invalid);
  });

  test('does not throw, and returns only real days, whatever is typed', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^[0-9 ./T:Z+-]{0,30}$/),
      fc.stringMatching(/^\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}$/),
      fc.stringMatching(/^\d{1,2}(st|nd)? (Feb|June|Dec)[,.]? \d{4}$/),
    );
    fc.assert(
      fc.property(typed, fc.constantFrom('DMY', 'MDY', undefined), (given, dateOrder) => {
        const { value, invalid } = parseField(dob, given, { now, dateOrder });
        expect(invalid).toEqual(value === undefined ? ['field'] : []);
        if (value === undefined) return;
        expect(value).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(new Date(`${value}T00:00:00Z`).toISOString().slice(0, 10)).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });

  test('parses every spelling of a day as the same day', () => {
    const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date(now), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, day] = iso.split('-');
        const name = names[date.getUTCMonth()];
        const spellings = [iso, `${year}${month}${day}`, `${day}.${month}.${year}`, `${day} ${name} ${year}`];
        for (const spelling of [...spellings, `${name} ${day}, ${year}`, date.toISOString()]) {
          expect(parseField(dob, spelling, { now })).toEqual(valid(iso));
        }
        expect(parseField(dob, `${day}/${month}/${year}`, { now, dateOrder: 'DMY' })).toEqual(valid(iso));
        expect(parseField(dob, `${month}/${day}/${year}`, { now, dateOrder: 'MDY' })).toEqual(valid(iso));
      }),
    );
  });

  test('takes linear time', () => {
    expect(slowest((text) => parseField(dob, text))).toBeLessThan(LINEAR_MS);
  });
});
