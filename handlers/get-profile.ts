import { parseProfile, toExportBody } from '../lib/braze/users-export.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { profileFields } from '../lib/payload/profile-fields.ts';
import { object, required } from '../lib/payload/schema.ts';

export const getProfile = defineNode({
  name: 'get-profile',
  description: 'Looks up a person’s profile (`found` or `not_found`), so that the conversation can use it.',
  example: {
    payload: { external_id: '{CUSTOMER_ID}', fields: ['first_name', 'custom_attributes.loyalty_number'] },
    variables: ['BRAZE_FIRST_NAME', 'BRAZE_LOYALTY_NUMBER'],
  },
  endpoint: {
    path: 'users/export/ids',
    permission: 'users.export.ids',
    refusesEmptyBody: true,
    maxObjects: 1,
    isIdempotent: () => true,
    queueOnFailure: false,
  },
  exactIdentity: true,
  payload: object({ fields: required(profileFields) }),
  toRequest: ({ fields }, { identity }) => ({ body: toExportBody(identity.identifier, fields), paths: {} }),
  outcomes: { found: 'true', not_found: 'false' },
  readResponse: ({ body }, { fields }) => {
    const profile = parseProfile(body, fields);
    switch (profile.kind) {
      case 'found':
        return { outcome: 'found', detail: 'Braze has a profile with this identifier.', values: profile.values };
      case 'not_found':
        return { outcome: 'not_found', detail: 'Braze has no profile with this identifier.' };
      case 'unreadable':
        return { outcome: 'unavailable', detail: 'Braze’s answer could not be read.' };
    }
  },
});

export const handler = createHandler(getProfile);
