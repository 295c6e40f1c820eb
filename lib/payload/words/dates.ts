import { createLazyExpression } from '../lazy-expression.ts';
import { LANGUAGES, toLocale } from './languages.ts';
import { createLexicon, memoize } from './lexicon.ts';
import { splitIntoKeys, toWordKey } from './word-key.ts';

/** A day as it was written; whether it exists is not checked. */
export interface WrittenDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The words of dates in a language. */
interface Vocabulary {
  readonly findMonth: (key: string) => number | undefined;
  /** Weekdays, and words such as `de` or `at`. */
  readonly isFiller: (key: string) => boolean;
}

const ENGLISH_MONTHS: ReadonlyMap<string, number> = new Map([
  ...'january february march april may june july august september october november december'
    .split(' ')
    .flatMap((name, index) => [[name, index + 1] as const, [name.slice(0, 3), index + 1] as const]),
  ['sept', 9],
]);
const ENGLISH_FILLERS: ReadonlySet<string> = new Set([
  ...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].flatMap((name) => [
    name,
    name.slice(0, 3),
  ]),
  ...'tues wednes weds thur thurs st nd rd th of the on at in am pm a p m'.split(' '),
]);
/** Without `Intl`, so that most payloads need not load its data. */
const ENGLISH: Vocabulary = {
  findMonth: (key) => ENGLISH_MONTHS.get(key),
  isFiller: (key) => ENGLISH_FILLERS.has(key),
};

/** Variants of the languages in which months have names of their own. */
const MONTH_LOCALES: readonly string[] = ['de-AT', 'es-PE', 'fr-CA', 'ar-LB', 'ar-DZ', 'ar-MA', 'ar-MR', 'ar-TN'];

/** Ordinals and articles that CLDR's formats do not have: `1er`, `le`, `1:a`, `25-го`. */
const ORDINALS_AND_ARTICLES =
  'er re ere ro e eme o a ste go го е й ое ого η ης ος te le la il l el del den der d am op het na dia día день числа года год р року г рік dnia roku r dne του ה ב يوم päivänä vuonna 西暦 公元 西元 서기'.split(
    ' ',
  );
/** `onsdagen den 25 december`: Swedish and Norwegian write the weekday with its article. */
const DEFINITE_WEEKDAYS =
  'måndagen mandagen tisdagen tirsdagen onsdagen torsdagen fredagen lördagen lørdagen söndagen søndagen';
/** Units of a time of day that CLDR's formats do not have: `10:30 Uhr`. */
const UNITS_OF_TIME = 'uhr um uur om uu las hora horas hs hrs godz godzina hod час часа часов ч годин ώρα saat الساعة';

const GREGORIAN = { calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' } as const;
const MONTHS = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2001, month, 25)));
/** Hours of every period of the day, of which Chinese has six. */
const HOURS = [0, 5, 9, 12, 15, 19, 23];
const WEEK = HOURS.map((hour, index) => new Date(Date.UTC(2001, 0, 1 + index, hour)));

/** The names of months alone, in a date and before a year, because many languages inflect them. */
const listMonths = (locale: string): readonly (readonly [string, number])[] =>
  (['long', 'short'] as const).flatMap((month) =>
    [{}, { day: 'numeric' }, { year: 'numeric' }, { day: 'numeric', year: 'numeric' }].flatMap((rest) => {
      const format = new Intl.DateTimeFormat(locale, { ...GREGORIAN, month, ...(rest as Intl.DateTimeFormatOptions) });
      return MONTHS.flatMap((date, index) => {
        const parts = format.formatToParts(date);
        const at = parts.findIndex(({ type }) => type === 'month');
        const name = `${parts[at]?.value}`;
        // `12月` is a number, not a word.
        if (/^\d/.test(name)) return [];
        // Hebrew writes "in" and the month as one word.
        const [prefix = ''] = /\p{L}+$/u.exec(parts[at - 1]?.value ?? '') ?? [];
        return [[name, index + 1] as const, [`${prefix}${name}`, index + 1] as const];
      });
    }),
  );

/** Abbreviations that are in use, but no longer in CLDR. */
const OLD_ABBREVIATIONS = [
  ['Mrz', 3],
  ['фев', 2],
  ['сен', 9],
  ['ноя', 11],
] as const;

const months = createLexicon(listMonths, () => [...OLD_ABBREVIATIONS, ...MONTH_LOCALES.flatMap(listMonths)]);

