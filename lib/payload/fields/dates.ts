import { type CleanValue, type Field, isObject } from '../schema.ts';
import { readDateTime, toDay } from './calendar.ts';
import { toDate, toMoment } from './moment.ts';

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
