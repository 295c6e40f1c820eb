import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import {
  API,
  type Call,
  type Endpoint,
  ItemError,
  type Reply,
  RequestError,
  readObjects,
  readTexts,
  USER_MANAGEMENT,
} from './endpoint.ts';
import { readExternalId } from './track.ts';
import { isEmail, normalizePhone } from './values.ts';
import { type Identifier, type ProfileRecord, readAlias, readPrioritization, type UserAlias } from './workspace.ts';

const MAX_ITEMS = 50;
const TOO_MANY = 'The max number of external_ids and aliases per request was exceeded';

/** Checks an item, and returns a function that applies it and returns whether there was anything to do. */
type ReadItem = (item: JsonObject, call: Call) => () => boolean;

interface ItemList {
  readonly key: string;
  readonly read: ReadItem;
}

const tryToRead = (read: ReadItem, item: Json, call: Call): { run: () => boolean } | { problem: string } => {
  try {
    if (!isObject(item)) throw new ItemError('NO_IDENTIFIER');
    return { run: read(item, call) };
  } catch (error) {
    if (error instanceof ItemError) return { problem: error.message };
    throw error;
  }
};

/** The answer of the endpoints that count `aliases_processed`. */
const respondToAliases = (call: Call, ...lists: readonly ItemList[]): Reply => {
  const all = lists.flatMap(({ key, read }) => {
    const items = call.body[key] ?? [];
    if (!isArray(items)) throw new RequestError(`'${key}' must be an array of objects`);
    return items.map((item, index) => ({ index, result: tryToRead(read, item, call) }));
  });
  if (all.length === 0) throw new RequestError(`'${lists[0]?.key}' must be an array of objects`);
  if (all.length > MAX_ITEMS) throw new RequestError(TOO_MANY);

  const errors = all.flatMap(({ index, result }) =>
    'problem' in result ? [{ type: result.problem, input_array: 'user_identifiers', index }] : [],
  );
  if (errors.length === all.length) throw new RequestError('No valid user identifiers', 400, errors);
  const aliases_processed = all.filter(({ result }) => 'run' in result && result.run()).length;
  return { status: 201, body: { aliases_processed, message: 'success', ...(errors.length > 0 && { errors }) } };
};

const hasLabel = ({ user_aliases }: ProfileRecord, label: string): boolean =>
  user_aliases.some(({ alias_label }) => alias_label === label);

const requireAlias = (value: Json | undefined): UserAlias => {
  const alias = readAlias(value);
  if (!alias) throw new ItemError('NO_IDENTIFIER');
  return alias;
};

const newAlias: ReadItem = (item, { workspace }) => {
  const user_alias = requireAlias(item);
  const { external_id } = item;
  if (external_id !== undefined && !isText(external_id)) throw new ItemError('NO_IDENTIFIER');
  return () => {
    if (workspace.find({ user_alias })) return false;
    if (external_id === undefined) {
      workspace.create({ user_alias });
      return true;
    }
    const profile = workspace.find({ external_id });
    if (!profile || hasLabel(profile, user_alias.alias_label)) return false;
    profile.user_aliases.push(user_alias);
    workspace.touch(profile);
    return true;
  };
};

const updateAlias: ReadItem = ({ alias_label, old_alias_name, new_alias_name }, { workspace }) => {
  if (!isText(alias_label) || !isText(old_alias_name) || !isText(new_alias_name)) {
    throw new ItemError('BAD_ALIAS_UPDATE');
  }
  return () => {
    const profile = workspace.find({ user_alias: { alias_name: old_alias_name, alias_label } });
    if (!profile || workspace.find({ user_alias: { alias_name: new_alias_name, alias_label } })) return false;
    profile.user_aliases = profile.user_aliases.map((alias) =>
      alias.alias_label === alias_label ? { alias_name: new_alias_name, alias_label } : alias,
    );
    workspace.touch(profile);
    return true;
  };
};

