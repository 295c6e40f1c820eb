import { USERS_TRACK, usersTrack } from '../lib/braze/users-track.ts';
import { defineNode } from '../lib/node/create-handler.ts';
import { STANDARD } from '../lib/payload/attributes.ts';
import { object } from '../lib/payload/schema.ts';

export const handler = defineNode({
  node: 'set-subscription',
  description: 'Tells Braze whether the person wants email, push, or the messages of a subscription group.',
  endpoint: USERS_TRACK,
  payload: object({
    email_subscribe: STANDARD.email_subscribe,
    push_subscribe: STANDARD.push_subscribe,
    subscription_groups: STANDARD.subscription_groups,
  }),
  toRequest: (attributes, call) =>
    Object.keys(attributes).length === 0 ? undefined : usersTrack(call, { attributes: { ...attributes } }),
});
