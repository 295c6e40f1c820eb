import type { Field } from '../field.ts';
import { toNumber } from './number.ts';

/** An amount in base units (Braze, "Purchase object"). */
export const price: Field<number> = {
  becomes: 'a number; 0 and negative amounts (refunds) are real',
  unusableWhen: 'it is neither a number nor the text of one',
  schema: { type: ['number', 'string'], examples: ['12.50'] },
  read: (value, at) => toNumber(value) ?? at.refuse(),
};
