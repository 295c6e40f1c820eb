import { isMissing, isOk } from '../lib/braze/response.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { shortText } from '../lib/payload/fields/text.ts';
import { object, required } from '../lib/payload/schema.ts';

/** https://www.braze.com/docs/api/endpoints/preference_center/get_create_url_preference_center/ */
export const getPreferenceCenter = defineNode({
  name: 'get-preference-center',
  description: 'Looks up the address of the page on which the person changes what they want to get from you.',
  example: {
    payload: { external_id: '{CUSTOMER_ID}', preference_center_id: '3b1f0c86-52d4-4a0e-8f7b-64c9e21d7a90' },
    variables: ['BRAZE_PREFERENCE_CENTER_URL'],
  },
  endpoint: {
    method: 'GET',
    path: 'preference_center/v1/{preference_center_id}/url/{external_id}',
    permission: 'preference_center.user.get',
    isAnswer: (status, body) =>
      (isOk(status) && typeof body.preference_center_url === 'string') || isMissing(status, body),
    isIdempotent: () => true,
    queueOnFailure: false,
  },
  identifiers: ['external_id'],
  exactIdentity: true,
  payload: object({ preference_center_id: required(shortText) }),
  toRequest: (payload, { identity }) => ({ parameters: { ...payload, ...identity.identifier } }),
  outcomes: { found: 'true', not_found: 'false' },
  readResponse: ({ status, body }) => {
    if (status === 404) {
      return { outcome: 'not_found', detail: 'Braze has no such preference center, or does not know the person.' };
    }
    const url = String(body.preference_center_url);
    return /^https:\/\//.test(url) && URL.canParse(url)
      ? { outcome: 'found', detail: 'Braze has the page.', values: { BRAZE_PREFERENCE_CENTER_URL: url } }
      : { outcome: 'unavailable', detail: 'Braze answered without an address.' };
  },
});

export const handler = createHandler(getPreferenceCenter);
