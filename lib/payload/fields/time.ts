import { type CleanValue, type Field, isObject, type ParseOptions } from '../schema.ts';
import { splitDate } from '../words/dates.ts';
import { AMBIGUOUS } from '../words/lexicon.ts';
import { toPlainText } from '../words/plain-text.ts';

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Braze stores times in nested objects only up to this year. */
const MAX_YEAR = 3000;

/** Whether there is such a day, and Braze can store it. */
export const isRealDay = (year: number, month: number, day: number): boolean => {
  const length = month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] ?? 0);
  return year >= 1 && year <= MAX_YEAR && day >= 1 && day <= length;
};

/** `YYYY-MM-DD`, or `undefined` if there is no such day. */
export const toDay = (year: number, month: number, day: number): string | undefined =>
  isRealDay(year, month, day)
    ? `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    : undefined;

export interface DateTime {
  /** `YYYY-MM-DD` where it was written. */
  readonly day: string;
  /** `HH:mm:ss.SSS` where it was written. */
  readonly time: string;
  /** `Z` or `±HH:mm`. */
  readonly zone: string | undefined;
}

const DATE_TIME =
  /^(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)[Tt ](?<hour>[01]\d|2[0-3])(?<colon>:?)(?<minute>[0-5]\d)(?:\k<colon>(?<second>[0-5]\d)(?:[.,:](?<fraction>\d+))?)?(?: ?(?<zone>[Zz]|UTC|GMT|(?<sign>[+-])(?<zoneHour>[01]\d|2[0-3])(?::?(?<zoneMinute>[0-5]\d))?))?$/;

/**
 * Parses an ISO 8601 date-time, extended or basic. Also accepted are a blank instead of the T (RFC 3339), a blank before
 * the zone, and a colon before the fraction, because Braze documents `yyyy-MM-ddTHH:mm:ss:SSSZ`. Hour 24 and second 60
 * are not.
 */
export const parseDateTime = (text: string): DateTime | undefined => {
  const parts = DATE_TIME.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const day = toDay(Number(parts.year), Number(parts.month), Number(parts.day));
  if (day === undefined) return undefined;
  const { hour, minute, second = '00', fraction = '', zone, sign, zoneHour, zoneMinute = '00' } = parts;
  return {
    day,
    time: `${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`,
    zone: sign === undefined ? zone && 'Z' : `${sign}${zoneHour}:${zoneMinute}`,
  };
};

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const EPOCH = /^(\d+)(?:\.(\d+))?$/;
const DIGITS_OF_A_DATE = /^((?:19|20)\d\d)(\d\d)(\d\d)(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?$/;
const MIN_TIME_MS = Date.parse('0001-01-01T00:00:00.000Z');
const MAX_TIME_MS = Date.parse(`${MAX_YEAR}-12-31T23:59:59.999Z`);
const MIN_EPOCH_MS = 1e11;
/** March 1973. Smaller numbers are meant as years or dates, not as epoch seconds. */
const MIN_EPOCH_SECONDS = 1e8;

/** Whether digits are a date, such as `20260501`, which as epoch seconds would be in 1970. */
const isCompactDate = (digits: string): boolean => {
  const [, year, month, day] = DIGITS_OF_A_DATE.exec(digits) ?? [];
  return toDay(Number(year), Number(month), Number(day)) !== undefined;
};

const fromEpoch = (text: string): number | undefined => {
  const [, digits, fraction = ''] = EPOCH.exec(text) ?? [];
  if (digits === undefined || isCompactDate(text)) return undefined;
  const whole = Number(digits);
  if (whole > 0 && whole < MIN_EPOCH_SECONDS) return undefined;
  return whole >= MIN_EPOCH_MS ? whole : whole * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
};

const fromDateTime = (text: string): number | undefined => {
  const { day, time, zone } = parseDateTime(text) ?? {};
  return zone === undefined ? undefined : Date.parse(`${day}T${time}${zone}`);
};

/** ISO 8601 prefers a true hyphen in dates and a minus sign before an offset. */
const toTimeText = (text: string): string => toPlainText(text).replace(/[\u2010-\u2015\u2212]/g, '-');

/**
 * Converts an ISO 8601 date-time with a zone, epoch seconds or epoch milliseconds to ISO 8601 in UTC. A date-time without
 * a zone is `undefined`, because the zone would be a guess.
 */
export const toTimestamp = (value: CleanValue): string | undefined => {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = toTimeText(String(value));
  const ms = fromEpoch(text) ?? fromDateTime(text);
  return ms !== undefined && ms >= MIN_TIME_MS && ms <= MAX_TIME_MS ? new Date(ms).toISOString() : undefined;
};

/** Returns `YYYY-MM-DD` if there is such a day. */
export const toDate = (value: CleanValue): string | undefined => {
  const [, year, month, day] = (typeof value === 'string' && DATE.exec(toTimeText(value))) || [];
  return toDay(Number(year), Number(month), Number(day));
};

const YEAR_FIRST = /^(?<year>\d{4})(?<part>[-/.])(?<month>\d{1,2})\k<part>(?<day>\d{1,2})$/;
const COMPACT = /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/;
const DAY_FIRST = /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/;
const UNAMBIGUOUS = [YEAR_FIRST, COMPACT, DAY_FIRST];

const EITHER_FIRST = /^(?<a>\d{1,2})(?<part>[-/])(?<b>\d{1,2})\k<part>(?<year>\d{4})$/;

const fromNumbers = (text: string, order: ParseOptions['dateOrder']): string | typeof AMBIGUOUS | undefined => {
  for (const form of UNAMBIGUOUS) {
    const { year, month, day } = form.exec(text)?.groups ?? {};
    if (year !== undefined) return toDay(Number(year), Number(month), Number(day));
  }
  const { a, b, year } = EITHER_FIRST.exec(text)?.groups ?? {};
  const dayFirst = toDay(Number(year), Number(b), Number(a));
  const monthFirst = toDay(Number(year), Number(a), Number(b));
  if (dayFirst === undefined || monthFirst === undefined) return dayFirst ?? monthFirst;
  if (dayFirst === monthFirst || order === 'DMY') return dayFirst;
  return order === 'MDY' ? monthFirst : AMBIGUOUS;
};

/**
 * Parses a date in numbers or words, in any of the languages, as `YYYY-MM-DD`. `AMBIGUOUS` if the day could be the month
 * and no order is set. `time` decides whether a time of day after the date is ignored or makes it invalid.
 */
export const parseDay = (
  text: string,
  { dateOrder, language }: Partial<ParseOptions>,
  time: 'ignored' | 'refused',
): string | typeof AMBIGUOUS | undefined => {
  const plain = toTimeText(text);
  const day = fromNumbers(plain, dateOrder) ?? (time === 'ignored' ? parseDateTime(plain)?.day : undefined);
  if (day !== undefined) return day;
  const { hasTime, named, numeric } = splitDate(plain, language) ?? {};
  if (hasTime === true && time === 'refused') return undefined;
  if (named !== undefined) return toDay(named.year, named.month, named.day);
  return numeric === undefined ? undefined : fromNumbers(numeric, dateOrder);
};

const MONTH_FIRST = /^(\d\d)\/(\d\d)\/(\d{4})$/;

const fromLocalTime = (text: string): string | undefined => {
  const { day, time, zone } = parseDateTime(text) ?? {};
  return time === undefined || zone !== undefined ? undefined : `${day}T${time.slice(0, 8)}`;
};

const fromMonthFirst = (text: string): string | undefined => {
  const [, month, day, year] = MONTH_FIRST.exec(text) ?? [];
  return toDay(Number(year), Number(month), Number(day));
};

/** Parses a date without a time of day, if it can be read in only one way. */
const parseDate = (text: string, options: Partial<ParseOptions>): string | undefined => {
  const day = parseDay(text, options, 'refused');
  return day === AMBIGUOUS ? undefined : day;
};

/** A standard field that Braze documents as a date: in one of Braze's forms, or in words that can be read in one way. */
export const date: Field<string> = {
  sends: '`YYYY-MM-DD`, or ISO 8601 UTC where a time with its zone was given',
  invalidWhen:
    'it is not a date, an ISO 8601 date-time, epoch seconds or milliseconds, or `MM/dd/yyyy`, or there is no such day',
  schema: {
    anyOf: [
      { type: 'string' },
      { type: 'number', minimum: 0 },
      { type: 'object', properties: { $time: { type: ['string', 'number'] } }, required: ['$time'] },
    ],
    examples: ['2026-05-01', '2026-05-01T10:00:00Z', '05/31/2026', '1er mai 2026'],
  },
  parse: (value, ctx) => {
    const given = isObject(value) ? value.$time : value;
    const exact = toDate(given) ?? toTimestamp(given);
    if (exact !== undefined) return exact;
    if (typeof given !== 'string') return ctx.invalid('not_a_date');
    const text = toTimeText(given);
    // Braze documents `MM/dd/yyyy` for date texts, so the stage's date order does not apply.
    const day = fromLocalTime(text) ?? fromMonthFirst(text) ?? parseDate(text, { language: ctx.options.language });
    return day ?? ctx.invalid('not_a_date');
  },
};
