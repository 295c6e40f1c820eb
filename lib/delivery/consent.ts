import * as v from 'valibot';
import { listObjects, USERS_TRACK } from '../braze/users-track.ts';
import { getOwn, isJsonObject, type Json, type JsonObject } from '../json.ts';
import { IDENTIFIERS, type Identifier } from '../payload/identity.ts';
import type { Message } from './message.ts';

/** The consent attributes that an export contains. */
const CHANNELS = ['email_subscribe', 'push_subscribe'] as const;
type Channel = (typeof CHANNELS)[number];

/** A consent of a message. */
export interface ConsentChange<C extends string = string> {
  /** The index of the object in the request's `attributes`. */
  readonly index: number;
  /** A consent attribute, or a subscription group as `toGroupChannel` writes it. */
  readonly channel: C;
  readonly identifier: Identifier;
}

const toGroupChannel = (group: Json): string => `subscription_groups ${getOwn(group, 'subscription_group_id')}`;

const isPermissionState = (state: unknown): boolean => state === 'opted_in' || state === 'subscribed';

/** The first identifier of an object, by which Braze finds the person. */
const toIdentifier = (object: JsonObject): Identifier | undefined => {
  const { external_id, user_alias, braze_id, email, phone } = object;
  if (typeof external_id === 'string') return { external_id };
  if (isJsonObject(user_alias)) {
    const { alias_name, alias_label } = user_alias;
    if (typeof alias_name === 'string' && typeof alias_label === 'string')
      return { user_alias: { alias_name, alias_label } };
  }
  if (typeof braze_id === 'string') return { braze_id };
  if (typeof email === 'string') return { email };
  return typeof phone === 'string' ? { phone } : undefined;
};

export const toIdentifierKey = (identifier: Identifier): string => JSON.stringify(identifier);

const listChanges = <C extends string>(
  { path, request }: Message,
  listChannels: (attributes: JsonObject) => readonly C[],
): readonly ConsentChange<C>[] => {
  if (path !== USERS_TRACK.path) return [];
  return listObjects(request).flatMap(({ array, index, object }): readonly ConsentChange<C>[] => {
    const identifier = toIdentifier(object);
    if (array !== 'attributes' || identifier === undefined) return [];
    return listChannels(object).map((channel) => ({ index, channel, identifier }));
  });
};

type IsState = (state: unknown) => boolean;
const isRefusalState: IsState = (state) => state === 'unsubscribed';

const listChannelsWith = (attributes: JsonObject, isState: IsState): readonly Channel[] =>
  CHANNELS.filter((channel) => isState(attributes[channel]));

const listGroupsWith = ({ subscription_groups: groups }: JsonObject, isState: IsState): readonly string[] =>
  Array.isArray(groups)
    ? groups.filter((group) => isState(getOwn(group, 'subscription_state'))).map(toGroupChannel)
    : [];

/** Lists the permissions of a message that can be compared with a profile. */
export const listPermissions = (message: Message): readonly ConsentChange<Channel>[] =>
  listChanges(message, (attributes) => listChannelsWith(attributes, isPermissionState));

/** Lists the permissions of a message for subscription groups, which no export contains. */
export const listGroupPermissions = (message: Message): readonly ConsentChange[] =>
  listChanges(message, (attributes) => listGroupsWith(attributes, isPermissionState));

export const listRefusals = (message: Message): readonly ConsentChange[] =>
  listChanges(message, (attributes) => [
    ...listChannelsWith(attributes, isRefusalState),
    ...listGroupsWith(attributes, isRefusalState),
  ]);

const holdsPermission = (value: Json, isMember: (name: string) => boolean): boolean => {
  if (Array.isArray(value)) return value.some((item) => holdsPermission(item, isMember));
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([name, member]) => (isMember(name) && isPermissionState(member)) || holdsPermission(member, isMember),
  );
};

/** Whether a message has a permission that exports do not contain, such as that of a subscription group. */
export const holdsOtherPermission = ({ path, request }: Message): boolean =>
  holdsPermission(request, (name) => name === 'subscription_state' || (path !== USERS_TRACK.path && isChannel(name)));

const isChannel = (name: string): boolean => CHANNELS.some((channel) => channel === name);

/** Removes some permissions from a message; `undefined` if nothing is left to send. */
export const withoutPermissions = (message: Message, dropped: readonly ConsentChange[]): Message | undefined => {
  const { attributes: _, ...others } = message.request;
  const attributes = listObjects(message.request).filter(({ array }) => array === 'attributes');
  const left = attributes.map(({ index, object }) => {
    const isKept = (channel: string) => !dropped.some((one) => one.index === index && one.channel === channel);
    const members = Object.entries(object).flatMap(([name, member]) => {
      if (name !== 'subscription_groups' || !Array.isArray(member))
        return isKept(name) ? [[name, member] as const] : [];
      const groups = member.filter((group) => isKept(toGroupChannel(group)));
      return groups.length > 0 ? [[name, groups] as const] : [];
    });
    return Object.fromEntries(members);
  });
  const remaining = left.filter((object) => {
    const identifiedBy = IDENTIFIERS.find((name) => name in object);
    return Object.keys(object).some((name) => name !== identifiedBy && name !== '_update_existing_only');
  });
  const request = { ...(remaining.length > 0 && { attributes: remaining }), ...others };
  return listObjects(request).length > 0 ? { ...message, request } : undefined;
};

