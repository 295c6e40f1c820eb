import { hadNoEffect } from '../lib/braze/response.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { email } from '../lib/payload/fields/email.ts';
import { phone } from '../lib/payload/fields/phone.ts';
import { external_id, user_alias } from '../lib/payload/identity.ts';
import { isGiven, object, required } from '../lib/payload/schema.ts';

/** Of several profiles with the address, the one that nobody has claimed yet: it is the one to be merged. */
const prioritization = ['unidentified', 'most_recently_updated'];

/** By what the anonymous profile is found. */
const SOURCES = ['user_alias', 'email', 'phone'] as const;

export const identifyUser = defineNode({
  name: 'identify-user',
  description: 'Gives an anonymous profile, found by `user_alias`, `email` or `phone`, its `external_id`.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      user_alias: { alias_name: '{ALIAS_NAME}', alias_label: 'pypestream' },
    },
  },
  endpoint: {
    path: 'users/identify',
    permission: 'users.identify',
    refusesEmptyBody: true,
    maxObjects: 50,
    isIdempotent: () => false,
    queueOnFailure: true,
  },
  exactIdentity: true,
  payload: object(
    { external_id: required(external_id), user_alias, email, phone },
    {
      // Only the first that is given counts: if it is invalid, the next one would merge somebody else.
      check: ({ external_id, ...sources }, given) => {
        const first = SOURCES.find((name) => isGiven(given[name]));
        return { external_id, ...(first !== undefined && { [first]: sources[first] }) };
      },
    },
  ),
  toRequest: ({ external_id, user_alias, email, phone }) => {
    if (user_alias !== undefined) {
      return {
        body: { aliases_to_identify: [{ external_id, user_alias }] },
        paths: { user_identifiers: ['user_alias'] },
      };
    }
    if (email !== undefined) {
      const item = { external_id, email, prioritization };
      return { body: { emails_to_identify: [item] }, paths: { user_identifiers: ['email'] } };
    }
    if (phone !== undefined) {
      const item = { external_id, phone, prioritization };
      return { body: { phone_numbers_to_identify: [item] }, paths: { user_identifiers: ['phone'] } };
    }
    return undefined;
  },
  readResponse: (response) =>
    response.errors.length === 0 && hadNoEffect(response)
      ? { outcome: 'rejected', detail: 'Braze found no profile to identify, and did nothing.' }
      : undefined,
});

export const handler = createHandler(identifyUser);
