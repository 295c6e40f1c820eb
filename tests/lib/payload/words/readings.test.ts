import fc from 'fast-check';
import { toBoolean } from '../../../../lib/payload/fields/boolean.ts';
import { country } from '../../../../lib/payload/fields/country.ts';
import { dob } from '../../../../lib/payload/fields/dob.ts';
import { gender } from '../../../../lib/payload/fields/gender.ts';
import { language } from '../../../../lib/payload/fields/language.ts';
import { toInteger, toNumber } from '../../../../lib/payload/fields/number.ts';
import { toLocale } from '../../../../lib/payload/words/languages.ts';
import { LINEAR_MS, parseField, reasonsFor, slowest, valid } from '../../../support/parse-field.ts';

describe('the language of the browser', () => {
  test('decides on a yes of one language that is a no of another', () => {
    expect(toBoolean('e, e')).toBeUndefined();
    expect(toBoolean('e, e', 'tr')).toBe(true);
    expect(toBoolean('e', 'tr-TR')).toBe(true);
    expect(toBoolean('e', 'fi')).toBe(false);
  });

  test('decides on a single letter, which otherwise counts in English only', () => {
    for (const letter of ['a', 'o', 's', 'k', 'h', 'j', 'd', 't', 'д', 'н', 'כ', 'ل', 'A.']) {
      expect(toBoolean(letter)).toBeUndefined();
    }
    expect([toBoolean('y'), toBoolean('N'), toBoolean('n', 'el')]).toEqual([true, false, false]);
    expect([toBoolean('o', 'fr-CA'), toBoolean('a', 'cs'), toBoolean('h', 'tr'), toBoolean('H', 'fr')]).toEqual([
      ...[true, true, false, undefined],
    ]);
    expect([toBoolean('是'), toBoolean('네'), toBoolean('否')]).toEqual([true, true, false]);
  });

  test('decides on a word that means different things in two languages', () => {
    expect(toBoolean('ναι', 'pl')).toBe(true);
    expect(toBoolean('no', 'pl')).toBe(false);
    expect(toBoolean('Ne', 'cs')).toBe(false);
  });

  test('decides on a country', () => {
    expect(reasonsFor(country, 'Kongo')).toEqual({ field: 'ambiguous_word' });
    expect(parseField(country, 'Kongo', { language: 'nb-NO' })).toEqual(valid('CD'));
    expect(parseField(country, 'Kongo', { language: 'pl' })).toEqual(valid('CG'));
    expect(reasonsFor(country, 'Congo')).toEqual({ field: 'ambiguous_word' });
    expect(parseField(country, 'Congo', { language: 'es' })).toEqual(valid('CG'));
    expect(reasonsFor(country, 'Congo', { language: 'en' })).toEqual({ field: 'ambiguous_word' });
  });

  test('decides on a letter for a gender, which otherwise has its English meaning', () => {
    expect(parseField(gender, 'N')).toEqual(valid('N'));
    expect(parseField(gender, 'N', { language: 'sv' })).toEqual(valid('N'));
    expect(parseField(gender, 'N', { language: 'fi' })).toEqual(valid('F'));
    expect(parseField(gender, 'm', { language: 'es' })).toEqual(valid('M'));
  });

  test('decides on a month: `listopad` is the tenth in Croatian, and the eleventh in Polish and Czech', () => {
    expect(parseField(dob, '11. listopada 1985')).toEqual(valid('1985-11-11'));
    expect(parseField(dob, '11. listopada 1985', { language: 'hr' })).toEqual(valid('1985-10-11'));
  });

  test.each([
    ['1,234', undefined, undefined],
    ['1,234', 'en-US', 1234],
    ['1,234', 'de-DE,de;q=0.9', 1.234],
    ['1,234', 'es-ES', 1.234],
    ['1,234', 'es-MX', 1234],
    ['1,234', 'de-CH', undefined],
    ['1.234', 'de', 1.234],
    ['€ 1.234', undefined, undefined],
    ['€ 1.234', 'de', 1234],
    ['€ 1.234', 'en', 1.234],
    ['-1,234', 'fr', -1.234],
    ['12,50', 'en', 12.5],
    ['1,234', 'no such language', undefined],
    ['1,234', 'xx', undefined],
    ['1,234', '', undefined],
  ])('decides on the number %s: for %j it is %j', (text, told, number) => {
    expect(toNumber(text, told)).toBe(number);
  });

  test('does not decide on whether the day or the month is first', () => {
    for (const told of ['en-US', 'en-GB', 'de', 'fr']) {
      expect(reasonsFor(dob, '03/04/1980', { language: told })).toEqual({ field: 'ambiguous_date' });
      expect(reasonsFor(dob, 'Mon 03/04/1980', { language: told })).toEqual({ field: 'ambiguous_date' });
      expect(parseField(dob, 'le 03/04/1980', { language: told, dateOrder: 'DMY' })).toEqual(valid('1980-04-03'));
    }
  });
});

