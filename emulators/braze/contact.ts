import { isText, type Json } from '../json.ts';

/** Only what is malformed beyond doubt is refused; Braze's own rule is not public. */
export const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text);

/** The digits of a telephone number, with its plus sign if it has one; E.164 is recommended, not required. */
export const phoneOf = (value: Json | undefined): string | undefined => {
  if (!isText(value)) return undefined;
  const digits = value.replace(/[\s().-]/g, '');
  return /^\+?\d{5,15}$/.test(digits) ? digits : undefined;
};
