import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import { normalizePhone } from './values.ts';

export type MessageStatus = 'active' | 'paused' | 'archived';

export interface UserAlias {
  readonly alias_name: string;
  readonly alias_label: string;
}

/** What names a person: one key, spelled as on the wire. */
export type Identifier =
  | { readonly external_id: string }
  | { readonly user_alias: UserAlias }
  | { readonly braze_id: string }
  | { readonly email: string }
  | { readonly phone: string };

export interface BrazeEvent {
  readonly name: string;
  readonly time: string;
  readonly properties: JsonObject;
}

export interface Purchase {
  readonly product_id: string;
  readonly currency: string;
  readonly price: number;
  readonly quantity: number;
  readonly time: string;
  readonly properties: JsonObject;
}

export interface CanvasEntry {
  readonly canvas_id: string;
  readonly dispatch_id: string;
  readonly context: JsonObject;
}

export interface CampaignSend {
  readonly campaign_id: string;
  readonly dispatch_id: string;
  readonly trigger_properties: JsonObject;
}

/** A message that was sent without a Canvas or a triggered campaign. */
export interface MessageSend {
  readonly dispatch_id: string;
  readonly messages: JsonObject;
}

/** A profile as it can be read back. */
export interface Profile {
  readonly braze_id: string;
  readonly external_id?: string;
  readonly user_aliases: readonly UserAlias[];
  readonly created_at: string;
  /** The standard attributes that are set. */
  readonly attributes: JsonObject;
  readonly custom_attributes: JsonObject;
  /** State by subscription group id. */
  readonly subscription_groups: Readonly<Record<string, string>>;
  readonly events: readonly BrazeEvent[];
  readonly purchases: readonly Purchase[];
  readonly canvas_entries: readonly CanvasEntry[];
  readonly campaign_sends: readonly CampaignSend[];
  readonly message_sends: readonly MessageSend[];
}

/** A profile as the workspace holds it. Maps, since an attribute may be called `__proto__`. */
export interface ProfileRecord {
  readonly braze_id: string;
  readonly created_at: string;
  external_id: string | undefined;
  /** Former external ids, by which the profile is still found. */
  readonly deprecated_ids: string[];
  user_aliases: UserAlias[];
  /** Grows with every update in the workspace, so that the most recently updated profile is known. */
  updated: number;
  readonly attributes: Map<string, Json>;
  /** When a subscription state was set, by the attribute's name. */
  readonly state_times: Map<string, string>;
  readonly custom_attributes: Map<string, Json>;
  readonly subscription_groups: Map<string, string>;
  readonly events: BrazeEvent[];
  readonly purchases: Purchase[];
  readonly canvas_entries: CanvasEntry[];
  readonly campaign_sends: CampaignSend[];
  readonly message_sends: MessageSend[];
}

export const toProfile = (record: ProfileRecord): Profile => ({
  braze_id: record.braze_id,
  ...(record.external_id !== undefined && { external_id: record.external_id }),
  user_aliases: [...record.user_aliases],
  created_at: record.created_at,
  attributes: Object.fromEntries(record.attributes),
  custom_attributes: Object.fromEntries(record.custom_attributes),
  subscription_groups: Object.fromEntries(record.subscription_groups),
  events: [...record.events],
  purchases: [...record.purchases],
  canvas_entries: [...record.canvas_entries],
  campaign_sends: [...record.campaign_sends],
  message_sends: [...record.message_sends],
});

