import { email } from './fields/email.ts';
import { phone } from './fields/phone.ts';
import { external_id, user_alias } from './identity.ts';
import { isGiven, object, required } from './schema.ts';

/** Of several profiles with the address, Braze merges one without an `external_id`. */
export const UNIDENTIFIED_FIRST = ['unidentified', 'most_recently_updated'];

/** The identifiers of the profile that is merged into another one. */
const SOURCES = ['user_alias', 'email', 'phone'] as const;

/** The identifiers of the two profiles. */
export const MERGE_IDENTIFIERS = ['external_id', ...SOURCES] as const;

/** The `external_id` of the profile to keep, and one identifier of the profile to merge into it. */
export const mergedProfile = object(
  { external_id: required(external_id), user_alias, email, phone },
  {
    // Only the first one given is used: if it is invalid, the next one could merge another person.
    check: ({ external_id, ...sources }, given) => {
      const first = SOURCES.find((name) => isGiven(given[name]));
      return { external_id, ...(first !== undefined && { [first]: sources[first] }) };
    },
  },
);
