import { type CleanValue, type Field, isObject } from '../schema.ts';

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** A day of the Gregorian calendar that Braze can hold: it does not store years after 3000 in nested objects. */
export const isRealDay = (year: number, month: number, day: number): boolean => {
  const length = month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] ?? 0);
  return year >= 1 && year <= 3000 && day >= 1 && day <= length;
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
  /^(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)[Tt ](?<hour>[01]\d|2[0-3])(?<colon>:?)(?<minute>[0-5]\d)(?:\k<colon>(?<second>[0-5]\d)(?:[.,:](?<fraction>\d+))?)?(?<zone>[Zz]|(?<sign>[+-])(?<zoneHour>[01]\d|2[0-3])(?::?(?<zoneMinute>[0-5]\d))?)?$/;

/**
 * An ISO 8601 date-time, extended or basic, with RFC 3339's blank for the T, and a colon before the fraction because
 * Braze documents `yyyy-MM-ddTHH:mm:ss:SSSZ`. Hour 24 and second 60 name no moment that JavaScript or Braze knows.
 */
export const readDateTime = (text: string): DateTime | undefined => {
  const parts = DATE_TIME.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const day = toDay(Number(parts.year), Number(parts.month), Number(parts.day));
  if (day === undefined) return undefined;
  const { hour, minute, second = '00', fraction = '', zone, sign, zoneHour, zoneMinute = '00' } = parts;
  return {
    day,
    time: `${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`,
    zone: sign === undefined ? zone?.toUpperCase() : `${sign}${zoneHour}:${zoneMinute}`,
  };
};

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const EPOCH = /^(\d+)(?:\.(\d+))?$/;
const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?$/;
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST = Date.parse('3000-12-31T23:59:59.999Z');
const LEAST_MILLISECONDS = 1e11;
/** Of 1973. What is shorter is a year, a month or a day to whoever wrote it, and never a moment of the early seventies. */
const LEAST_SECONDS = 1e8;

/** `20260501` is a day to whoever wrote it, but as seconds it would be a moment of 1970. */
const isCompactDate = (digits: string): boolean => {
  const [, year, month, day] = COMPACT.exec(digits) ?? [];
  return toDay(Number(year), Number(month), Number(day)) !== undefined;
};

const ofEpoch = (text: string): number | undefined => {
  const [, digits, fraction = ''] = EPOCH.exec(text) ?? [];
  if (digits === undefined || isCompactDate(text)) return undefined;
  const whole = Number(digits);
  if (whole > 0 && whole < LEAST_SECONDS) return undefined;
  return whole >= LEAST_MILLISECONDS ? whole : whole * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
};

const ofDateTime = (text: string): number | undefined => {
  const { day, time, zone } = readDateTime(text) ?? {};
  return zone === undefined ? undefined : Date.parse(`${day}T${time}${zone}`);
};

/**
 * ISO 8601 UTC from an ISO 8601 date-time with zone, or from epoch seconds or milliseconds (contract, section 4).
 * Nothing is guessed: a time without a zone is no moment.
 */
export const toMoment = (value: CleanValue): string | undefined => {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  const moment = ofEpoch(text) ?? ofDateTime(text);
  return moment !== undefined && moment >= EARLIEST && moment <= LATEST ? new Date(moment).toISOString() : undefined;
};

/** `YYYY-MM-DD`, if it is a day of the calendar. */
export const toDate = (value: CleanValue): string | undefined => {
  const [, year, month, day] = (typeof value === 'string' && DATE.exec(value)) || [];
  return toDay(Number(year), Number(month), Number(day));
};

const MONTH_FIRST = /^(\d\d)\/(\d\d)\/(\d{4})$/;

const ofLocalTime = (text: CleanValue): string | undefined => {
  const { day, time, zone } = (typeof text === 'string' && readDateTime(text)) || {};
  return time === undefined || zone !== undefined ? undefined : `${day}T${time.slice(0, 8)}`;
};

const ofMonthFirst = (text: CleanValue): string | undefined => {
  const [, month, day, year] = (typeof text === 'string' && MONTH_FIRST.exec(text)) || [];
  return toDay(Number(year), Number(month), Number(day));
};

/** A standard field that Braze documents as a date text: of the forms it lists, those that can be read in one way only. */
export const date: Field<string> = {
  sends: '`YYYY-MM-DD`, or ISO 8601 UTC where a time with its zone was given',
  invalidWhen:
    'it is none of `YYYY-MM-DD`, an ISO 8601 date-time, epoch seconds or milliseconds, and `MM/dd/yyyy`, or names no real moment',
  schema: {
    anyOf: [
      { type: 'string' },
      { type: 'number', minimum: 0 },
      { type: 'object', properties: { $time: { type: ['string', 'number'] } }, required: ['$time'] },
    ],
    examples: ['2026-05-01', '2026-05-01T10:00:00Z', '05/31/2026'],
  },
  parse: (value, ctx) => {
    const text = isObject(value) ? value.$time : value;
    return toDate(text) ?? toMoment(text) ?? ofLocalTime(text) ?? ofMonthFirst(text) ?? ctx.invalid('not_a_date');
  },
};
