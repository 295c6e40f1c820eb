import type { CleanValue } from '../schema.ts';
import { readDateTime, toDay } from './calendar.ts';

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
