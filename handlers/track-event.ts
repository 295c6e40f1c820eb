import { toTrackRequest, USERS_TRACK } from '../lib/braze/users-track.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { eventWith } from '../lib/payload/events.ts';
import { session, toSessionData } from '../lib/payload/session.ts';

export const trackEvent = defineNode({
  name: 'track-event',
  description: 'Records an event, which can start a Canvas or a campaign.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      name: 'conversation_started',
      properties: { flow: 'summer_sale' },
      session: ['operating_system', 'language', 'browser', 'page', 'utm'],
    },
  },
  endpoint: USERS_TRACK,
  payload: eventWith({ session }),
  toRequest: ({ session = [], ...event }, call) =>
    toTrackRequest(call, { events: [{ path: 'event', value: event }], session: toSessionData(session, call.userData) }),
});

export const handler = createHandler(trackEvent);
