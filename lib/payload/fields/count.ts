import type { Field } from '../field.ts';
import { toInteger } from './number.ts';

/** How many there are of something; also an id that counts up. */
export const count: Field<number> = {
  becomes: 'an integer',
  unusableWhen: 'it is not an integer, or is negative or too large to be exact',
  schema: { type: ['integer', 'string'], minimum: 0, pattern: '^\\+?\\d+$' },
  read: (value, at) => {
    const integer = toInteger(value);
    return integer !== undefined && integer >= 0 ? integer : at.refuse();
  },
};