describe('numbers', () => {
  test.each([
    ['12,50', 12.5],
    ['1.234,56', 1234.56],
    ['1,234.56', 1234.56],
    ['1 234,56', 1234.56],
    ['1\u202f234,56', 1234.56],
    ['1\u00a0234\u00a0567', 1234567],
    ["1'234.50", 1234.5],
    ['1’234.50', 1234.5],
    ['1.234.567', 1234567],
    ['12,34,567.50', 1234567.5],
    ['1,2345', 1.2345],
    ['1234,567', 1234.567],
    ['0,123', 0.123],
    ['-0,5', -0.5],
    [',5', 0.5],
    ['−5', -5],
    ['－５', -5],
    ['‎-5', -5],
    ['٣٫٥', 3.5],
    ['१२३', 123],
    ['1.234,567', 1234.567],
    ['€12.50', 12.5],
    ['12,50 €', 12.5],
    ['-€5', -5],
    ['€ -5', -5],
    ['US$ 1,234.50', 1234.5],
    ['R$ 12,50', 12.5],
    ['12,50 EUR', 12.5],
    ['chf 12.50', 12.5],
    ['100 kr.', 100],
    ['€ 1.234,-', 1234],
    ['100.– CHF', 100],
    ['12,50 zł', 12.5],
    ['250 Kč', 250],
    ['￥1000', 1000],
    ['₹1,23,456', 123456],
  ])('%s is %d', (text, number) => {
    expect(toNumber(text)).toBe(number);
  });

  test.each([
    '1,234',
    '1.234 €',
    '1,23,4',
    '1 2',
    '12 50',
    '1.2.3',
    '1,234,56',
    '1.234.56',
    '1,234.567,8',
    '1٫234٫567',
    '--5',
    '- -5',
    '-€-5',
    '5-',
    '5 %',
    '50%',
    '5 kg',
    '5K',
    '5 M',
    '12 L',
    'EURO 5',
    '5 Stück',
    '5 xyz',
    '€',
    '€€5',
    'two',
    '1e',
    '0x10',
    '1_000',
    '12:50',
    '½',
    '五',
    'constructor',
  ])('%s is not a number, or is ambiguous', (text) => {
    expect(toNumber(text)).toBeUndefined();
    expect(toInteger(text)).toBeUndefined();
  });

  test.each([
    ['1.234.567', 1234567],
    ['1 234', 1234],
    ['2.0', 2],
    ['2,0', 2],
    ['٣', 3],
  ])('%s is the integer %d', (text, integer) => {
    expect(toInteger(text)).toBe(integer);
  });
});

describe('yes and no', () => {
  test.each([
    'yes no',
    'yes/no',
    'not yes',
    'yes but no',
    'Yes?',
    'ja?',
    'maybe',
    'peut-être',
    'ja nein',
    'oui non',
    '是不是',
    '对不起',
    'はいいいえ',
    'non so',
    'no sé',
    'no idea',
    'yes 2',
    'please',
    'merci',
    'tak nie',
    '?!',
    '👍',
    'yes please please please please please please please please',
  ])('%s is neither', (text) => {
    expect(toBoolean(text)).toBeUndefined();
  });

  test.each([
    ['Nej tak', false],
    ['tak', true],
    ['Ja tak', true],
    ['¡Claro que no!', false],
    ['“Yes”', true],
    ['✅ Yes', true],
    ['<Ja>', true],
    ['ｙｅｓ', true],
    ['１', true],
    ['НЕТ!!!', false],
  ])('%s is %j', (text, meaning) => {
    expect(toBoolean(text)).toBe(meaning);
  });
});

describe('genders', () => {
  test.each([
    ['divers', 'O'],
    ['Autre', 'O'],
    ['no binario', 'O'],
    ['ノンバイナリー', 'O'],
    ['keine Angabe', 'P'],
    ['k. A.', 'P'],
    ['Je préfère ne pas répondre', 'P'],
    ['prefiero no decirlo', 'P'],
    ['回答しない', 'P'],
    ['不愿透露', 'P'],
    ['nicht zutreffend', 'N'],
    ['不适用', 'N'],
  ])('%s is %s', (text, letter) => {
    expect(parseField(gender, text)).toEqual(valid(letter));
  });

  test.each(['Mann?', 'homme ou femme', 'männlich/weiblich', 'unbekannt'])('%s is not a word for a gender', (text) => {
    expect(reasonsFor(gender, text)).toEqual({ field: 'not_a_gender' });
  });
});

