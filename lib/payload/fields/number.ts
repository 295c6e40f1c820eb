import type { CleanValue } from '../schema.ts';

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
