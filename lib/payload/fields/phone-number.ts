import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/metadata.min.json';

/** Converts a number that is valid in its numbering plan to E.164. The whole text must be the number. */
export const toE164 = (text: string, country: string | undefined): string | undefined => {
  const defaultCountry = getCountries(metadata).find((code) => code === country);
  const options = { extract: false, ...(defaultCountry === undefined ? {} : { defaultCountry }) };
  const number = parsePhoneNumberFromString(text, options, metadata);
  return number?.isValid() === true ? number.number : undefined;
};
