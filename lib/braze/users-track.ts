import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Attributes } from '../payload/attributes.ts';
import { addSessionProperties } from '../payload/ecommerce.ts';
import type { Event } from '../payload/events.ts';
import { IDENTIFIERS, type Identifier } from '../payload/identity.ts';
import type { Call } from '../payload/parse.ts';
import { withinLimits } from '../payload/properties.ts';
import type { Purchase } from '../payload/purchases.ts';
import type { WithPath } from '../payload/schema.ts';
import type { SessionData } from '../payload/session.ts';
import type { BrazeRequest, Endpoint } from './endpoint.ts';

/** The name that tells Braze which integration speaks. */
export const PARTNER = 'pypestream';

/** What a payload says about one person. */
export interface Said {
  readonly attributes?: Attributes | undefined;
  readonly events?: readonly WithPath<Event>[];
  readonly purchases?: readonly WithPath<Purchase>[];
  readonly session?: SessionData;
}

const NO_SESSION: SessionData = { attributes: {}, properties: {} };

/** Said on every object where it matters: an alias finds only existing users unless it is said (Braze, "Track users"). */
const identityOf = (identifier: Identifier, updateExistingOnly: boolean): JsonObject => ({
  ...identifier,
  ...((updateExistingOnly || 'user_alias' in identifier) && { _update_existing_only: updateExistingOnly }),
});

/**
 * The body of `POST /users/track`: every object carries the one identifier, each array is there only where it holds
 * something. `undefined` where there is nothing to say about the person.
 */
export const usersTrack = (
  { identity: { identifier, contact }, updateExistingOnly, now }: Call,
  { attributes = {}, events = [], purchases = [], session = NO_SESSION }: Said,
): Required<Pick<BrazeRequest, 'body' | 'paths'>> | undefined => {
  const identity = identityOf(identifier, updateExistingOnly);
  const moment = new Date(now).toISOString();
  const profile = { ...session.attributes, ...contact, ...attributes };
  const speaks = Object.keys(profile).some((name) => name !== '_merge_objects');
  const body = {
    ...(speaks && { attributes: [{ ...identity, ...profile }] }),
    ...(events.length > 0 && {
      events: events.map(({ value: { name, time = moment, properties } }) => {
        const both = addSessionProperties(name, { ...properties }, session.properties);
        const all = withinLimits(both) ? both : { ...properties };
        return { ...identity, name, time, ...(Object.keys(all).length > 0 && { properties: all }) };
      }),
    }),
    ...(purchases.length > 0 && {
      purchases: purchases.map(({ value: { time = moment, ...purchase } }) => ({ ...identity, ...purchase, time })),
    }),
  };
  if (Object.keys(body).length === 0) return undefined;
  return {
    body: { ...body, partner: PARTNER },
    paths: {
      attributes: speaks ? ['attributes'] : [],
      events: events.map(({ path }) => path),
      purchases: purchases.map(({ path }) => path),
    },
  };
};

/** Braze's operators build on what is there, so saying them twice does not do what saying them once does. */
const OPERATORS = ['inc', 'add', 'remove', '$add', '$update', '$remove'];

const hasOperator = (value: Json): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasOperator);
  return Object.entries(value).some(
    ([key, member]) =>
      OPERATORS.includes(key) || (key === 'use_double_opt_in_logic' && member === true) || hasOperator(member),
  );
};

const ARRAYS = ['attributes', 'events', 'purchases'] as const;

/** One object of a body, and the array it stands in. */
export interface PlacedObject {
  readonly array: (typeof ARRAYS)[number];
  readonly index: number;
  readonly object: JsonObject;
}

/** All objects of a `users/track` body, in the order in which Braze counts them. */
export const objectsOf = (body: JsonObject): readonly PlacedObject[] =>
  ARRAYS.flatMap((array) => {
    const list = body[array];
    return Array.isArray(list) ? list.filter(isJsonObject).map((object, index) => ({ array, index, object })) : [];
  });

/** Whom a `users/track` body is about, under the identifier's name: an email that reads like an id is another person. */
export const recipientKey = (body: JsonObject): string => {
  const [first] = objectsOf(body).map(({ object }) => object);
  return JSON.stringify(IDENTIFIERS.map((name) => first?.[name]));
};

/**
 * Whether sending the body twice leaves Braze as sending it once does (contract, section 6): nothing but attributes,
 * none of them with an operator. Where a stage would rather have doubles than losses, events count as safe too.
 */
const isIdempotent = (body: JsonObject, eventsAreSafe: boolean): boolean =>
  objectsOf(body).every(
    ({ array, object }) =>
      (array === 'attributes' && !Object.values(object).some(hasOperator)) || (array === 'events' && eventsAreSafe),
  );

export const USERS_TRACK: Endpoint = {
  path: 'users/track',
  permission: 'users.track',
  refusesEmptyBody: true,
  maxObjects: 75,
  isIdempotent,
  queueOnFailure: true,
};
