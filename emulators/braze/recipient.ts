import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import type { Call, Drop } from './endpoint.ts';
import { aliasOf, type Identifier } from './identifier.ts';
import { attributeUpdates } from './objects/attributes.ts';
import { below, type Update } from './objects/item.ts';
import { choose, prioritizationOf } from './prioritization.ts';
import type { ProfileRecord } from './profile.ts';
import { ItemRefused, RequestRefused } from './refusal.ts';

export interface Recipient {
  readonly identifier: Identifier;
  readonly prioritization: readonly string[];
  readonly mayCreate: boolean;
  readonly updates: readonly Update[];
  readonly properties: JsonObject;
}

const KEYS = ['external_user_id', 'user_alias', 'braze_id', 'email'];

const identifierOf = ({ external_user_id, user_alias, braze_id, email }: JsonObject): Identifier | undefined => {
  if (isText(external_user_id)) return { external_id: external_user_id };
  if (isText(braze_id)) return { braze_id };
  if (isText(email)) return { email };
  const alias = aliasOf(user_alias);
  return alias && { user_alias: alias };
};

const updatesOf = (attributes: Json | undefined, call: Call, drop: Drop): readonly Update[] => {
  if (attributes === undefined) return [];
  if (!isObject(attributes)) throw new RequestRefused("'attributes' of a recipient must be an object");
  try {
    return attributeUpdates(attributes, call, below(drop, 'attributes'));
  } catch (error) {
    throw error instanceof ItemRefused ? new RequestRefused(error.message) : error;
  }
};

const mayCreate = ({ send_to_existing_only, attributes }: JsonObject, identifier: Identifier): boolean => {
  if (send_to_existing_only !== false) return false;
  if ('user_alias' in identifier) throw new RequestRefused("'send_to_existing_only' can't be false with an alias");
  if (!isObject(attributes)) throw new RequestRefused("'send_to_existing_only' can be false only with 'attributes'");
  return true;
};

export const propertiesIn = (object: JsonObject, keys: readonly string[]): JsonObject => {
  const key = keys.find((name) => object[name] !== undefined);
  const properties = key === undefined ? {} : object[key];
  if (!isObject(properties)) throw new RequestRefused(`'${key}' must be an object`);
  return properties;
};

const readRecipient = (value: Json, call: Call, drop: Drop, propertyKeys: readonly string[]): Recipient => {
  const item = isObject(value) ? value : {};
  const isOne = KEYS.filter((key) => Object.hasOwn(item, key)).length === 1;
  const identifier = isOne ? identifierOf(item) : undefined;
  if (!identifier) throw new RequestRefused(`A recipient must have exactly one of ${KEYS.join(', ')}`);
  const prioritization = prioritizationOf(item.prioritization);
  if ('email' in identifier && !prioritization) throw new RequestRefused("'prioritization' is not valid");
  return {
    identifier,
    prioritization: prioritization ?? [],
    mayCreate: mayCreate(item, identifier),
    updates: updatesOf(item.attributes, call, drop),
    properties: propertiesIn(item, propertyKeys),
  };
};

/** The recipients of a message, checked; undefined for an explicit broadcast. */
export const recipientsOf = (call: Call, propertyKeys: readonly string[]): readonly Recipient[] | undefined => {
  const { recipients, broadcast } = call.body;
  if (recipients === undefined && broadcast === true) return undefined;
  if (!isArray(recipients) || recipients.length === 0) throw new RequestRefused('No Recipients');
  if (broadcast === true) throw new RequestRefused("'broadcast' can't be true with 'recipients'");
  if (recipients.length > 50) throw new RequestRefused('The max number of ids per request was exceeded');
  return recipients.map((value, index) =>
    readRecipient(value, call, below(call.drop, `recipients.${index}`), propertyKeys),
  );
};

/** The profile that is sent to, with the attributes of the recipient already set. */
export const reach = ({ workspace }: Call, recipient: Recipient): ProfileRecord | undefined => {
  const { identifier, prioritization, updates } = recipient;
  const known = choose(workspace, identifier, prioritization);
  const isNew =
    !known && recipient.mayCreate && !('braze_id' in identifier) && workspace.matches(identifier).length === 0;
  const profile = isNew ? workspace.create(identifier) : known;
  if (!profile) return undefined;
  for (const update of updates) update(profile);
  if (updates.length > 0) workspace.touch(profile);
  return profile;
};
