import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Attributes } from '../payload/attributes.ts';
import { addSessionProperties } from '../payload/ecommerce.ts';
import type { Event } from '../payload/events.ts';
import { IDENTIFIERS, type Identifier } from '../payload/identity.ts';
import type { Call } from '../payload/parse.ts';
import { isWithinLimits } from '../payload/properties.ts';
import type { Purchase } from '../payload/purchases.ts';
import type { WithPath } from '../payload/schema.ts';
import type { SessionData } from '../payload/session.ts';
import type { BrazeRequest, Endpoint } from './endpoint.ts';

/** The value of `partner`, by which Braze attributes a request to this integration. */
export const PARTNER = 'pypestream';

/** What is known about one person, and what the person did. */
export interface TrackData {
  readonly attributes?: Attributes | undefined;
  readonly events?: readonly WithPath<Event>[];
  readonly purchases?: readonly WithPath<Purchase>[];
  readonly session?: SessionData;
}

const NO_SESSION: SessionData = { attributes: {}, properties: {} };

/**
 * On every object. An alias finds only existing users unless `_update_existing_only` says otherwise.
 * https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
const toIdentity = (identifier: Identifier, updateExistingOnly: boolean): JsonObject => ({
  ...identifier,
  ...((updateExistingOnly || 'user_alias' in identifier) && { _update_existing_only: updateExistingOnly }),
});

/**
 * The body of `POST /users/track`, with the identifier on every object, and without empty arrays. `undefined` if there
 * is nothing to send.
 */
export const toTrackRequest = (
  { identity: { identifier, contact }, updateExistingOnly, now }: Call,
  { attributes = {}, events = [], purchases = [], session = NO_SESSION }: TrackData,
): Required<Pick<BrazeRequest, 'body' | 'paths'>> | undefined => {
  const identity = toIdentity(identifier, updateExistingOnly);
  const sentAt = new Date(now).toISOString();
  const profile = { ...session.attributes, ...contact, ...attributes };
  const hasAttributes = Object.keys(profile).some((name) => name !== '_merge_objects');
  const body = {
    ...(hasAttributes && { attributes: [{ ...identity, ...profile }] }),
    ...(events.length > 0 && {
      events: events.map(({ value: { name, time = sentAt, properties } }) => {
        const merged = addSessionProperties(name, { ...properties }, session.properties);
        const all = isWithinLimits(merged) ? merged : { ...properties };
        return { ...identity, name, time, ...(Object.keys(all).length > 0 && { properties: all }) };
      }),
    }),
    ...(purchases.length > 0 && {
      purchases: purchases.map(({ value: { time = sentAt, ...purchase } }) => ({ ...identity, ...purchase, time })),
    }),
  };
  if (Object.keys(body).length === 0) return undefined;
  return {
    body: { ...body, partner: PARTNER },
    paths: {
      attributes: hasAttributes ? ['attributes'] : [],
      events: events.map(({ path }) => path),
      purchases: purchases.map(({ path }) => path),
    },
  };
};

/** Operators change what is there, so they are not idempotent. */
const OPERATORS = ['inc', 'add', 'remove', '$add', '$update', '$remove'];

/** A subscription with double opt-in sends a message, so it is not idempotent either. */
const mustNotRepeat = (value: Json): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(mustNotRepeat);
  return Object.entries(value).some(
    ([key, member]) =>
      OPERATORS.includes(key) || (key === 'use_double_opt_in_logic' && member === true) || mustNotRepeat(member),
  );
};

const ARRAYS = ['attributes', 'events', 'purchases'] as const;

/** An object of a body, with its position. */
export interface TrackObject {
  readonly array: (typeof ARRAYS)[number];
  readonly index: number;
  readonly object: JsonObject;
}

/** All objects of a `users/track` body, in the order in which Braze processes them. */
export const listObjects = (body: JsonObject): readonly TrackObject[] =>
  ARRAYS.flatMap((array) => {
    const list = body[array];
    return Array.isArray(list) ? list.filter(isJsonObject).map((object, index) => ({ array, index, object })) : [];
  });

/** A key for the person of a `users/track` body, with the identifier's name: an id may equal another person's email. */
export const toRecipientKey = (body: JsonObject): string => {
  const [first] = listObjects(body).map(({ object }) => object);
  return JSON.stringify(IDENTIFIERS.map((name) => first?.[name]));
};

/**
 * Whether a body has only attributes that may be sent twice. If the stage accepts duplicate events, events count as
 * idempotent too.
 */
const isIdempotent = (body: JsonObject, replayInDoubt: boolean): boolean =>
  listObjects(body).every(
    ({ array, object }) =>
      (array === 'attributes' && !Object.values(object).some(mustNotRepeat)) || (array === 'events' && replayInDoubt),
  );

export const USERS_TRACK = {
  path: 'users/track',
  permission: 'users.track',
  refusesEmptyBody: true,
  maxObjects: 75,
  isIdempotent,
  queueOnFailure: true,
} as const satisfies Endpoint;