/** Whether the profile is now the one of the external id. */
const identify = ({ workspace }: Call, source: ProfileRecord, external_id: string): boolean => {
  const target = workspace.find({ external_id });
  if (target === source) return true;
  if (target) {
    workspace.merge(target, source);
    return true;
  }
  // An external id can't be taken off its user.
  if (source.external_id !== undefined) return false;
  source.external_id = external_id;
  workspace.touch(source);
  return true;
};

const identifyAlias: ReadItem = (item, call) => {
  const { external_id } = readExternalId(item.external_id, call.settings.blocklist);
  const user_alias = requireAlias(item.user_alias);
  return () => {
    const source = call.workspace.find({ user_alias });
    const target = call.workspace.find({ external_id });
    const isTaken = target !== undefined && hasLabel(target, user_alias.alias_label);
    if (source && target !== source && isTaken) return false;
    return source !== undefined && identify(call, source, external_id);
  };
};

const identifyContact =
  (readContact: (item: JsonObject) => Identifier): ReadItem =>
  (item, call) => {
    const { external_id } = readExternalId(item.external_id, call.settings.blocklist);
    const identifier = readContact(item);
    if (!readPrioritization(item.prioritization)) throw new ItemError('BAD_PRIORITIZATION');
    return () => {
      // Where several profiles share the address Braze answers success and merges nothing; users/merge can.
      const [source, ...others] = call.workspace.matches(identifier);
      return source !== undefined && others.length === 0 && identify(call, source, external_id);
    };
  };

const identifyEmail = identifyContact(({ email }) => {
  if (!isText(email) || !isEmail(email)) throw new ItemError('EMAIL_BAD_FORMAT');
  return { email };
});

const identifyPhone = identifyContact(({ phone }) => {
  const number = normalizePhone(phone);
  if (number === undefined) throw new ItemError('NO_IDENTIFIER');
  return { phone: number };
});

interface Choice {
  readonly identifier: Identifier;
  readonly prioritization: readonly string[];
}

const MERGE_KEYS = ['external_id', 'user_alias', 'braze_id', 'email', 'phone'];
const BAD_MERGE_IDENTIFIER =
  "identifiers must be objects with an 'external_id' property that is a string, or 'user_alias' property that is an object";

const readMergeIdentifier = (value: JsonObject): Identifier | undefined => {
  if (MERGE_KEYS.filter((key) => Object.hasOwn(value, key)).length !== 1) return undefined;
  const { external_id, user_alias, braze_id, email, phone } = value;
  if (isText(external_id)) return { external_id };
  if (isText(braze_id)) return { braze_id };
  if (isText(email)) return { email };
  if (isText(phone)) return { phone };
  const alias = readAlias(user_alias);
  return alias && { user_alias: alias };
};

const readChoice = (value: Json | undefined): Choice => {
  const identifier = isObject(value) ? readMergeIdentifier(value) : undefined;
  if (!isObject(value) || !identifier) throw new RequestError(BAD_MERGE_IDENTIFIER);
  if (!('email' in identifier) && !('phone' in identifier)) return { identifier, prioritization: [] };
  const prioritization = readPrioritization(value.prioritization);
  if (!prioritization) throw new RequestError("'prioritization' is not valid");
  return { identifier, prioritization };
};

const merge = ({ body, workspace }: Call): Reply => {
  const updates = readObjects(body, 'merge_updates');
  if (updates.length === 0) throw new RequestError("'merge_updates' must be an array of objects");
  if (updates.length > MAX_ITEMS) throw new RequestError('a single request may not contain more than 50 merge updates');
  const merges = updates.map(({ identifier_to_merge, identifier_to_keep, ...rest }) => {
    if (Object.keys(rest).length > 0) {
      throw new RequestError("'merge_updates' must only have 'identifier_to_merge' and 'identifier_to_keep'");
    }
    return { from: readChoice(identifier_to_merge), into: readChoice(identifier_to_keep) };
  });
  for (const { from, into } of merges) {
    const source = workspace.choose(from.identifier, from.prioritization);
    const target = workspace.choose(into.identifier, into.prioritization);
    if (source && target && source !== target) workspace.merge(target, source);
  }
  return { status: 202, body: { message: 'success' } };
};

