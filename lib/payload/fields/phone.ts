import { foldText } from '../characters.ts';
import type { Field } from '../schema.ts';
import { loadMetadata, loadPhoneNumbers } from './phone.lazy.cjs';

/** As much as libphonenumber reads. */
const MAX_CHARACTERS = 250;

const withoutScheme = (text: string): string => text.replace(/^(?:tel|sms|callto|whatsapp):(?:\/\/)?\s*/i, '');

/** `(+33) 6 12 34 56 78` → `+33 6 12 34 56 78`. */
const withoutBrackets = (text: string): string => text.replace(/^\(\s*(\+\s*\d{1,3})\s*\)/, '$1 ');

/** The E.164 form of a number that its numbering plan has. The whole text must be the number: nothing is searched for. */
const toE164 = (text: string, country: string | undefined): string | undefined => {
  if (text.length > MAX_CHARACTERS) return undefined;
  const { getCountries, parsePhoneNumberFromString } = loadPhoneNumbers();
  const metadata = loadMetadata();
  const defaultCountry = getCountries(metadata).find((code) => code === country);
  const options = { extract: false, ...(defaultCountry === undefined ? {} : { defaultCountry }) };
  const number = parsePhoneNumberFromString(withoutBrackets(withoutScheme(foldText(text))), options, metadata);
  return number?.isValid() === true ? number.number : undefined;
};

/** A telephone number as Braze recommends it (ITU-T E.164). */
export const phone: Field<string> = {
  sends: 'E.164; a national number by `attributes.country`, else by the default country of the stage',
  invalidWhen: 'it is not a number of its country’s numbering plan, or not a number alone',
  schema: { type: 'string', examples: ['+1 415 555 0100', '(415) 555-0100'] },
  parse: (value, ctx) =>
    (typeof value === 'string' ? toE164(value, ctx.options.country) : undefined) ?? ctx.invalid('not_a_phone_number'),
};
