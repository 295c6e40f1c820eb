import type { Field } from '../schema.ts';
import { toPlainText } from '../words/plain-text.ts';
import { toE164 } from './phone.lazy.cjs';

/** libphonenumber ignores the rest of longer texts. */
const MAX_CHARACTERS = 250;

const withoutScheme = (text: string): string => text.replace(/^(?:tel|sms|callto|whatsapp):(?:\/\/)?\s*/i, '');

/** `(+33) 6 12 34 56 78` → `+33 6 12 34 56 78`. */
const withoutBrackets = (text: string): string => text.replace(/^\(\s*((?:\+|00)\s*\d{1,3})\s*\)/, '$1 ');

/** `00`, the international prefix of most countries: https://www.itu.int/rec/T-REC-E.164 */
const INTERNATIONAL_PREFIX = /^00\s*(?=[1-9])/;

const parsePhone = (text: string, country: string | undefined): string | undefined => {
  if (text.length > MAX_CHARACTERS) return undefined;
  const number = withoutBrackets(withoutScheme(toPlainText(text)));
  const parsed = toE164(number, country);
  // No country's own numbers begin with `00`, so this needs no country.
  if (parsed !== undefined || !INTERNATIONAL_PREFIX.test(number)) return parsed;
  return toE164(number.replace(INTERNATIONAL_PREFIX, '+'), undefined);
};

/** A telephone number as Braze recommends it (ITU-T E.164). */
export const phone: Field<string> = {
  sends: 'E.164; a national number by `attributes.country`, else by the default country of the stage',
  invalidWhen: 'it is not a number of its country’s numbering plan, or not a number alone',
  schema: { type: 'string', examples: ['+1 415 555 0100', '(415) 555-0100'] },
  parse: (value, ctx) =>
    (typeof value === 'string' ? parsePhone(value, ctx.options.country) : undefined) ??
    ctx.invalid('not_a_phone_number'),
};
