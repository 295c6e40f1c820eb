import { USERS_TRACK, usersTrack } from '../lib/braze/users-track.ts';
import { defineNode } from '../lib/node/create-handler.ts';
import { purchaseFields } from '../lib/payload/purchases.ts';
import { object } from '../lib/payload/schema.ts';

export const handler = defineNode({
  node: 'track-purchase',
  description:
    'Tells Braze of a purchase. New Braze customers can’t use purchases any more: send `ecommerce.order_placed` with `track-event`.',
  endpoint: USERS_TRACK,
  payload: object(purchaseFields),
  toRequest: (purchase, call) => usersTrack(call, { purchases: [{ path: 'purchase', value: purchase }] }),
});
