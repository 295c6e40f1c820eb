import type { JsonObject } from '../lib/json.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import {
  MERGE_IDENTIFIERS,
  mergedProfile,
  UNIDENTIFIED_FIRST as prioritization,
} from '../lib/payload/merged-profile.ts';

/** https://www.braze.com/docs/api/endpoints/user_data/post_users_merge/ */
export const mergeUser = defineNode({
  name: 'merge-user',
  description: 'Merges a profile, found by `user_alias`, `email` or `phone`, into that of an `external_id`, for good.',
  example: { payload: { external_id: '{CUSTOMER_ID}', email: '{EMAIL}' } },
  endpoint: {
    path: 'users/merge',
    permission: 'users.merge',
    refusesEmptyBody: true,
    maxObjects: 50,
    // Where several profiles have the address, a second request would merge another one.
    isIdempotent: () => false,
    queueOnFailure: true,
  },
  identifiers: MERGE_IDENTIFIERS,
  exactIdentity: true,
  payload: mergedProfile,
  toRequest: ({ external_id, user_alias, email, phone }) => {
    const merge = (name: string, identifier_to_merge: JsonObject) => ({
      body: { merge_updates: [{ identifier_to_merge, identifier_to_keep: { external_id } }] },
      paths: { merge_updates: [name] },
    });
    if (user_alias !== undefined) return merge('user_alias', { user_alias });
    if (email !== undefined) return merge('email', { email, prioritization });
    return phone === undefined ? undefined : merge('phone', { phone, prioritization });
  },
});

export const handler = createHandler(mergeUser);
