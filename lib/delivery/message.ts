import * as v from 'valibot';
import { objectsOf, USERS_TRACK } from '../braze/users-track.ts';
import type { JsonObject } from '../json.ts';

/** Why Braze has not taken a request: the first two pass by themselves, the others wait for an operator. */
const REASONS = ['busy', 'unclear', 'in_doubt', 'misconfigured', 'rejected', 'unreadable'] as const;
export type Reason = (typeof REASONS)[number];

const Body: v.GenericSchema<unknown, JsonObject> = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** A body that is not what it should be must not vanish among the others of a packed request. */
const isTrackBody = (body: JsonObject): boolean => {
  const { partner: _, ...arrays } = body;
  const given = Object.values(arrays).reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 1), 0);
  return given > 0 && objectsOf(body).length === given;
};

const Fields = v.object({
  version: v.literal(1),
  node: v.string(),
  stage: v.string(),
  reason: v.picklist(REASONS),
  /** When the conversation said it: ISO 8601 in UTC. */
  time: v.string(),
  /** Below the REST endpoint: `users/track`. */
  endpoint: v.pipe(v.string(), v.regex(/^[a-z0-9/]+$/)),
  replay_safe: v.boolean(),
  request: Body,
});
const Message = v.pipe(
  Fields,
  v.check(({ endpoint, request }) => endpoint !== USERS_TRACK.path || isTrackBody(request)),
);

/** A request as it lies in a queue: all that sending it again needs, and no key. */
export type Message = Readonly<v.InferOutput<typeof Message>>;

const MessageText = v.pipe(v.string(), v.parseJson(), Message);

/** A queue's message body → the message; `undefined` for what is none, or is of a version not known here. */
export const readMessage = (body: string): Message | undefined => {
  const { success, output } = v.safeParse(MessageText, body);
  return success ? output : undefined;
};
