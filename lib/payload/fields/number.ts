import type { CleanValue, Field } from '../schema.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** A finite number, or text that is nothing but one: `1,234` could be two numbers, and `0x10` is nobody's price. */
export const toNumber = (value: CleanValue): number | undefined => {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

/** An integer that a JSON number carries exactly. */
export const toInteger = (value: CleanValue): number | undefined => {
  const number = typeof value === 'string' && INTEGER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
};

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

/** An amount in base units (Braze, "Purchase object"). */
export const price: Field<number> = {
  sends: 'a number; 0 and negative amounts (refunds) are real',
  invalidWhen: 'it is neither a number nor the text of one',
  schema: { type: ['number', 'string'], examples: ['12.50'] },
  parse: (value, ctx) => toNumber(value) ?? ctx.invalid('not_a_number'),
};
