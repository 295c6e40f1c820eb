import * as v from 'valibot';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { subscription_group_id } from '../lib/payload/fields/subscription.ts';
import { object, required } from '../lib/payload/schema.ts';

const State = v.pipe(v.string(), v.toLowerCase(), v.picklist(['subscribed', 'unsubscribed', 'unknown']));
/** One person is asked for, so there is one state. */
const Status = v.pipe(v.record(v.string(), State), v.transform(Object.values), v.strictTuple([State]));

const DETAILS = {
  subscribed: 'The person is subscribed to the group.',
  unsubscribed: 'The person is unsubscribed from the group.',
  unknown: 'Braze has no subscription of this person to the group.',
} as const;

/** https://www.braze.com/docs/api/endpoints/subscription_groups/get_list_user_subscription_group_status/ */
export const getSubscription = defineNode({
  name: 'get-subscription',
  description: 'Looks up whether the person is `subscribed` to a subscription group, `unsubscribed` or `unknown`.',
  example: {
    payload: { external_id: '{CUSTOMER_ID}', subscription_group_id: '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11' },
  },
  endpoint: {
    method: 'GET',
    path: 'subscription/status/get',
    query: ['subscription_group_id', 'external_id', 'email', 'phone'],
    permission: 'subscription.status.get',
    isIdempotent: () => true,
    queueOnFailure: false,
  },
  identifiers: ['external_id', 'email', 'phone'],
  exactIdentity: true,
  payload: object({ subscription_group_id: required(subscription_group_id) }),
  toRequest: (payload, { identity }) => ({ parameters: { ...payload, ...identity.identifier } }),
  outcomes: { subscribed: 'true', unsubscribed: 'false', unknown: 'false' },
  readResponse: ({ body }) => {
    const status = v.safeParse(Status, body.status);
    if (!status.success) return { outcome: 'unavailable', detail: 'Braze answered without a state.' };
    const [outcome] = status.output;
    return { outcome, detail: DETAILS[outcome] };
  },
});

export const handler = createHandler(getSubscription);
