import type { Field } from '../schema.ts';
import { toInteger } from './number.ts';

/** How many there are of something; also an id that counts up. */
export const count: Field<number> = {
  sends: 'an integer',
  invalidWhen: 'it is not an integer, or is negative or too large to be exact',
  schema: { type: ['integer', 'string'], minimum: 0, pattern: '^\\+?\\d+$' },
  parse: (value, ctx) => {
    const integer = toInteger(value);
    return integer !== undefined && integer >= 0 ? integer : ctx.invalid('not_an_integer');
  },
};
