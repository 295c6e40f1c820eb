import { isArray, isObject, isText, type Json, type JsonObject } from '../../json.ts';
import { type Endpoint, USER_MANAGEMENT } from '../endpoint.ts';
import { aliasOf, type Identifier } from '../identifier.ts';
import { mergeInto } from '../merging.ts';
import { choose, prioritizationOf } from '../prioritization.ts';
import { RequestRefused } from '../refusal.ts';

const KEYS = ['external_id', 'user_alias', 'braze_id', 'email', 'phone'];

interface Choice {
  readonly identifier: Identifier;
  readonly prioritization: readonly string[];
}

const identifierOf = ({ external_id, user_alias, braze_id, email, phone }: JsonObject): Identifier | undefined => {
  if (isText(external_id)) return { external_id };
  if (isText(braze_id)) return { braze_id };
  if (isText(email)) return { email };
  if (isText(phone)) return { phone };
  const alias = aliasOf(user_alias);
  return alias && { user_alias: alias };
};

const choiceOf = (update: Json, key: 'identifier_to_merge' | 'identifier_to_keep'): Choice => {
  const value = isObject(update) ? update[key] : undefined;
  const isOne = isObject(value) && KEYS.filter((name) => Object.hasOwn(value, name)).length === 1;
  const identifier = isOne ? identifierOf(value) : undefined;
  if (!isOne || !identifier) throw new RequestRefused(`'${key}' must have exactly one identifier`);
  if (!('email' in identifier) && !('phone' in identifier)) return { identifier, prioritization: [] };
  const prioritization = prioritizationOf(value.prioritization);
  if (!prioritization) throw new RequestRefused("'prioritization' is not valid");
  return { identifier, prioritization };
};

const updatesOf = ({ merge_updates }: JsonObject): readonly Json[] => {
  if (!isArray(merge_updates) || merge_updates.length === 0 || !merge_updates.every(isObject)) {
    throw new RequestRefused("'merge_updates' must be an array of objects");
  }
  if (merge_updates.length > 50) throw new RequestRefused('The max number of ids per request was exceeded');
  return merge_updates;
};

export const usersMerge: Endpoint = {
  permission: 'users.merge',
  rate: USER_MANAGEMENT,
  answer: ({ body, workspace }) => {
    const merges = updatesOf(body).map((update) => ({
      from: choiceOf(update, 'identifier_to_merge'),
      into: choiceOf(update, 'identifier_to_keep'),
    }));
    for (const { from, into } of merges) {
      const source = choose(workspace, from.identifier, from.prioritization);
      const target = choose(workspace, into.identifier, into.prioritization);
      if (source && target && source !== target) mergeInto(workspace, target, source);
    }
    return { status: 202, body: { message: 'success' } };
  },
};
