import { foldText } from '../characters.ts';

// In Unicode, decimal digits are in blocks of ten that begin with zero.
const toAsciiDigit = (digit: string): string => {
  const code = Number(digit.codePointAt(0));
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
};

/** Normalizes text for parsers: `foldText`, with the digits of every script as ASCII digits. */
export const toPlainText = (text: string): string => foldText(text).replace(/(?!\d)\p{Nd}/gu, toAsciiDigit);
