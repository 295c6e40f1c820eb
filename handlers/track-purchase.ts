import { toTrackRequest, USERS_TRACK } from '../lib/braze/users-track.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { withCurrency } from '../lib/payload/fields/currency.ts';
import { purchaseFields } from '../lib/payload/purchases.ts';
import { object } from '../lib/payload/schema.ts';

export const trackPurchase = defineNode({
  name: 'track-purchase',
  description:
    'Records a purchase. New Braze customers can’t use purchases any more: send `ecommerce.order_placed` with `track-event`.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      product_id: '{PRODUCT_ID}',
      currency: '{CURRENCY}',
      price: '{PRICE}',
      quantity: '{QUANTITY}',
      properties: { flow: 'summer_sale' },
    },
  },
  endpoint: USERS_TRACK,
  payload: withCurrency(object(purchaseFields)),
  toRequest: (purchase, call) => toTrackRequest(call, { purchases: [{ path: 'purchase', value: purchase }] }),
});

export const handler = createHandler(trackPurchase);
