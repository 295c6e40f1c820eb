import type { CleanValue, Field } from '../schema.ts';
import { namesOtherMoney, parseWrittenNumber } from '../words/numbers.ts';
import { toPlainText } from '../words/plain-text.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A finite number, or text that is one: as JSON writes it, or as people do where that has one reading (`12,50`, `€ 1.234,56`).
 * The language decides on `1,234`.
 */
export const toNumber = (value: CleanValue, language?: string): number | undefined => {
  if (typeof value !== 'string') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  const text = toPlainText(value);
  const number = NUMBER.test(text) ? Number(text) : parseWrittenNumber(text, language);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
};

/** An integer that a JSON number carries exactly; `2.0` is one. */
export const toInteger = (value: CleanValue, language?: string): number | undefined => {
  const number = toNumber(value, language);
  return Number.isSafeInteger(number) ? number : undefined;
};

/** A whole number, also negative. */
export const integer: Field<number> = {
  sends: 'an integer',
  invalidWhen: 'it is not an integer, or too large to be exact',
  schema: { type: ['integer', 'string'] },
  parse: (value, ctx) => toInteger(value, ctx.options.language) ?? ctx.invalid('not_an_integer'),
};

/** A count of something, or a numeric id. */
export const count: Field<number> = {
  sends: 'an integer',
  invalidWhen: 'it is not an integer, or is negative or too large to be exact',
  schema: { type: ['integer', 'string'], minimum: 0 },
  parse: (value, ctx) => {
    const integer = toInteger(value, ctx.options.language);
    return integer !== undefined && integer >= 0 ? integer : ctx.invalid('not_an_integer');
  },
};

/** An amount in base units: https://www.braze.com/docs/api/objects_filters/purchase_object/ */
export const price: Field<number> = {
  sends: 'a number; 0 and negative amounts (refunds) are valid',
  invalidWhen: 'it is neither a number nor the text of one, or names another currency',
  schema: { type: ['number', 'string'], examples: ['12.50'] },
  parse: (value, ctx) => {
    const { currency, language } = ctx.options;
    const number = toNumber(value, language);
    if (number === undefined) return ctx.invalid('not_a_number');
    const isOther =
      typeof value === 'string' && currency !== undefined && namesOtherMoney(toPlainText(value), currency, language);
    return isOther ? ctx.invalid('conflicting_currency') : number;
  },
};
