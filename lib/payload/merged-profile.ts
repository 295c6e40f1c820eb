import { email } from './fields/email.ts';
import { phone } from './fields/phone.ts';
import { external_id, user_alias } from './identity.ts';
import { isGiven, object, required } from './schema.ts';

/** Of several profiles with the address, the one that nobody has claimed yet: it is the one to be merged. */
export const UNIDENTIFIED_FIRST = ['unidentified', 'most_recently_updated'];

/** By what the profile is found that becomes part of another one. */
const SOURCES = ['user_alias', 'email', 'phone'] as const;

/** The `external_id` of the profile that stays, and one identifier of the profile that becomes part of it. */
export const mergedProfile = object(
  { external_id: required(external_id), user_alias, email, phone },
  {
    // Only the first that is given counts: if it is invalid, the next one would merge somebody else.
    check: ({ external_id, ...sources }, given) => {
      const first = SOURCES.find((name) => isGiven(given[name]));
      return { external_id, ...(first !== undefined && { [first]: sources[first] }) };
    },
  },
);
