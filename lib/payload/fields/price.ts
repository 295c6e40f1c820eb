import type { Field } from '../schema.ts';
import { toNumber } from './number.ts';

/** An amount in base units (Braze, "Purchase object"). */
export const price: Field<number> = {
  sends: 'a number; 0 and negative amounts (refunds) are real',
  invalidWhen: 'it is neither a number nor the text of one',
  schema: { type: ['number', 'string'], examples: ['12.50'] },
  parse: (value, ctx) => toNumber(value) ?? ctx.invalid('not_a_number'),
};
