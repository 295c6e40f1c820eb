import { hadNoEffect } from '../lib/braze/response.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import {
  MERGE_IDENTIFIERS,
  mergedProfile,
  UNIDENTIFIED_FIRST as prioritization,
} from '../lib/payload/merged-profile.ts';

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
  identifiers: MERGE_IDENTIFIERS,
  exactIdentity: true,
  payload: mergedProfile,
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
