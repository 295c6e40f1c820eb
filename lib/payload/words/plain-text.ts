/** Longer than anything that is parsed, and short enough that normalising a hostile text costs nothing. */
const MAX_LENGTH = 512;

// Blocks of decimal digits are ten characters long and begin with zero.
const toAsciiDigit = (digit: string): string => {
  let zero = digit.codePointAt(0) as number;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(((digit.codePointAt(0) as number) - zero) % 10);
};

/**
 * A text as parsers see it: compatibility forms composed (NFKC), the digits of every script as ASCII digits, format
 * characters and blanks at the ends removed. Empty where a text with other than ASCII characters is too long to mean
 * anything.
 */
export const toPlainText = (text: string): string => {
  if (/^[ -~]*$/.test(text)) return text;
  if (text.length > MAX_LENGTH) return '';
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Variation_Selector}]/gu, '')
    .replace(/(?!\d)\p{Nd}/gu, toAsciiDigit)
    .trim();
};
