import type { Field, ReadOptions } from '../schema.ts';
import { readDateTime, toDay } from './time.ts';

const NAMES = 'january february march april may june july august september october november december';
const MONTHS: ReadonlyMap<string, number> = new Map([
  ...NAMES.split(' ').flatMap((name, index) => [[name, index + 1] as const, [name.slice(0, 3), index + 1] as const]),
  ['sept', 9],
]);

const YEAR_FIRST = /^(?<year>\d{4})(?<part>[-/.])(?<month>\d{1,2})\k<part>(?<day>\d{1,2})$/;
const COMPACT = /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/;
const DAY_FIRST = /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})$/;
const DAY_MONTH_NAME =
  /^(?<day>\d{1,2})(?:st|nd|rd|th)?[ .,/-]{0,3}(?:of )?(?<month>[a-z]+)[ .,/-]{0,3}(?<year>\d{4})$/i;
const MONTH_NAME_DAY = /^(?<month>[a-z]+)[ .,/-]{0,3}(?<day>\d{1,2})(?:st|nd|rd|th)?[ .,/-]{1,3}(?<year>\d{4})$/i;
const YEAR_MONTH_NAME = /^(?<year>\d{4})[ .,/-]{0,3}(?<month>[a-z]+)[ .,/-]{0,3}(?<day>\d{1,2})(?:st|nd|rd|th)?$/i;
const UNAMBIGUOUS = [YEAR_FIRST, COMPACT, DAY_FIRST, DAY_MONTH_NAME, MONTH_NAME_DAY, YEAR_MONTH_NAME];

const EITHER_FIRST = /^(?<a>\d{1,2})(?<part>[-/])(?<b>\d{1,2})\k<part>(?<year>\d{4})$/;

const unambiguous = (text: string): string | undefined => {
  for (const form of UNAMBIGUOUS) {
    const parts = form.exec(text)?.groups;
    if (parts === undefined) continue;
    const month = MONTHS.get(`${parts.month}`.toLowerCase()) ?? Number(parts.month);
    return toDay(Number(parts.year), month, Number(parts.day));
  }
  return undefined;
};

const eitherFirst = (text: string, order: ReadOptions['dateOrder']): string | undefined => {
  const { a, b, year } = EITHER_FIRST.exec(text)?.groups ?? {};
  const dayFirst = toDay(Number(year), Number(b), Number(a));
  const monthFirst = toDay(Number(year), Number(a), Number(b));
  if (dayFirst === undefined || monthFirst === undefined) return dayFirst ?? monthFirst;
  if (dayFirst === monthFirst || order === 'DMY') return dayFirst;
  return order === 'MDY' ? monthFirst : undefined;
};

/** A date of birth, read by rules of its own (contract, section 4): `Date.parse` guesses at what it doesn't know. */
export const dob: Field<string> = {
  sends: '`YYYY-MM-DD`',
  invalidWhen:
    'it is no date, is ambiguous (`03/04/1980`) while the stage has no date order, lies in the future or before 1900, or has a two-digit year',
  schema: { type: 'string', examples: ['1980-12-21', '21 Dec 1980', 'December 21, 1980', '21.12.1980', '12/21/1980'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    const day = unambiguous(value) ?? readDateTime(value)?.day ?? eitherFirst(value, ctx.options.dateOrder);
    const today = new Date(ctx.options.now).toISOString().slice(0, 10);
    if (day === undefined) return ctx.invalid(EITHER_FIRST.test(value) ? 'ambiguous_date' : 'not_a_date');
    return day >= '1900-01-01' && day <= today ? day : ctx.invalid('out_of_range');
  },
};