/** Removes all permissions from a value; `undefined` if it was a permission. */
const dropPermissions = (value: Json): Json | undefined => {
  if (Array.isArray(value)) {
    const left = value.map(dropPermissions).filter((item) => item !== undefined);
    return left.length === 0 && value.length > 0 ? undefined : left;
  }
  if (!isJsonObject(value)) return value;
  if (isPermissionState(value.subscription_state)) return undefined;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const left = isChannel(name) && isPermissionState(member) ? undefined : dropPermissions(member);
    return left === undefined ? [] : [[name, left] as const];
  });
  return Object.fromEntries(members);
};

/** Removes all permissions from a message that an operator redrives; `undefined` if nothing is left to send. */
export const withoutConsent = (message: Message): Message | undefined => {
  const request = dropPermissions(message.request);
  if (!isJsonObject(request)) return undefined;
  const left = { ...message, request };
  return message.path === USERS_TRACK.path ? withoutPermissions(left, []) : left;
};

const FIELDS_TO_EXPORT = [
  ...['external_id', 'user_aliases', 'braze_id'],
  ...['email_subscribe', 'email_unsubscribed_at', 'push_subscribe', 'push_unsubscribed_at'],
];
/** https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/ */
const MAX_PEOPLE = 50;

/** The body of one export, and the people that it asks for. */
export interface ConsentExport {
  readonly people: readonly Identifier[];
  readonly body: JsonObject;
}

/** The fewest exports for these people: up to `MAX_PEOPLE` ids and aliases together, other identifiers one by one. */
export const toExports = (people: readonly Identifier[]): readonly ConsentExport[] => {
  const isListed = (one: Identifier) => 'external_id' in one || 'user_alias' in one;
  const listed = people.filter(isListed);
  const groups = Array.from({ length: Math.ceil(listed.length / MAX_PEOPLE) }, (_, at) =>
    listed.slice(at * MAX_PEOPLE, (at + 1) * MAX_PEOPLE),
  );
  return [
    ...groups.map((group) => {
      const external_ids = group.flatMap((one) => ('external_id' in one ? [one.external_id] : []));
      const user_aliases = group.flatMap((one) => ('user_alias' in one ? [one.user_alias] : []));
      return {
        people: group,
        body: {
          ...(external_ids.length > 0 && { external_ids }),
          ...(user_aliases.length > 0 && { user_aliases }),
          fields_to_export: FIELDS_TO_EXPORT,
        },
      };
    }),
    ...people
      .filter((one) => !isListed(one))
      .map((one) => ({
        people: [one],
        body: { ...('email' in one ? { email_address: one.email } : one), fields_to_export: FIELDS_TO_EXPORT },
      })),
  ];
};

const Text = v.fallback(v.optional(v.string()), undefined);
const Profile = v.object({
  external_id: Text,
  user_aliases: v.fallback(v.array(v.object({ alias_name: v.string(), alias_label: v.string() })), []),
  email_subscribe: Text,
  email_unsubscribed_at: Text,
  push_subscribe: Text,
  push_unsubscribed_at: Text,
});
export type ConsentProfile = v.InferOutput<typeof Profile>;
const Exported = v.object({ users: v.array(Profile) });
const NobodyExported = v.object({ invalid_user_ids: v.pipe(v.array(v.unknown()), v.minLength(1)) });

const isProfileOf = (profile: ConsentProfile, one: Identifier): boolean => {
  if ('external_id' in one) return profile.external_id === one.external_id;
  if (!('user_alias' in one)) return false;
  const { alias_name, alias_label } = one.user_alias;
  return profile.user_aliases.some((alias) => alias.alias_name === alias_name && alias.alias_label === alias_label);
};

/** Parses an export: the profiles of each person, by `toIdentifierKey`. A person who is missing cannot be compared. */
export const readExport = (
  body: unknown,
  people: readonly Identifier[],
): ReadonlyMap<string, readonly ConsentProfile[]> => {
  const exported = v.safeParse(Exported, body);
  if (!exported.success && !v.is(NobodyExported, body)) return new Map();
  const users = exported.success ? exported.output.users : [];
  const [only, ...others] = people;
  if (only !== undefined && others.length === 0) return new Map([[toIdentifierKey(only), users]]);
  const areAllKnown = users.every((profile) => people.some((one) => isProfileOf(profile, one)));
  return new Map(
    people
      .map((one) => [toIdentifierKey(one), users.filter((profile) => isProfileOf(profile, one))] as const)
      .filter(([, profiles]) => profiles.length > 0 || areAllKnown),
  );
};

/** Compares a permission with the profiles of its person: `superseded` if the person unsubscribed later. */
export const comparePermission = (
  { channel }: ConsentChange<Channel>,
  givenAt: number,
  profiles: readonly ConsentProfile[] | undefined,
): 'current' | 'superseded' | 'unknown' => {
  if (profiles === undefined) return 'unknown';
  const findings = profiles.map((profile) => {
    const state = profile[channel];
    if (isPermissionState(state)) return 'current';
    if (state !== 'unsubscribed') return 'unknown';
    const at = Date.parse(profile[`${channel === 'email_subscribe' ? 'email' : 'push'}_unsubscribed_at`] ?? '');
    if (Number.isNaN(at)) return 'unknown';
    // Braze's times may have no milliseconds.
    return at >= Math.floor(givenAt / 1_000) * 1_000 ? 'superseded' : 'current';
  });
  if (findings.includes('superseded')) return 'superseded';
  return findings.includes('unknown') ? 'unknown' : 'current';
};
