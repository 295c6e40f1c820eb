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
    const values = parseProfile(body, fields);
    if (values === 'unreadable') {
      return { outcome: 'unavailable', detail: 'Braze answered without saying whom it knows.' };
    }
    return values === undefined
      ? { outcome: 'not_found', detail: 'Braze knows nobody by this identifier.' }
      : { outcome: 'found', detail: 'Braze knows the person.', values };
  },
});

export const handler = createHandler(getProfile);
