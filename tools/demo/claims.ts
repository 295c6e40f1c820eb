import { isDeepStrictEqual } from 'node:util';
import { aliasOf } from '../../emulators/braze/identifier.ts';
import type { BrazeEmulator, Identifier, Profile } from '../../emulators/braze.ts';
import { isArray, isObject, isText, type Json, type JsonObject } from '../../emulators/json.ts';

/** One thing that a request wants Braze to hold, and how to find out whether Braze does. */
export interface Claim {
  /** The object of the request that it stands in, such as `events.0`. */
  readonly object: string;
  readonly what: string;
  /** Whose profile it belongs to. */
  readonly person: Identifier | undefined;
  readonly isHeld: (profile: Profile) => boolean;
}

const objectsIn = (value: Json | undefined): readonly JsonObject[] => (isArray(value) ? value.filter(isObject) : []);

const CONTROL = ['external_id', 'user_alias', 'braze_id', '_update_existing_only', '_merge_objects'];

/** Whom an object is about: the first identifier in Braze's own order. */
const personIn = ({ external_id, user_alias, braze_id, email, phone }: JsonObject): Identifier | undefined => {
  const alias = aliasOf(user_alias);
  if (isText(external_id)) return { external_id };
  if (alias !== undefined) return { user_alias: alias };
  if (isText(braze_id)) return { braze_id };
  if (isText(email)) return { email };
  return isText(phone) ? { phone } : undefined;
};

const includes = (list: readonly Json[], wanted: Json): boolean => list.some((one) => isDeepStrictEqual(one, wanted));

/** Arrays at Braze hold each value once. */
const isSame = (held: Json | undefined, said: Json): boolean =>
  isDeepStrictEqual(held, said) ||
  (isArray(held) &&
    isArray(said) &&
    held.every((one) => includes(said, one)) &&
    said.every((one) => includes(held, one)));

/** What Braze's operators leave behind on a person who had nothing under that name. */
const isOperated = (held: Json | undefined, { inc, add, remove, $add }: JsonObject): boolean => {
  if (inc !== undefined) return held === inc;
  const list = isArray(held) ? held : [];
  const wanted = [...(isArray(add) ? add : []), ...(isArray($add) ? $add : [])];
  const unwanted = isArray(remove) ? remove : [];
  return (
    wanted.every((one) => includes(list, one) || includes(unwanted, one)) &&
    !list.some((one) => includes(unwanted, one))
  );
};

const OPERATORS = ['inc', 'add', 'remove', '$add', '$update', '$remove'];
const isOperation = (value: Json): value is JsonObject =>
  isObject(value) && Object.keys(value).length > 0 && Object.keys(value).every((key) => OPERATORS.includes(key));

const isAttributeHeld = ({ attributes, custom_attributes, subscription_groups }: Profile, name: string, said: Json) => {
  if (name === 'subscription_groups') {
    return objectsIn(said).every(
      ({ subscription_group_id, subscription_state }) =>
        subscription_groups[String(subscription_group_id)] === subscription_state,
    );
  }
  const held = attributes[name] ?? custom_attributes[name];
  if (said === null) return held === undefined;
  return isOperation(said) ? isOperated(held, said) : isSame(held, said);
};

const attributeClaims = (object: string, attributes: JsonObject, person: Identifier | undefined): readonly Claim[] =>
  Object.entries(attributes)
    .filter(([name]) => !CONTROL.includes(name))
    .map(([name, said]) => ({ object, what: name, person, isHeld: (profile) => isAttributeHeld(profile, name, said) }));

/** Braze keeps a moment of the future as the present one. */
const isMoment = (held: Json | undefined, said: Json | undefined): boolean =>
  Date.parse(String(held)) === Date.parse(String(said)) || Date.parse(String(said)) > Date.now();

type Occurrence = Profile['events'][number] | Profile['purchases'][number];

/** Whether everything said of an event or a purchase is on record. */
const isRecord = (held: Occurrence, said: JsonObject): boolean =>
  Object.entries({ properties: {}, ...said }).every(([key, value]) => {
    if (CONTROL.includes(key)) return true;
    const kept = Object.entries(held).find(([name]) => name === key)?.[1];
    if (key === 'time') return isMoment(kept, value);
    // Without a primary identifier these two are one.
    return (key === 'email' || key === 'phone') && kept === undefined ? true : isDeepStrictEqual(kept, value);
  });

