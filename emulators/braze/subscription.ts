import { isArray, isText, type Json, type JsonObject } from '../json.ts';
import type { Identifier } from './identifier.ts';
import { type GroupState, isGroupId, isGroupState } from './objects/subscription-groups.ts';
import { RequestRefused } from './refusal.ts';
import type { Workspace } from './workspace.ts';

const MAX_USERS = 50;

export const groupStateOf = ({ subscription_group_id: id, subscription_state: state }: JsonObject): GroupState => {
  if (!isGroupId(id)) throw new RequestRefused("'subscription_group_id' is not valid");
  if (!isGroupState(state)) throw new RequestRefused("'subscription_state' is not valid");
  return { id, state };
};

/** One value or a list of them. */
export const textsOf = (object: JsonObject, key: string): readonly string[] => {
  const value: Json = object[key] ?? [];
  const list = isArray(value) ? value : [value];
  if (!list.every(isText)) throw new RequestRefused(`'${key}' is not valid`);
  return list;
};

export const checkUsers = (users: readonly Identifier[]): void => {
  const isMixed = users.some((user) => 'email' in user) && users.some((user) => 'phone' in user);
  if (isMixed) throw new RequestRefused("Only one of 'email' and 'phone' is allowed");
  if (users.length === 0) throw new RequestRefused("'email' or 'phone' is required");
  if (users.length > MAX_USERS) throw new RequestRefused('The max number of ids per request was exceeded');
};

/** Sets the state for everybody whom the identifiers fit. */
export const subscribe = (workspace: Workspace, users: readonly Identifier[], { id, state }: GroupState): void => {
  for (const profile of new Set(users.flatMap((user) => workspace.matches(user)))) {
    profile.subscription_groups.set(id, state);
    workspace.touch(profile);
  }
};
