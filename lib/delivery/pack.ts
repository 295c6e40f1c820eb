import type { Method } from '../braze/endpoint.ts';
import { listObjects, PARTNER, USERS_TRACK } from '../braze/users-track.ts';
import type { JsonObject } from '../json.ts';
import type { Message } from './message.ts';

/** https://www.braze.com/docs/api/basics/ */
const MAX_BODY_BYTES = 4 * 1_024 * 1_024;

/** A message with its SQS id. */
export interface ReceivedMessage {
  readonly id: string;
  readonly message: Message;
}

export interface ObjectOwner {
  readonly owner: ReceivedMessage;
  readonly index: number;
}

/** One request for several messages. */
export interface PackedRequest {
  readonly messages: readonly ReceivedMessage[];
  readonly method: Method;
  readonly path: string;
  readonly body: JsonObject;
  /** For each object of the body, by array, the message that it came from and its index there. */
  readonly owners: { readonly [array: string]: readonly ObjectOwner[] };
}

const mergeMessages = (messages: readonly ReceivedMessage[]): PackedRequest => {
  const objects = messages.flatMap((owner) =>
    listObjects(owner.message.request).map((placed) => ({ ...placed, owner })),
  );
  const arrays = Map.groupBy(objects, ({ array }) => array);
  const lists = [...arrays].map(([array, placed]) => [array, placed.map(({ object }) => object)] as const);
  return {
    messages,
    method: 'POST',
    path: USERS_TRACK.path,
    body: { ...Object.fromEntries(lists), partner: PARTNER },
    owners: Object.fromEntries(arrays),
  };
};

const toRequest = (one: ReceivedMessage): PackedRequest => ({
  messages: [one],
  method: one.message.method,
  path: one.message.path,
  body: one.message.request,
  owners: {},
});

/**
 * Packs messages into requests of at most 75 objects and 4 MB, in the order of their calls. No message is split. Only
 * messages for `users/track` share a request.
 */
export const pack = (received: readonly ReceivedMessage[]): readonly PackedRequest[] => {
  const requests: (ReceivedMessage | ReceivedMessage[])[] = [];
  let current: ReceivedMessage[] = [];
  let room = { objects: 0, bytes: 0 };
  for (const one of received.toSorted((a, b) => a.message.time.localeCompare(b.message.time))) {
    const { path, request } = one.message;
    if (path !== USERS_TRACK.path) {
      requests.push(one);
      continue;
    }
    const objects = listObjects(request).length;
    const bytes = Buffer.byteLength(JSON.stringify(request));
    if (objects > room.objects || bytes > room.bytes) {
      current = [];
      requests.push(current);
      room = { objects: USERS_TRACK.maxObjects, bytes: MAX_BODY_BYTES };
    }
    current.push(one);
    room = { objects: room.objects - objects, bytes: room.bytes - bytes };
  }
  return requests.map((request) => (Array.isArray(request) ? mergeMessages(request) : toRequest(request)));
};
