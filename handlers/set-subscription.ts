import { toTrackRequest, USERS_TRACK } from '../lib/braze/users-track.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { STANDARD } from '../lib/payload/attributes.ts';
import { object } from '../lib/payload/schema.ts';

export const setSubscription = defineNode({
  name: 'set-subscription',
  description: 'Records whether the person wants email, push or the messages of a subscription group.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      email_subscribe: 'opted_in',
      push_subscribe: 'opted_in',
      subscription_groups: [
        { subscription_group_id: '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11', subscription_state: 'subscribed' },
      ],
    },
  },
  endpoint: USERS_TRACK,
  payload: object({
    email_subscribe: STANDARD.email_subscribe,
    push_subscribe: STANDARD.push_subscribe,
    subscription_groups: STANDARD.subscription_groups,
  }),
  toRequest: (attributes, call) => toTrackRequest(call, { attributes: { ...attributes } }),
});

export const handler = createHandler(setSubscription);