const renameProblem = (item: JsonObject, { workspace, settings }: Call): string | undefined => {
  const { current_external_id: current, new_external_id: next } = item;
  if (!isText(current) || !isText(next)) return "'current_external_id' and 'new_external_id' are required";
  if (current === next) return "'current_external_id' and 'new_external_id' must differ";
  const profile = workspace.find({ external_id: current });
  if (profile?.external_id !== current) return "'current_external_id' is not the primary id of a user";
  if (workspace.find({ external_id: next })) return "'new_external_id' is already in use";
  try {
    readExternalId(next, settings.blocklist);
    return undefined;
  } catch (error) {
    if (error instanceof ItemError) return error.message;
    throw error;
  }
};

const rename = (call: Call): Reply => {
  const items = readObjects(call.body, 'external_id_renames');
  if (items.length === 0) throw new RequestError("'external_id_renames' must be an array of objects");
  if (items.length > MAX_ITEMS) throw new RequestError(TOO_MANY);
  const external_ids: string[] = [];
  const rename_errors: Json[] = [];
  for (const [index, item] of items.entries()) {
    const problem = renameProblem(item, call);
    const current = String(item.current_external_id);
    const profile = problem === undefined ? call.workspace.find({ external_id: current }) : undefined;
    if (profile) {
      profile.deprecated_ids.push(current);
      profile.external_id = String(item.new_external_id);
      call.workspace.touch(profile);
      external_ids.push(profile.external_id);
    } else {
      rename_errors.push([index, problem ?? '']);
    }
  }
  return { status: 201, body: { message: 'success', external_ids, rename_errors } };
};

const remove = ({ body, workspace }: Call): Reply => {
  const lists: readonly (readonly Identifier[])[] = [
    readTexts(body, 'external_ids').map((external_id) => ({ external_id })),
    readTexts(body, 'braze_ids').map((braze_id) => ({ braze_id })),
    readObjects(body, 'user_aliases').map((item) => {
      const alias = readAlias(item);
      if (!alias) throw new RequestError("'user_aliases' must be an array of objects");
      return { user_alias: alias };
    }),
  ].filter((list) => list.length > 0);
  const [identifiers = []] = lists;
  if (lists.length !== 1) {
    throw new RequestError("Exactly one of 'external_ids', 'user_aliases' or 'braze_ids' is required");
  }
  if (identifiers.length > MAX_ITEMS) throw new RequestError(TOO_MANY);
  const found = new Set(identifiers.flatMap((identifier) => workspace.matches(identifier)));
  for (const profile of found) workspace.delete(profile);
  return { status: 201, body: { deleted: found.size } };
};

const managed = (path: string, permission: string, page: string, respond: Endpoint['respond']): Endpoint => ({
  method: 'POST',
  path,
  permission,
  rate: USER_MANAGEMENT,
  page: `${API}/user_data/${page}/`,
  respond,
});

export const identityEndpoints: readonly Endpoint[] = [
  managed('users/alias/new', 'users.alias.new', 'post_user_alias', (call) =>
    respondToAliases(call, { key: 'user_aliases', read: newAlias }),
  ),
  managed('users/alias/update', 'users.alias.update', 'post_users_alias_update', (call) =>
    respondToAliases(call, { key: 'alias_updates', read: updateAlias }),
  ),
  managed('users/identify', 'users.identify', 'post_user_identify', (call) =>
    respondToAliases(
      call,
      { key: 'aliases_to_identify', read: identifyAlias },
      { key: 'emails_to_identify', read: identifyEmail },
      { key: 'phone_numbers_to_identify', read: identifyPhone },
    ),
  ),
  managed('users/merge', 'users.merge', 'post_users_merge', merge),
  managed('users/delete', 'users.delete', 'post_user_delete', remove),
  {
    method: 'POST',
    path: 'users/external_ids/rename',
    permission: 'users.external_ids.rename',
    rate: { pool: 'external ids', limit: 1_000, perMs: 60_000 },
    page: `${API}/user_data/external_id_migration/post_external_ids_rename/`,
    respond: rename,
  },
];
