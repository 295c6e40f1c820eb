import { toTrackRequest, USERS_TRACK } from '../lib/braze/users-track.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { attributes } from '../lib/payload/attributes.ts';
import { event } from '../lib/payload/events.ts';
import { purchase } from '../lib/payload/purchases.ts';
import { listWithPaths, object, single } from '../lib/payload/schema.ts';
import { session, toSessionData } from '../lib/payload/session.ts';

export const trackUser = defineNode({
  name: 'track-user',
  description: 'Updates a profile and records events and purchases from a conversation.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      attributes: {
        first_name: '{FIRST_NAME}',
        last_name: '{LAST_NAME}',
        email: '{EMAIL}',
        dob: '{DATE_OF_BIRTH}',
        home_city: '{CITY}',
      },
      event: { name: 'conversation_started', properties: { flow: 'summer_sale' } },
      session: ['operating_system', 'language', 'browser', 'page', 'utm'],
    },
  },
  endpoint: USERS_TRACK,
  payload: object({
    attributes,
    event: single(event),
    events: listWithPaths(event),
    purchase: single(purchase),
    purchases: listWithPaths(purchase),
    session,
  }),
  toRequest: ({ attributes, event = [], events = [], purchase = [], purchases = [], session = [] }, call) =>
    toTrackRequest(call, {
      attributes,
      events: [...event, ...events],
      purchases: [...purchase, ...purchases],
      session: toSessionData(session, call.userData),
    }),
});

export const handler = createHandler(trackUser);
