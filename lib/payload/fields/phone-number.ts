import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/metadata.min.json';

// As long as libphonenumber reads.
const LONGEST = 250;

/** The E.164 form of a possible number, or `undefined`. The whole text has to be the number: nothing is searched for. */
export const toE164 = (text: string, country: string | undefined): string | undefined => {
  const defaultCountry = getCountries(metadata).find((code) => code === country);
  const options = { extract: false, ...(defaultCountry === undefined ? {} : { defaultCountry }) };
  // Full-width digits and plus, as East Asian keyboards write them; and the scheme of a number that was a link.
  const plain = text.length > LONGEST ? '' : text.normalize('NFKC').replace(/^tel:/i, '');
  const number = parsePhoneNumberFromString(plain, options, metadata);
  return number?.isPossible() === true ? number.number : undefined;
};