/** On record as often as the request says it: neither lost nor doubled. */
const occurrenceClaims = (
  kind: 'events' | 'purchases',
  name: (said: JsonObject) => Json | undefined,
  body: JsonObject,
): readonly Claim[] =>
  objectsIn(body[kind]).map((said, index, all) => ({
    object: `${kind}.${index}`,
    what: `${kind === 'events' ? 'event' : 'purchase'} ${name(said)}`,
    person: personIn(said),
    isHeld: (profile) =>
      profile[kind].filter((held) => isRecord(held, said)).length ===
      all.filter((other) => isDeepStrictEqual(other, said)).length,
  }));

const tracked = (body: JsonObject): readonly Claim[] => [
  ...objectsIn(body.attributes).flatMap((object, index) =>
    attributeClaims(`attributes.${index}`, object, personIn(object)),
  ),
  ...occurrenceClaims('events', ({ name }) => name, body),
  ...occurrenceClaims('purchases', ({ product_id }) => product_id, body),
];

const identified = (body: JsonObject): readonly Claim[] =>
  ['aliases_to_identify', 'emails_to_identify', 'phone_numbers_to_identify'].flatMap((key) =>
    objectsIn(body[key]).map(({ external_id, ...found }, index) => ({
      object: `${key}.${index}`,
      what: `external_id ${external_id} on who was found`,
      person: personIn(found),
      isHeld: (profile: Profile) => profile.external_id === external_id,
    })),
  );

const triggered = (body: JsonObject): readonly Claim[] =>
  objectsIn(body.recipients).flatMap((recipient, index) => {
    const { external_user_id, attributes, ...others } = recipient;
    const person = isText(external_user_id) ? { external_id: external_user_id } : personIn(others);
    const object = `recipients.${index}`;
    const context = {
      ...(isObject(body.context) && body.context),
      ...(isObject(recipient.context) && recipient.context),
    };
    return [
      ...(isObject(attributes) ? attributeClaims(object, attributes, person) : []),
      {
        object,
        what: `one entry into the Canvas ${body.canvas_id}`,
        person,
        isHeld: ({ canvas_entries }: Profile) =>
          canvas_entries.filter(
            (entry) => entry.canvas_id === body.canvas_id && isDeepStrictEqual(entry.context, context),
          ).length === 1,
      },
    ];
  });

const leavesOf = (value: Json): readonly Json[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];

/** For an endpoint without a rule of its own: each value of the request is to be found on one profile. */
const anyhow = ({ partner: _, ...body }: JsonObject): readonly Claim[] =>
  leavesOf(body)
    .filter((leaf) => typeof leaf === 'string' || typeof leaf === 'number')
    .map((leaf) => ({
      object: 'request',
      what: JSON.stringify(leaf),
      person: undefined,
      isHeld: (profile) => JSON.stringify(profile).includes(JSON.stringify(leaf)),
    }));

const CLAIMS: ReadonlyMap<string, (body: JsonObject) => readonly Claim[]> = new Map([
  ['/users/track', tracked],
  ['/users/identify', identified],
  ['/canvas/trigger/send', triggered],
  // It only reads.
  ['/users/export/ids', () => []],
]);

export const isReading = (path: string): boolean => path === '/users/export/ids';

/** Everything that a request wants Braze to hold afterwards. */
export const claimsOf = (path: string, body: JsonObject): readonly Claim[] => (CLAIMS.get(path) ?? anyhow)(body);

const profilesFor = ({ person }: Claim, braze: BrazeEmulator): readonly Profile[] => {
  if (person === undefined) return braze.profiles;
  const profile = braze.profile(person);
  return profile === undefined ? [] : [profile];
};

/** The claims that Braze does not hold: read back, not believed. */
export const missingAt = (braze: BrazeEmulator, claims: readonly Claim[]): readonly Claim[] =>
  claims.filter((claim) => !profilesFor(claim, braze).some((profile) => claim.isHeld(profile)));
