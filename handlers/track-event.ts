import { USERS_TRACK, usersTrack } from '../lib/braze/users-track.ts';
import { defineNode } from '../lib/node/create-handler.ts';
import { asRecommended, eventFields } from '../lib/payload/events.ts';
import { object } from '../lib/payload/schema.ts';
import { session, sessionData } from '../lib/payload/session.ts';

export const handler = defineNode({
  node: 'track-event',
  description: 'Tells Braze that something happened, so that it can start a Canvas or a campaign.',
  endpoint: USERS_TRACK,
  payload: object({ ...eventFields, session }, { check: asRecommended }),
  toRequest: ({ session = [], ...event }, call) =>
    usersTrack(call, { events: [{ path: 'event', value: event }], session: sessionData(session, call.userData) }),
});
