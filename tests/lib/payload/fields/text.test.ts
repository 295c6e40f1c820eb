import { isTooLong, lastName, line, longText, personalName, shortText } from '../../../../lib/payload/fields/text.ts';
import { absent, invalid, parseField, reasonsFor, valid } from '../../../support/parse-field.ts';

const EMOJI = '👩'.repeat(255);

test('counts characters as Braze does, not UTF-16 units', () => {
  expect(isTooLong('x'.repeat(255))).toBe(false);
  expect(isTooLong('x'.repeat(256))).toBe(true);
  expect(isTooLong(EMOJI)).toBe(false);
  expect(isTooLong(`${EMOJI}x`)).toBe(true);
  expect(isTooLong('👩'.repeat(256))).toBe(true);
});

describe('short text', () => {
  test.each([
    ['a  b', 'a  b'],
    [42, '42'],
    [-7, '-7'],
  ])('accepts text as it is, and an integer as text: %j', (given, sent) => {
    expect(parseField(shortText, given)).toEqual(valid(sent));
  });

  test.each([[1.5], [1e21], [true], [['a']], [{ a: 1 }], ['a'.repeat(256)]])('rejects %j', (given) => {
    expect(parseField(shortText, given)).toEqual(invalid);
  });
});

describe('a line of text', () => {
  test.each([
    ['Ada', 'Ada'],
    ['Ada  Augusta', 'Ada Augusta'],
    ['Ada\u00a0\u2003\u3000Augusta', 'Ada Augusta'],
    ['New \u0085\u2800\u3164 York', 'New York'],
    ['02139', '02139'],
    [2139, '2139'],
    ['O’Brien-Smith', 'O’Brien-Smith'],
    ['👩\u200d🚀', '👩\u200d🚀'],
  ])('collapses inner blanks: %j', (given, sent) => {
    expect(parseField(line, given)).toEqual(valid(sent));
  });

  test('counts characters, not bytes or UTF-16 units, after collapsing', () => {
    expect(parseField(line, 'é'.repeat(255))).toEqual(valid('é'.repeat(255)));
    expect(parseField(line, '😀'.repeat(255))).toEqual(valid('😀'.repeat(255)));
    expect(parseField(line, `a${' '.repeat(300)}b`)).toEqual(valid('a b'));
    expect(parseField(line, 'a'.repeat(256))).toEqual(invalid);
    expect(parseField(line, '😀'.repeat(256))).toEqual(invalid);
  });
});

describe('the name of a person or a city', () => {
  test.each(['Ada', 'O’Brien-Smith', 'Ann <3', 'Visitor', 'St. John', 'Ann & Bob', 'a < b', 'www', 'Bad: Homburg'])(
    'is sent as it is: %s',
    (given) => {
      expect(parseField(personalName, given)).toEqual(valid(given));
    },
  );

  test.each([
    ['<b>Ann</b>'],
    ['Ann <script>'],
    ['Ann <img src=x onerror=alert(1)'],
    ['</a>'],
    ['<!-- Ann -->'],
    ['< b >'],
    ['https://evil.example'],
    ['claim it at http://evil.example now'],
    ['WWW.evil.example'],
    ['＜b＞Ann'],
    ['ｗｗｗ．evil.example'],
  ])('is invalid with markup or a web address: %s', (given) => {
    expect(reasonsFor(personalName, given)).toEqual({ field: 'markup' });
  });

  test.each([[5], [true], [['Ada']], [{ name: 'Ada' }], ['a'.repeat(256)]])('rejects %j', (given) => {
    expect(parseField(personalName, given)).toEqual(invalid);
  });
});

describe('a surname', () => {
  test('is absent if it is Pypestream’s name for an unknown person', () => {
    expect(parseField(lastName, 'Visitor')).toEqual(absent);
  });

  test.each(['visitor', 'Visitor Smith', 'Visitors', 'Null', 'Lovelace'])('keeps %s', (given) => {
    expect(parseField(lastName, given)).toEqual(valid(given));
  });

  test('is invalid like any other name', () => {
    expect(parseField(lastName, 'a'.repeat(256))).toEqual(invalid);
    expect(parseField(lastName, 5)).toEqual(invalid);
    expect(parseField(lastName, '<b>')).toEqual(invalid);
  });
});

describe('longText', () => {
  test('keeps text as it is, up to 10,000 characters', () => {
    expect(parseField(longText, 'Two  blanks\nstay')).toEqual(valid('Two  blanks\nstay'));
    expect(parseField(longText, '😀'.repeat(10_000))).toEqual(valid('😀'.repeat(10_000)));
    expect(parseField(longText, 'a'.repeat(10_001))).toEqual(invalid);
    expect(parseField(longText, 5)).toEqual(invalid);
  });
});