/** Random hexadecimal digits. `crypto.randomUUID` is missing on pages that are not served by HTTPS. */
export const randomHex = (digits: number): string =>
  [...crypto.getRandomValues(new Uint8Array(digits / 2))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Undefined unless both parts are there. */
export const readAlias = (value: Json | undefined): UserAlias | undefined => {
  if (!isObject(value)) return undefined;
  const { alias_name, alias_label } = value;
  return isText(alias_name) && isText(alias_label) ? { alias_name, alias_label } : undefined;
};

const isSameAlias = (one: UserAlias, other: UserAlias): boolean =>
  one.alias_name === other.alias_name && one.alias_label === other.alias_label;

const matcher = (identifier: Identifier): ((profile: ProfileRecord) => boolean) => {
  if ('external_id' in identifier) {
    const { external_id: id } = identifier;
    return ({ external_id, deprecated_ids }) => external_id === id || deprecated_ids.includes(id);
  }
  if ('braze_id' in identifier) return ({ braze_id }) => braze_id === identifier.braze_id;
  if ('user_alias' in identifier) {
    return ({ user_aliases }) => user_aliases.some((alias) => isSameAlias(alias, identifier.user_alias));
  }
  if ('email' in identifier) return ({ attributes }) => attributes.get('email') === identifier.email;
  const wanted = normalizePhone(identifier.phone);
  return ({ attributes }) => wanted !== undefined && normalizePhone(attributes.get('phone')) === wanted;
};

const mostRecent = (profiles: readonly ProfileRecord[]): ProfileRecord | undefined =>
  profiles.toSorted((one, other) => other.updated - one.updated)[0];

const fill = <T>(target: Map<string, T>, source: ReadonlyMap<string, T>): void => {
  for (const [key, value] of source) if (!target.has(key)) target.set(key, value);
};

const STATUS = /^(?:identified|unidentified)$/;
const RECENCY = /^(?:most|least)_recently_updated$/;

/** The words, or undefined unless it is one of each kind, in this order, or only one of them. */
export const readPrioritization = (value: Json | undefined): readonly string[] | undefined => {
  if (!isArray(value) || value.length === 0) return undefined;
  const words = value.filter(isText);
  const rest = STATUS.test(words[0] ?? '') ? words.slice(1) : words;
  const isRight =
    words.length === value.length && (rest.length === 0 || (rest.length === 1 && RECENCY.test(`${rest}`)));
  return isRight ? words : undefined;
};

const narrow = (profiles: readonly ProfileRecord[], word: string): readonly ProfileRecord[] => {
  const byAge = profiles.toSorted((one, other) => one.updated - other.updated);
  if (word === 'most_recently_updated') return byAge.slice(-1);
  if (word === 'least_recently_updated') return byAge.slice(0, 1);
  const preferred = profiles.filter(({ external_id }) => (external_id !== undefined) === (word === 'identified'));
  return preferred.length > 0 ? preferred : profiles;
};

/** What Braze holds: the people and catalogs of one workspace. */
export class Workspace {
  readonly #now: () => number;
  #profiles = new Set<ProfileRecord>();
  #updates = 0;
  /** Items by catalog and id. */
  readonly catalogs = new Map<string, Map<string, JsonObject>>();
  /** The message that a schedule belongs to, by schedule id. */
  readonly schedules = new Map<string, string>();
  /** Transactional sends of the last day, by campaign and external_send_id. */
  readonly transactional = new Map<string, { readonly dispatch_id: string; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get all(): readonly ProfileRecord[] {
    return [...this.#profiles];
  }

  /** Every profile that the identifier matches; only email and phone can match several. */
  matches(identifier: Identifier): ProfileRecord[] {
    return this.all.filter(matcher(identifier));
  }

  /** The one profile that users/track and the like would take. */
  find(identifier: Identifier): ProfileRecord | undefined {
    const matches = this.matches(identifier);
    const identified = matches.filter(({ external_id }) => external_id !== undefined);
    return mostRecent(identified.length > 0 ? identified : matches);
  }

  /** The one profile that is left after narrowing; several left are none. */
  choose(identifier: Identifier, prioritization: readonly string[]): ProfileRecord | undefined {
    const left = prioritization.reduce(narrow, this.matches(identifier));
    return left.length === 1 ? left[0] : undefined;
  }

  create(identifier: Identifier): ProfileRecord {
    const profile = this.createAnonymous();
    if ('external_id' in identifier) profile.external_id = identifier.external_id;
    if ('user_alias' in identifier) profile.user_aliases = [identifier.user_alias];
    if ('email' in identifier) profile.attributes.set('email', identifier.email);
    if ('phone' in identifier) profile.attributes.set('phone', identifier.phone);
    return profile;
  }

  createAnonymous(): ProfileRecord {
    const profile: ProfileRecord = {
      braze_id: randomHex(24),
      created_at: new Date(this.#now()).toISOString(),
      external_id: undefined,
      deprecated_ids: [],
      user_aliases: [],
      updated: 0,
      attributes: new Map(),
      state_times: new Map(),
      custom_attributes: new Map(),
      subscription_groups: new Map(),
      events: [],
      purchases: [],
      canvas_entries: [],
      campaign_sends: [],
      message_sends: [],
    };
    this.#profiles.add(profile);
    this.touch(profile);
    return profile;
  }

  touch(profile: ProfileRecord): void {
    this.#updates += 1;
    profile.updated = this.#updates;
  }

  /** Gives the target what it lacks, and deletes the source. */
  merge(target: ProfileRecord, source: ProfileRecord): void {
    fill(target.attributes, source.attributes);
    fill(target.state_times, source.state_times);
    fill(target.custom_attributes, source.custom_attributes);
    fill(target.subscription_groups, source.subscription_groups);
    for (const alias of source.user_aliases) {
      const isTaken = target.user_aliases.some(({ alias_label }) => alias_label === alias.alias_label);
      if (!isTaken) target.user_aliases.push(alias);
    }
    target.events.push(...source.events);
    target.purchases.push(...source.purchases);
    target.canvas_entries.push(...source.canvas_entries);
    target.campaign_sends.push(...source.campaign_sends);
    target.message_sends.push(...source.message_sends);
    this.delete(source);
    this.touch(target);
  }

  delete(profile: ProfileRecord): void {
    this.#profiles.delete(profile);
  }

  /** Forgets people, schedules and sends; catalogs stay. */
  clear(): void {
    this.#profiles.clear();
    this.schedules.clear();
    this.transactional.clear();
  }
}
