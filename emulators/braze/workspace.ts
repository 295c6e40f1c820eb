import { randomBytes } from 'node:crypto';
import { phoneOf } from './contact.ts';
import { type Identifier, isSameAlias } from './identifier.ts';
import type { ProfileRecord } from './profile.ts';

/** What Braze holds: the people of one workspace. */
export class Workspace {
  readonly #now: () => number;
  #profiles = new Set<ProfileRecord>();
  #updates = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get all(): readonly ProfileRecord[] {
    return [...this.#profiles];
  }

  /** Everybody the identifier fits; only email and phone can fit several. */
  matches(identifier: Identifier): ProfileRecord[] {
    const fits = fitting(identifier);
    return this.all.filter(fits);
  }

  /** The one profile that users/track and the like would take. */
  find(identifier: Identifier): ProfileRecord | undefined {
    const matches = this.matches(identifier);
    const identified = matches.filter(({ external_id }) => external_id !== undefined);
    return mostRecent(identified.length > 0 ? identified : matches);
  }

  create(identifier: Identifier): ProfileRecord {
    const profile = this.createAnonymous();
    if ('external_id' in identifier) profile.external_id = identifier.external_id;
    if ('user_alias' in identifier) profile.user_aliases = [identifier.user_alias];
    if ('email' in identifier) profile.attributes.set('email', identifier.email);
    if ('phone' in identifier) profile.attributes.set('phone', identifier.phone);
    return profile;
  }

  touch(profile: ProfileRecord): void {
    this.#updates += 1;
    profile.updated = this.#updates;
  }

  delete(profile: ProfileRecord): void {
    this.#profiles.delete(profile);
  }

  clear(): void {
    this.#profiles.clear();
  }

  createAnonymous(): ProfileRecord {
    const profile: ProfileRecord = {
      braze_id: randomBytes(12).toString('hex'),
      created_at: new Date(this.#now()).toISOString(),
      external_id: undefined,
      user_aliases: [],
      updated: 0,
      attributes: new Map(),
      custom_attributes: new Map(),
      subscription_groups: new Map(),
      events: [],
      purchases: [],
      canvas_entries: [],
      campaign_sends: [],
    };
    this.#profiles.add(profile);
    this.touch(profile);
    return profile;
  }
}

const fitting = (identifier: Identifier): ((profile: ProfileRecord) => boolean) => {
  if ('external_id' in identifier) return ({ external_id }) => external_id === identifier.external_id;
  if ('braze_id' in identifier) return ({ braze_id }) => braze_id === identifier.braze_id;
  if ('user_alias' in identifier) {
    return ({ user_aliases }) => user_aliases.some((alias) => isSameAlias(alias, identifier.user_alias));
  }
  if ('email' in identifier) return ({ attributes }) => attributes.get('email') === identifier.email;
  const wanted = phoneOf(identifier.phone);
  return ({ attributes }) => wanted !== undefined && phoneOf(attributes.get('phone')) === wanted;
};

export const mostRecent = (profiles: readonly ProfileRecord[]): ProfileRecord | undefined =>
  profiles.toSorted((one, other) => other.updated - one.updated)[0];
