/**
 * Every reason for which a value is invalid, with a sentence for the designer. The log counts reasons; the demo and the
 * generated documentation show the sentences.
 */
export const INVALID_REASONS = {
  unknown_key: 'The node does not know this key.',
  missing: 'It is required and was not given.',
  wrong_type: 'It has the wrong type: text, number, list or object.',
  unknown_value: 'It is not one of the values that are accepted here.',
  not_a_number: 'It is not a number, or it can be read as more than one.',
  not_an_integer: 'It is not a whole number.',
  not_a_boolean: 'It is neither yes nor no.',
  not_an_address: 'Braze would not accept it as an email address.',
  not_a_phone_number: 'It is not a possible phone number, or the country that it belongs to is not known.',
  not_a_date: 'It is not a date, or there is no such day.',
  ambiguous_date: 'The day could be the month, and the stage sets no DATE_ORDER.',
  not_a_time: 'It is neither an ISO 8601 time with a zone nor a Unix time.',
  not_a_country: 'It is not the name or code of a country.',
  not_a_language: 'It is not the name or code of a language.',
  not_a_time_zone: 'It is not the name of a time zone.',
  not_a_currency: 'It is not a currency code of ISO 4217.',
  conflicting_currency: 'It names another currency than the field `currency`.',
  not_a_gender: 'It is not a word for a gender.',
  not_a_url: 'It is not an http:// or https:// URL.',
  not_a_uuid: 'It is not a UUID.',
  ambiguous_word: 'It means different things in different languages.',
  out_of_range: 'It is outside the range that is accepted here.',
  too_long: 'It is longer than Braze accepts.',
  not_in_a_path: 'It cannot be part of the URL of a request.',
  too_many: 'It has more items than Braze stores.',
  too_large: 'It is larger than Braze accepts.',
  too_deep: 'It is nested more than 64 levels deep.',
  empty: 'Nothing in it is valid.',
  null_not_allowed: 'Braze does not accept null here.',
  invalid_name: 'Braze does not accept this name.',
  reserved_name: 'Braze or this service uses this name for something else.',
  control_key: 'This key controls how Braze handles the request, so an attribute cannot set it.',
  markup: 'It contains markup or a web address, which Braze would render into messages.',
  placeholder: 'It is a placeholder for an unknown person, or contains a variable that was not filled in.',
  not_accepted_here: 'The endpoint of this node cannot find a person by it.',
  conflicting_identifier: 'Braze would find another person by it.',
  duplicate: 'Another key of the payload already sets it.',
  mixed_operators: 'It combines operators that Braze cannot combine.',
  identity_not_proven: 'It is not returned for a person who was found by an email address or phone number alone.',
  identity_token: 'It contains the token of a signed link, which must not reach Braze.',
  not_verified: 'The signed link proves nothing: it is missing, malformed, expired or signed with another secret.',
  refused_by_braze: 'Braze refused it.',
} as const satisfies { readonly [reason: string]: string };

export type InvalidReason = keyof typeof INVALID_REASONS;

/** Counts each reason: `{ not_a_date: 1, unknown_key: 2 }`. */
export const countReasons = (reasons: Iterable<InvalidReason>): { readonly [R in InvalidReason]?: number } => {
  const counts: { [R in InvalidReason]?: number } = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};
