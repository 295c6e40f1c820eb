import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import { toBoolean } from '../../../../lib/payload/fields/boolean.ts';
import { country } from '../../../../lib/payload/fields/country.ts';
import { dob } from '../../../../lib/payload/fields/dob.ts';
import { language } from '../../../../lib/payload/fields/language.ts';
import { toNumber } from '../../../../lib/payload/fields/number.ts';
import { LANGUAGES } from '../../../../lib/payload/words/languages.ts';
import { parseField, reasonsFor, valid } from '../../../support/parse-field.ts';

const COUNTRIES = codes.flatMap(([code]) => (code === undefined || code === 'XK' ? [] : [code]));
const TONGUES =
  'ar cs da de el en es et fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sv th tr uk vi zh'.split(' ');

const withoutAccents = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
const listSpellings = (name: string): readonly string[] => [
  name,
  name.toUpperCase(),
  name.toLowerCase(),
  ` ${name.replaceAll(' ', '\u00a0')}\u200f`,
  withoutAccents(name),
];

/** Of the names that CLDR has for these codes, those that are read as another one or not at all. */
const misread = (type: 'region' | 'language', known: readonly string[], told: boolean): readonly string[] =>
  LANGUAGES.flatMap((tag) => {
    const field = type === 'region' ? country : language;
    const names = new Intl.DisplayNames([tag], { type, fallback: 'none' });
    return known.flatMap((code) =>
      listSpellings(`${names.of(code)}`).flatMap((name) => {
        const { value } = parseField(field, name, told ? { language: tag } : {});
        const isDoubtful = !told && Object.values(reasonsFor(field, name)).includes('ambiguous_word');
        return value === code || isDoubtful ? [] : [`${tag}: ${name} is ${code}, not ${value}`];
      }),
    );
  });

describe.each([
  ['told', true],
  ['not told', false],
])('in every language, when the field is %s which', (_, told) => {
  test('every name of a country is recognised, or is ambiguous', () => {
    expect(misread('region', COUNTRIES, told)).toEqual([]);
  });

  test('every name of a language is recognised, or is ambiguous', () => {
    expect(misread('language', TONGUES, told)).toEqual([]);
  });
});

test('the only ambiguous names are those of the two Congos', () => {
  const doubtful = LANGUAGES.flatMap((tag) => {
    const names = new Intl.DisplayNames([tag], { type: 'region' });
    return COUNTRIES.map((code) => `${names.of(code)}`).filter(
      (name) => reasonsFor(country, name).field === 'ambiguous_word',
    );
  });
  expect([...new Set(doubtful)].toSorted()).toEqual(['Congo', 'Kongo']);
});

const STYLES: readonly Intl.DateTimeFormatOptions[] = [
  ...(['full', 'long', 'medium'] as const).flatMap((dateStyle) => [
    { dateStyle },
    { dateStyle, timeStyle: 'short' as const },
    { dateStyle, timeStyle: 'medium' as const },
  ]),
  { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  { day: 'numeric', month: 'long', year: 'numeric' },
];

const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2026-04-30'), noInvalidDate: true });

test.each([...LANGUAGES, 'ar-LB', 'ar-MA', 'ar-DZ', 'de-AT', 'es-PE'])(
  'a date is parsed as Intl writes it in %s, with weekday, month name and time',
  (tag) => {
    const formats = STYLES.map((style) => {
      const options = { ...style, timeZone: 'UTC', calendar: 'gregory' };
      return new Intl.DateTimeFormat(tag, options);
    });
    fc.assert(
      fc.property(day, fc.constantFrom(...formats), fc.constantFrom(undefined, tag), (date, format, told) => {
        const text = format.format(date);
        // A day that could be the month stays invalid, whatever the language.
        if (reasonsFor(dob, text).field === 'ambiguous_date') return;
        expect([text, parseField(dob, text, { language: told })]).toEqual([
          text,
          valid(date.toISOString().slice(0, 10)),
        ]);
      }),
      { numRuns: 200 },
    );
  },
);

test.each(['hr', 'hu', 'ro', 'bg', 'sr', 'sk', 'sl', 'lt', 'et', 'id', 'ca', 'hi'])(
  'the month names of %s are known if it is the browser’s language',
  (tag) => {
    const format = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC', calendar: 'gregory' });
    for (let month = 0; month < 12; month += 1) {
      const date = new Date(Date.UTC(1985, month, 25));
      const text = format.format(date);
      expect([text, parseField(dob, text, { language: tag })]).toEqual([text, valid(date.toISOString().slice(0, 10))]);
    }
  },
);

const readYesAndNo = (tag: string): readonly (readonly [string, boolean])[] => {
  const file = readFileSync(`node_modules/cldr-misc-full/main/${tag}/posix.json`, 'utf8');
  const messages = Object.values<{ posix: { messages: { yesstr: string; nostr: string } } }>(JSON.parse(file).main)[0]
    ?.posix.messages;
  const words = (text = '') => text.split(':');
  return [
    ...words(messages?.yesstr).map((word) => [word, true] as const),
    ...words(messages?.nostr).map((word) => [word, false] as const),
  ];
};

test.each(LANGUAGES.filter((tag) => !tag.includes('-')))('yes and no are what CLDR calls them in %s', (tag) => {
  const words = readYesAndNo(tag);
  expect(words.length).toBeGreaterThan(1);
  for (const [word, meaning] of words) expect([word, toBoolean(word, tag)]).toEqual([word, meaning]);
});

test('a number that Intl writes in any language is parsed, if the language is known', () => {
  const amount = fc.integer({ min: -10_000_000_00, max: 10_000_000_00 }).map((cents) => cents / 100);
  fc.assert(
    fc.property(amount, fc.constantFrom(...LANGUAGES, 'de-CH', 'hi', 'ar-EG', 'fa', 'en-IN'), (number, tag) => {
      const options = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
      expect(toNumber(new Intl.NumberFormat(tag, options).format(number), tag)).toBeCloseTo(number, 5);
      expect(toNumber(new Intl.NumberFormat(tag, options).format(number))).toBeCloseTo(number, 5);
      const money = new Intl.NumberFormat(tag, { style: 'currency', currency: 'EUR' });
      expect(toNumber(money.format(number), tag)).toBeCloseTo(number, 5);
    }),
    { numRuns: 1_000 },
  );
});

test.each(
  Intl.supportedValuesOf('numberingSystem').filter(
    (system) => !/^(?:hanidec|.*(?:roman|geor|grek|armn|ethi|hebr|taml$|cyrl|jpan|hans|hant).*)$/.test(system),
  ),
)('the digits of %s are digits', (numberingSystem) => {
  const written = new Intl.NumberFormat('en', { numberingSystem, useGrouping: false }).format(1_234_567_890);
  expect(toNumber(written)).toBe(1_234_567_890);
});
