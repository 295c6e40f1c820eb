import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Call, Drop } from '../endpoint.ts';
import { type Identifier, identifierOf } from '../identifier.ts';
import type { ProfileRecord } from '../profile.ts';
import { ItemRefused } from '../refusal.ts';

/** A change that a valid object makes to its profile. */
export type Update = (profile: ProfileRecord) => void;

export const asItem = (value: Json): JsonObject => {
  if (!isObject(value)) throw new ItemRefused('NO_IDENTIFIER');
  return value;
};

/** Drops what stands at a path below the one given. */
export const below =
  (drop: Drop, path: string): Drop =>
  (rest, why) =>
    drop(`${path}.${rest}`, why);

/** The value of a control key, which is a boolean. */
export const flagOf = (item: JsonObject, key: string, drop: Drop): boolean | undefined => {
  const value = item[key];
  if (value === undefined || typeof value === 'boolean') return value;
  drop(key, 'not a boolean');
  return undefined;
};

export interface Target {
  readonly identifier: Identifier;
  readonly mayCreate: boolean;
}

/** Whom an object is about, and whether it may make the person known. */
export const targetOf = (item: JsonObject, { settings }: Call, drop: Drop, aliasCreates: boolean): Target => {
  const identifier = identifierOf(item, settings.blocklist);
  const updateOnly = flagOf(item, '_update_existing_only', drop);
  // Braze makes its own ids, so nobody comes into being by one.
  if ('braze_id' in identifier) return { identifier, mayCreate: false };
  if ('user_alias' in identifier) return { identifier, mayCreate: aliasCreates && updateOnly === false };
  return { identifier, mayCreate: updateOnly !== true };
};

export const applyTo = ({ workspace }: Call, { identifier, mayCreate }: Target, updates: readonly Update[]): void => {
  const profile = workspace.find(identifier) ?? (mayCreate ? workspace.create(identifier) : undefined);
  if (!profile) return;
  for (const update of updates) update(profile);
  workspace.touch(profile);
};
