import { objectsOf, PARTNER, USERS_TRACK } from '../braze/users-track.ts';
import type { JsonObject } from '../json.ts';
import type { Message } from './message.ts';

const MOST_BYTES = 4 * 1_024 * 1_024;

/** A message and the id by which SQS is told what became of it. */
export interface Received {
  readonly id: string;
  readonly message: Message;
}

/** One request for several messages; `owners` has for each of its objects, array by array, the message it came from. */
export interface Packed {
  readonly received: readonly Received[];
  readonly endpoint: string;
  readonly body: JsonObject;
  readonly owners: { readonly [array: string]: readonly { readonly object: JsonObject; readonly owner: Received }[] };
}

interface Load {
  readonly received: readonly Received[];
  readonly objects: number;
  readonly bytes: number;
}

const loadOf = (received: readonly Received[]): Load => ({
  received,
  objects: received.reduce((sum, { message }) => sum + objectsOf(message.request).length, 0),
  bytes: received.reduce((sum, { message }) => sum + Buffer.byteLength(JSON.stringify(message.request)), 0),
});

const together = (a: Load, b: Load): Load => ({
  received: [...a.received, ...b.received],
  objects: a.objects + b.objects,
  bytes: a.bytes + b.bytes,
});

const fits = ({ objects, bytes }: Load): boolean => objects <= USERS_TRACK.maxObjects && bytes <= MOST_BYTES;

/** The first load with others beside it, so that they leave the least room. Of the same fill, the fewest bytes. */
const fullest = (first: Load, others: readonly Load[]): Load => {
  const reached = new Map([[first.objects, first]]);
  for (const other of others) {
    for (const load of [...reached.values()]) {
      const both = together(load, other);
      const best = reached.get(both.objects);
      if (fits(both) && (best === undefined || both.bytes < best.bytes)) reached.set(both.objects, both);
    }
  }
  return [...reached.values()].reduce((most, load) => (load.objects > most.objects ? load : most));
};

/** One request after the other, each begun with the largest load that is left and then filled as far as it goes. */
const fillEach = (loads: readonly Load[]): readonly Load[] => {
  const requests: Load[] = [];
  let [first, ...others] = loads.toSorted((a, b) => b.objects - a.objects || b.bytes - a.bytes);
  while (first !== undefined) {
    const request = fullest(first, others);
    const taken = new Set(request.received);
    requests.push(request);
    [first, ...others] = others.filter(({ received }) => received.every((one) => !taken.has(one)));
  }
  return requests;
};

/** Each load into the first request that has room for it, the heaviest first. */
const firstFit = (loads: readonly Load[]): readonly Load[] => {
  const requests: Load[] = [];
  for (const load of loads.toSorted((a, b) => b.bytes - a.bytes)) {
    const room = requests.findIndex((request) => fits(together(request, load)));
    const request = requests[room];
    if (request === undefined) requests.push(load);
    else requests[room] = together(request, load);
  }
  return requests;
};

const fewer = (one: readonly Load[], other: readonly Load[]) => (other.length < one.length ? other : one);

/** By objects, or by bytes where these are what is short. */
const fill = (loads: readonly Load[]): readonly Load[] => fewer(fillEach(loads), firstFit(loads));

/** Under each of the five names, so that an email that reads like an id is another person. */
const personIn = ({ message }: Received): string => {
  const [first] = objectsOf(message.request).map(({ object }) => object);
  return JSON.stringify(['external_id', 'user_alias', 'braze_id', 'email', 'phone'].map((name) => first?.[name]));
};

const toRequest = ({ received }: Load): Packed => {
  const inTurn = received.toSorted((a, b) => a.message.time.localeCompare(b.message.time));
  const objects = inTurn.flatMap((owner) => objectsOf(owner.message.request).map((placed) => ({ ...placed, owner })));
  const arrays = Map.groupBy(objects, ({ array }) => array);
  const lists = [...arrays].map(([array, placed]) => [array, placed.map(({ object }) => object)] as const);
  return {
    received: inTurn,
    endpoint: USERS_TRACK.path,
    body: { ...Object.fromEntries(lists), partner: PARTNER },
    owners: Object.fromEntries(arrays),
  };
};

const alone = (received: Received): Packed => ({
  received: [received],
  endpoint: received.message.endpoint,
  body: received.message.request,
  owners: {},
});

/**
 * Messages → as few requests as hold them (75 objects, 4 MB), none of them split, the earliest words first. What one
 * person said stays in one request where that costs none: Braze may process two requests in either order.
 * A message for another endpoint than `users/track` is a request of its own.
 */
export const pack = (received: readonly Received[]): readonly Packed[] => {
  const { true: track = [], false: others = [] } = Object.groupBy(received, ({ message }) =>
    message.endpoint === USERS_TRACK.path ? 'true' : 'false',
  );
  const people = [...Map.groupBy(track, personIn).values()].map(loadOf);
  const byPerson = fill(people.flatMap((load) => (fits(load) ? [load] : load.received.map((one) => loadOf([one])))));
  const requests = fewer(byPerson, fill(track.map((one) => loadOf([one]))));
  return [...requests.map(toRequest), ...others.map(alone)];
};