describe('dates of birth', () => {
  test.each([
    ['1er janvier 1980', '1980-01-01'],
    ['le 1er janvier 1980', '1980-01-01'],
    ['1º de enero de 1980', '1980-01-01'],
    ['1:a januari 1980', '1980-01-01'],
    ['21. Dezember 1980.', '1980-12-21'],
    ['21.Dezember.1980', '1980-12-21'],
    ['Sunday, December 21, 1980', '1980-12-21'],
    ['Sun Dec 21 1980 00:00:00 GMT+0100 (Central European Standard Time)', '1980-12-21'],
    ['Sun, 21 Dec 1980 10:30:00 +0000', '1980-12-21'],
    ['12/21/1980 12:00:00 AM', '1980-12-21'],
    ['21.12.1980 00:00', '1980-12-21'],
    ['dim. 21/12/1980', '1980-12-21'],
    ['mar. 25 mars 1980', '1980-03-25'],
    ['martes 25 mar 1980', '1980-03-25'],
    ['mar mar 25 1980', '1980-03-25'],
    ['1980 dezember 21', '1980-12-21'],
    ['21–12–1980', '1980-12-21'],
    ['21 / 12 / 1980', '1980-12-21'],
    ['1980. 12. 21', '1980-12-21'],
    ['1. Jänner 1980', '1980-01-01'],
    ['3 Maerz 1980', '1980-03-03'],
    ['3. Mrz 1980', '1980-03-03'],
    ['l’8 marzo 1980', '1980-03-08'],
    ['dnia 25 grudnia 1985 roku', '1985-12-25'],
    ['ב-25 בדצמבר 1985', '1985-12-25'],
    ['op 25 december 1985', '1985-12-25'],
    ['в субботу 21 дек. 1985 года', undefined],
    ['2 OCAK 1980', '1980-01-02'],
    ['2 ŞUBAT 1980', '1980-02-02'],
    ['২১ ডিসেম্বর 1980', undefined],
  ])('%s is %s', (text, date) => {
    expect(parseField(dob, text).value).toBe(date);
  });

  test.each([
    '30 février 1980',
    '21 décembre 80',
    'décembre 1980',
    '21 décembre',
    '21 1980 décembre',
    'décembre janvier 21 1980',
    'Dezember 1980 21',
    'foo 21 décembre 1980',
    '21 décembre 1980 25:00',
    '21 décembre 1980 10:61',
    '21 décembre 1980 10:30 ou plus',
    '昭和55年12月21日',
    '民國69年12月21日',
    '1359/10/30',
    '21 Dec 1980 or 1981',
    'a b c d e f g h i 21 Dec 1980',
  ])('%s is not a date', (text) => {
    expect(parseField(dob, text).value).toBeUndefined();
  });
});

describe('languages', () => {
  test.each([
    ['portugais brésilien', 'pt'],
    ['chinois simplifié', 'zh'],
    ['norwegisch', 'no'],
    ['Norwegisch (Bokmål)', 'nb'],
    ['niederlaendisch', 'nl'],
    ['フランス語', 'fr'],
    ['французский', 'fr'],
  ])('%s is %s', (text, code) => {
    expect(parseField(language, text)).toEqual(valid(code));
  });
});

test.each([
  ['fr-CA', 'fr-CA'],
  ['fr_CA.UTF-8', 'fr-CA'],
  ['FR-ca,fr;q=0.9', 'fr-CA'],
  ['ar-EG-u-ca-islamic-nu-arab', 'ar-EG'],
  ['zh_Hant_TW', 'zh-Hant-TW'],
  ['tlh', undefined],
  ['French!', undefined],
  ['', undefined],
  [undefined, undefined],
])('the locale of %j is %j', (told, locale) => {
  expect(toLocale(told)).toBe(locale);
});

test('nothing throws, whatever language a browser claims and whatever is typed', () => {
  const told = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[a-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$/),
    fc.constant(undefined),
  );
  const typed = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^(\d{1,4}|[ .,:/-]|[a-zé年月日]{1,9}){1,9}$/),
  );
  fc.assert(
    fc.property(typed, told, (text, claimed) => {
      const options = { language: claimed };
      for (const field of [country, dob, gender, language]) parseField(field, text, options);
      const number = toNumber(text, claimed);
      expect(number === undefined || Number.isFinite(number)).toBe(true);
      expect([true, false, undefined]).toContain(toBoolean(text, claimed));
    }),
    { numRuns: 2_000 },
  );
});

test('hostile text takes linear time in every language', () => {
  for (const told of [undefined, 'de', 'zh']) {
    expect(slowest((text) => toNumber(text, told))).toBeLessThan(LINEAR_MS);
    expect(slowest((text) => toBoolean(text, told))).toBeLessThan(LINEAR_MS);
    expect(slowest((text) => parseField(dob, text.slice(0, 100), { language: told }))).toBeLessThan(LINEAR_MS);
  }
});