/** Weekdays, periods of the day and the words between the parts of a date and a time. */
const listFillers = (locale: string): readonly string[] =>
  [
    ...(['full', 'long', 'medium'] as const).map((dateStyle) => ({ dateStyle, timeStyle: 'short' }) as const),
    { weekday: 'short', day: 'numeric', hour: 'numeric', hour12: true } as const,
    // Finnish inflects the weekday here.
    { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const,
  ].flatMap((style) => {
    const format = new Intl.DateTimeFormat(locale, { ...GREGORIAN, ...style });
    return WEEK.flatMap((date) =>
      format.formatToParts(date).flatMap(({ type, value }) => {
        if (type === 'weekday' || type === 'dayPeriod') return [toWordKey(value), ...splitIntoKeys(value)];
        return type === 'literal' ? splitIntoKeys(value) : [];
      }),
    );
  });

const findFillers = memoize((locale: string): ReadonlySet<string> => new Set(listFillers(locale)));

let commonFillers: ReadonlySet<string> | undefined;

const toVocabulary = (language: string | undefined): Vocabulary => {
  const locale = toLocale(language);
  const own = locale === undefined ? undefined : findFillers(locale);
  return {
    findMonth: (key) => {
      const month = months.find(key, language);
      return typeof month === 'number' ? month : undefined;
    },
    isFiller: (key) => {
      commonFillers ??= new Set([
        ...[...ORDINALS_AND_ARTICLES, ...DEFINITE_WEEKDAYS.split(' '), ...UNITS_OF_TIME.split(' ')].map(toWordKey),
        ...LANGUAGES.flatMap(listFillers),
      ]);
      return own?.has(key) === true || commonFillers.has(key);
    },
  };
};

const MAX_CHARACTERS = 100;
const MAX_WORDS = 8;
/** `كانون الأول` is one month of two words. */
const MAX_WORDS_IN_NAME = 3;

/** The months in a run of words. A doubtful word is a month or, in another language, a weekday, such as `mar.`. */
interface NamedMonths {
  readonly named: readonly number[];
  readonly doubtful: readonly number[];
}

/** Signs that no date has, or more than three of them between words. */
const notInDates = createLazyExpression(String.raw`[^\p{L}\p{M}\s.,;/()،、'’׳॰-]|[^\p{L}\p{M}]{4}`, 'u');

/** Finds the months in a run of words; `undefined` if one of the words does not belong to a date. */
const findMonths = (run: string, vocabulary: Vocabulary): NamedMonths | undefined => {
  if (notInDates().test(run)) return undefined;
  const words = splitIntoKeys(run);
  if (words.length > MAX_WORDS) return undefined;
  const named: number[] = [];
  const doubtful: number[] = [];
  for (let start = 0; start < words.length; ) {
    let length = MAX_WORDS_IN_NAME + 1;
    let month: number | undefined;
    let isFiller = false;
    do {
      length -= 1;
      const key = words.slice(start, start + length).join('');
      month = vocabulary.findMonth(key);
      isFiller = vocabulary.isFiller(key);
    } while (length > 1 && month === undefined && !isFiller);
    if (month === undefined && !isFiller) return undefined;
    if (month !== undefined) (isFiller ? doubtful : named).push(month);
    start += length;
  }
  return { named, doubtful };
};

/** The months of a run of words. A doubtful word counts only if there is no other. */
const chooseMonths = (run: string, vocabulary: Vocabulary): readonly number[] | undefined => {
  const { named, doubtful } = findMonths(run, vocabulary) ?? {};
  return named === undefined || named.length > 0 ? named : doubtful?.slice(-1);
};

/** Whether a run of words has only words of a date, and no certain month. */
const namesNoMonth = (run: string, vocabulary: Vocabulary): boolean => findMonths(run, vocabulary)?.named.length === 0;

const isYear = (digits: string): boolean => digits.length === 4;
const isDay = (digits: string): boolean => digits.length <= 2;

/** Parses two numbers and the name of a month: `25 de diciembre de 1985`, `December 25, 1985`, `1985 Dec 25`. */
const withNamedMonth = (
  [before = '', first = '', between = '', second = '', after = '']: readonly string[],
  vocabulary: Vocabulary,
): WrittenDate | undefined => {
  const leading = chooseMonths(before, vocabulary);
  const inner = chooseMonths(between, vocabulary);
  const trailing = chooseMonths(after, vocabulary);
  if (leading === undefined || inner === undefined || trailing === undefined) return undefined;
  const isDayFirst = isDay(first) && isYear(second);
  const [month, ...others] = inner.length > 0 ? inner : isDayFirst ? leading : [];
  if (month === undefined || others.length > 0) return undefined;
  if (isDayFirst) return { year: Number(second), month, day: Number(first) };
  return isYear(first) && isDay(second) ? { year: Number(first), month, day: Number(second) } : undefined;
};

/** The date and the words around it: what is in numbers only, and what names a month. */
export interface SplitDate {
  /** Whether a time of day follows the date. */
  readonly hasTime: boolean;
  /** A date in numbers: `25.12.1985`. */
  readonly numeric?: string;
  readonly named?: WrittenDate;
}

// With a colon or a unit of time. With dots (Danish, Finnish) only after a word or a comma.
const clock = createLazyExpression(
  String.raw`(?<!\d)\d{1,2} ?(?::(?=\d)|[h时時点點시](?!\p{L})|(?=(?:[ap]\.?m|uhr|uur|horas|час(?:а|ов)?)(?!\p{L})))|(?<![\d.])\d{1,2}\.\d\d(?= ?u[hu]r(?!\p{L}))|(?<=[\p{L},]\.? ?)\d{1,2}\.\d\d(?:\.\d\d)?(?!\.?\d)`,
  'iu',
);
const timeOfDay = createLazyExpression(
  String.raw`^(?:[01]?\d|2[0-3]) ?(?:[:.][0-5]\d(?:[:.][0-5]\d(?:[.,:]\d{1,9})?)?|h ?(?:[0-5]\d(?: ?min(?: ?[0-5]\d ?s)?)?)?|[时時点點시] ?(?:[0-5]?\d ?[分분](?: ?[0-5]?\d ?[秒초])?)?|(?=\p{L}))(?<rest>(?!\d).*)$`,
  'iu',
);
const zone = createLazyExpression(
  String.raw`(?:\s?Z|\s[A-Z]{3,5})?\s?(?:[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?\s?(?:\([\p{L}\s]*\))?$`,
  'u',
);

/** Removes a time of day at the end; `undefined` if there is no such time. */
const withoutTime = (text: string, vocabulary: Vocabulary): string | undefined => {
  const at = text.search(clock());
  if (at < 0) return text;
  const rest = timeOfDay().exec(text.slice(at))?.groups?.rest;
  if (rest === undefined || !namesNoMonth(rest.replace(zone(), ''), vocabulary)) return undefined;
  return text.slice(0, at).replace(/(?<=\d)T$/i, '');
};

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d) ?[年년] ?/gu, '-'],
  [/(?<=\d) ?[月월] ?/gu, '-'],
  [/(?<=\d) ?[日일号號]/gu, ' '],
  [/[‐-―−]/gu, '-'],
  // Italian writes `1° gennaio`.
  [/(?<=\d) ?°/gu, ' '],
  // Swedish writes `1:a januari`, Finnish and Hungarian dates may end in a dot.
  [/(?<=\d):(?=\p{L})/gu, ' '],
];

