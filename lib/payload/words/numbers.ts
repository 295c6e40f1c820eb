import { createLazyExpression } from '../lazy-expression.ts';
import { toLocale } from './languages.ts';
import { memoize } from './lexicon.ts';

interface Marks {
  readonly decimal: string;
  readonly group: string;
}

const findMark = (parts: readonly Intl.NumberFormatPart[], type: 'decimal' | 'group' | 'currency'): string =>
  `${parts.find((part) => part.type === type)?.value}`;

const findMarks = memoize((locale: string): Marks => {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1_234_567.5);
  return { decimal: findMark(parts, 'decimal'), group: findMark(parts, 'group') };
});

/** Signs that mean the same. The decimal and grouping signs of Arabic are kept. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[‐-―−]/gu, '-'],
  [/[’ʼ]/gu, "'"],
  [/،/gu, ','],
  // A price without cents: `12,-`.
  [/(?<=\d)([.,])-+/gu, '$100'],
];

/** A number with an optional sign, and an optional code or sign of a currency before and after it. */
const AMOUNT =
  /^(?<sign>[+-]?)\s?(?<before>[^\d\s.,'٫٬+-][^\d+-]{0,6}?)?\s?(?<inner>[+-]?)\s?(?<number>\d[\d.,'٫٬\s]*\d|\d|[.,٫]\d+)\s?(?<after>[^\d\s,'٫٬+-][^\d+-]{0,6})?$/u;

const notInSigns = createLazyExpression(String.raw`[\s.\p{Cf}]`, 'gu');
const toSign = (text: string): string => text.replace(notInSigns(), '');

/** The code and the signs of a currency in a language: `USD`, `US$`, `$`. */
const listSigns = (locale: string, currency: string): readonly string[] =>
  (['code', 'symbol', 'narrowSymbol'] as const).map((currencyDisplay) => {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay });
    return toSign(findMark(format.formatToParts(0), 'currency'));
  });

/** The signs of money that CLDR has in a language (`kr`, `zł`, `R$`). One letter alone may be a unit of something else. */
const findSigns = memoize(
  (locale: string): ReadonlySet<string> =>
    new Set(
      Intl.supportedValuesOf('currency')
        .flatMap((currency) => listSigns(locale, currency))
        .filter((sign) => !/^[A-Za-z]$/.test(sign)),
    ),
);

/** English has the signs in Latin letters. */
const SIGN_LOCALES = ['en', 'ar', 'zh'];

const listSignLocales = (locale: string | undefined): readonly string[] =>
  locale === undefined ? SIGN_LOCALES : [...SIGN_LOCALES, locale];

/** As CLDR spells it. */
const toSpelledSign = (text: string): string => {
  const sign = toSign(text);
  return /^[a-z]{3}$/.test(sign) ? sign.toUpperCase() : sign;
};

const isMoney = (text: string | undefined, locale: string | undefined): boolean => {
  if (text === undefined) return true;
  const sign = toSpelledSign(text);
  return /^\p{Sc}$/u.test(sign) || listSignLocales(locale).some((tag) => findSigns(tag).has(sign));
};

/** Whether digits are grouped: `1,234,567`, or `12,34,567` in India. The first group does not begin with zero. */
const isGrouped = (groups: readonly string[]): boolean => {
  const [first = '', ...others] = groups;
  const last = others.at(-1);
  const middle = others.slice(0, -1);
  if (last?.length !== 3 || !/^[1-9]\d{0,2}$/.test(first)) return false;
  return middle.every(({ length }) => length === 3) || (first.length < 3 && middle.every(({ length }) => length === 2));
};

const splitAt = (text: string, index: number): readonly [string, string] => [
  text.slice(0, index),
  text.slice(index + 1),
];

/** The digits of a whole number without its grouping signs; `undefined` if they are not in the right places. */
const toWhole = (text: string): string | undefined => {
  const separators = new Set(text.match(/\D/g));
  const [separator, ...others] = separators;
  if (separator === undefined) return text;
  const groups = text.split(separator);
  return others.length === 0 && separator !== '٫' && isGrouped(groups) ? groups.join('') : undefined;
};

/** Lists the numbers that digits and separators can mean: two for `1,234`, one for `1.234,5`. */
const parseReadings = (text: string): readonly { readonly value: number; readonly decimal: string }[] => {
  const whole = toWhole(text);
  const asWhole = whole === undefined ? [] : [{ value: Number(whole), decimal: '' }];
  const at = text.search(/[.,٫](?=\d+$)/);
  const decimal = text.charAt(at);
  if (at < 0 || text.indexOf(decimal) !== at) return asWhole;
  const [left, right] = splitAt(text, at);
  const integer = left === '' ? '0' : toWhole(left);
  return integer === undefined ? asWhole : [...asWhole, { value: Number(`${integer}.${right}`), decimal }];
};

const MAX_CHARACTERS = 100;

const splitAmount = (text: string): { readonly [part: string]: string | undefined } | undefined =>
  AMOUNT.exec(SIGNS.reduce((rest, [sign, plain]) => rest.replace(sign, plain), text))?.groups;

/**
 * Whether a number that `parseWrittenNumber` reads names money other than the currency: `12 USD` beside `EUR`. The sign
 * of several currencies (`$`) is that of each.
 */
export const namesOtherMoney = (text: string, currency: string, language?: string): boolean => {
  const { before, after } = splitAmount(text) ?? {};
  const known = listSignLocales(toLocale(language)).flatMap((locale) => listSigns(locale, currency));
  return [before, after].some((written) => {
    const sign = written && toSpelledSign(written);
    return sign && !known.some((own) => own === sign || (/^\p{Sc}$/u.test(sign) && own.includes(sign)));
  });
};

/**
 * Parses a number as people write it: `12,50`, `1.234,56`, `1 234,56`, `€ 12`, `−5`. `undefined` if it can be read in two
 * ways (`1,234`) and the language does not decide, and if there is anything beside it except a currency.
 */
export const parseWrittenNumber = (text: string, language?: string): number | undefined => {
  if (text.length > MAX_CHARACTERS) return undefined;
  const parts = splitAmount(text);
  if (parts?.number === undefined || (parts.sign !== '' && parts.inner !== '')) return undefined;
  const readings = parseReadings(parts.number);
  const locale = toLocale(language);
  const [reading, other] = readings;
  if (reading === undefined || !isMoney(parts.before, locale) || !isMoney(parts.after, locale)) return undefined;
  const factor = parts.sign === '-' || parts.inner === '-' ? -1 : 1;
  if (other === undefined) return factor * reading.value;
  const marks = locale === undefined ? undefined : findMarks(locale);
  if (marks?.decimal === other.decimal) return factor * other.value;
  return marks?.group === other.decimal ? factor * reading.value : undefined;
};
