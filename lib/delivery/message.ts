import * as v from 'valibot';
import { isPath, METHODS } from '../braze/endpoint.ts';
import { listObjects, USERS_TRACK } from '../braze/users-track.ts';
import type { JsonObject } from '../json.ts';

/** Why a request was not delivered: `busy` and `unknown` are retried, the others wait for an operator. */
const REASONS = ['busy', 'unknown', 'in_doubt', 'misconfigured', 'rejected', 'stale', 'expired', 'unreadable'] as const;
export type Reason = (typeof REASONS)[number];

const Body: v.GenericSchema<unknown, JsonObject> = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** Whether a body has only objects that packing keeps: any other member would be lost in a packed request. */
const isTrackBody = (body: JsonObject): boolean => {
  const { partner: _, ...arrays } = body;
  const given = Object.values(arrays).reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 1), 0);
  return given > 0 && listObjects(body).length === given;
};

const common = {
  node: v.string(),
  stage: v.string(),
  /** The time of the call: ISO 8601 in UTC. */
  time: v.pipe(
    v.string(),
    v.check((time) => !Number.isNaN(Date.parse(time))),
  ),
  request: Body,
};
const path = v.pipe(v.string(), v.check(isPath));

const Version1 = v.pipe(
  v.object({
    ...common,
    version: v.literal(1),
    reason: v.union([
      v.pipe(
        v.literal('unclear'),
        v.transform(() => 'unknown' as const),
      ),
      v.picklist(REASONS),
    ]),
    endpoint: path,
    replay_safe: v.boolean(),
  }),
  v.transform(({ endpoint, replay_safe, ...rest }) => ({
    ...rest,
    version: 2 as const,
    method: 'POST' as const,
    path: endpoint,
    idempotent: replay_safe,
  })),
);
const Version2 = v.object({
  ...common,
  version: v.literal(2),
  reason: v.picklist(REASONS),
  method: v.picklist(METHODS),
  /** Below the REST endpoint, with its parameters filled in: `users/track`. */
  path,
  /** Whether sending it twice has the effect of once. */
  idempotent: v.boolean(),
});
/** False for a request that is nested so deeply that JSON.stringify has no stack for it. */
const isSerializable = (request: unknown): boolean => {
  try {
    JSON.stringify(request);
    return true;
  } catch {
    return false;
  }
};

const Message = v.pipe(
  v.union([Version2, Version1]),
  v.check((message) => isSerializable(message.request)),
  v.check((message) => message.path !== USERS_TRACK.path || isTrackBody(message.request)),
);
/** A message of a later version than this code, after a deployment was rolled back. */
const Later = v.object({ version: v.pipe(v.number(), v.integer(), v.minValue(3)) });

/** A queued request: everything that sending it needs, except the credentials. */
export type Message = Readonly<v.InferOutput<typeof Message>>;

const MessageText = v.pipe(v.string(), v.parseJson());

/** The body of a message, parsed; `later_version` if this code does not know its version. */
export type ParsedMessage =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'later_version' }
  | { readonly kind: 'unreadable' };

export const parseMessage = (body: string): ParsedMessage => {
  const json = v.safeParse(MessageText, body);
  if (!json.success) return { kind: 'unreadable' };
  if (v.is(Later, json.output)) return { kind: 'later_version' };
  const { success, output } = v.safeParse(Message, json.output);
  return success ? { kind: 'message', message: output } : { kind: 'unreadable' };
};

/** The time since the call. */
export const getAgeMs = ({ time }: Message): number => Date.now() - Date.parse(time);