const splitWith = (text: string, vocabulary: Vocabulary): SplitDate | undefined => {
  const date = withoutTime(text, vocabulary);
  if (date === undefined) return undefined;
  const hasTime = date !== text;
  const parts = date.split(/(\d+)/);
  if (parts.length === 5) {
    const named = withNamedMonth(parts, vocabulary);
    return named === undefined ? undefined : { hasTime, named };
  }
  const [before, after] = [`${parts[0]}`, `${parts.at(-1)}`];
  if ((parts.length !== 7 && parts.length !== 3) || /[-/]$/.test(before) || /^[-/]/.test(after)) return undefined;
  if (!namesNoMonth(before, vocabulary) || !namesNoMonth(after, vocabulary)) return undefined;
  return {
    hasTime,
    numeric: parts
      .slice(1, -1)
      .join('')
      .replace(/ ?([./-]) ?/g, '$1'),
  };
};

/**
 * Splits a date with words (weekday, month, time of day) in English, or else in any of the languages. `language` decides
 * if a word has two meanings.
 */
export const splitDate = (text: string, language?: string): SplitDate | undefined => {
  if (text.length > MAX_CHARACTERS) return undefined;
  const plain = UNITS.reduce((rest, [unit, sign]) => rest.replace(unit, sign), text).trim();
  return splitWith(plain, ENGLISH) ?? (/\p{L}/u.test(plain) ? splitWith(plain, toVocabulary(language)) : undefined);
};
