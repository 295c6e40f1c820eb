import type { Field } from '../schema.ts';
import { AMBIGUOUS } from '../words/lexicon.ts';
import { parseDay } from './time.ts';

const MIN_DAY = '1900-01-01';

/** A date of birth. `Date.parse` is not used, because it guesses. */
export const dob: Field<string> = {
  sends: '`YYYY-MM-DD`',
  invalidWhen:
    'it is not a date, is ambiguous (`03/04/1980`) while the stage has no date order, is in the future or before 1900, or has a two-digit year',
  schema: {
    type: 'string',
    examples: ['1980-12-21', '21 Dec 1980', '21 décembre 1980', 'December 21, 1980', '21.12.1980', '12/21/1980'],
  },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    const day = parseDay(value, ctx.options, 'ignored');
    if (day === undefined) return ctx.invalid('not_a_date');
    if (day === AMBIGUOUS) return ctx.invalid('ambiguous_date');
    const today = new Date(ctx.options.now).toISOString().slice(0, 10);
    return day >= MIN_DAY && day <= today ? day : ctx.invalid('out_of_range');
  },
};
