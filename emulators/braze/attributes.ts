import {
  byteLength,
  characterCount,
  countJsonBytes,
  isArray,
  isObject,
  isString,
  isText,
  type Json,
  type JsonObject,
} from '../json.ts';
import { type AddNote, type Call, ItemError } from './endpoint.ts';
import {
  isBirthday,
  isDateText,
  isEmail,
  isGroupId,
  isLanguage,
  isNestedDate,
  isTimeZone,
  toAttributeTime,
  toCountryCode,
} from './values.ts';
import type { ProfileRecord } from './workspace.ts';

/** A change that a valid object makes to its profile. */
export type Update = (profile: ProfileRecord) => void;

export const MAX_NESTED_BYTES = 100 * 1024;
export const MAX_TEXT_CHARACTERS = 255;
const MAX_ITEMS = 500;

/** Keys that identify the person or control the update. */
const CONTROL_KEYS = new Set([
  'external_id',
  'braze_id',
  'user_alias',
  '_update_existing_only',
  '_merge_objects',
  'push_token_import',
]);

/** The value of a control key, which is a boolean. */
export const readFlag = (item: JsonObject, key: string, drop: AddNote): boolean | undefined => {
  const value = item[key];
  if (value === undefined || typeof value === 'boolean') return value;
  drop(key, 'not a boolean');
  return undefined;
};

// Standard attributes: https://www.braze.com/docs/api/objects_filters/user_attributes_object/

interface Attribute {
  readonly name: string;
  readonly value: Json;
  readonly drop: AddNote;
  readonly now: number;
}

type Rule = (attribute: Attribute) => Update | undefined;

const set =
  (name: string, value: Json): Update =>
  ({ attributes }) => {
    attributes.set(name, value);
  };

const unset =
  (name: string): Update =>
  ({ attributes }) => {
    attributes.delete(name);
  };

/** Stores what is valid; Braze documents no error for the rest, so it is dropped. */
const dropUnless =
  (why: string, isValid: (value: Json) => boolean): Rule =>
  ({ name, value, drop }) => {
    if (isValid(value)) return set(name, value);
    drop(name, why);
    return undefined;
  };

/** Stores what is valid; anything else fails the object with a documented code. */
const rejectUnless =
  (code: ConstructorParameters<typeof ItemError>[0], isValid: (value: Json) => boolean): Rule =>
  ({ name, value }) => {
    if (!isValid(value)) throw new ItemError(code);
    return set(name, value);
  };

const isInteger = (value: Json | undefined): boolean => Number.isInteger(value);
const isIntegerIfGiven = (value: Json | undefined): boolean => value === undefined || isInteger(value);
const isStringIfGiven = (value: Json | undefined): boolean => value === undefined || isString(value);

export const isSubscriptionState = (value: Json | undefined): value is string =>
  value === 'opted_in' || value === 'subscribed' || value === 'unsubscribed';

/** Sets the state of a channel, and the time of that, which an export has. */
export const setSubscriptionState = (profile: ProfileRecord, name: string, state: Json, now: number): void => {
  profile.attributes.set(name, state);
  profile.state_times.set(name, new Date(now).toISOString());
};

const subscriptionState =
  (code: 'BAD_EMAIL_SUBSCRIPTION_STATE' | 'BAD_PUSH_SUBSCRIPTION_STATE'): Rule =>
  ({ name, value, now }) => {
    if (!isSubscriptionState(value)) throw new ItemError(code);
    return (profile) => setSubscriptionState(profile, name, value, now);
  };

const text = dropUnless('not a string', isString);
const date = dropUnless('not a date', (value) => isString(value) && isDateText(value));
const flag = dropUnless('not a boolean', (value) => typeof value === 'boolean');

const isLocation = (value: Json): boolean =>
  isObject(value) && typeof value.longitude === 'number' && typeof value.latitude === 'number';

const isFacebook = (value: Json): boolean =>
  isObject(value) &&
  isStringIfGiven(value.id) &&
  (value.likes === undefined || (isArray(value.likes) && value.likes.every(isString))) &&
  isIntegerIfGiven(value.num_friends);

const isTwitter = (value: Json): boolean =>
  isObject(value) &&
  isStringIfGiven(value.screen_name) &&
  ['id', 'followers_count', 'friends_count', 'statuses_count'].every((key) => isIntegerIfGiven(value[key]));

const country: Rule = ({ name, value, drop }) => {
  const code = isString(value) ? toCountryCode(value) : undefined;
  if (code !== undefined) return set(name, code);
  drop(name, 'unknown country, stored as NULL');
  return unset(name);
};

export const isGroupState = (value: Json | undefined): value is string =>
  value === 'subscribed' || value === 'unsubscribed';

const subscriptionGroups: Rule = ({ value }) => {
  if (!isArray(value)) throw new ItemError('BAD_SUBSCRIPTION_GROUP_ARRAY');
  const groups = value.map((group) => {
    const { subscription_group_id: id, subscription_state: state } = isObject(group) ? group : {};
    if (id === undefined || state === undefined) throw new ItemError('BAD_SUBSCRIPTION_GROUP_HASH');
    if (!isGroupId(id)) throw new ItemError('BAD_SUBSCRIPTION_GROUP_ID');
    if (!isGroupState(state)) throw new ItemError('BAD_SUBSCRIPTION_GROUP_STATE');
    return { id, state };
  });
  return ({ subscription_groups }) => {
    for (const { id, state } of groups) subscription_groups.set(id, state);
  };
};

const checkPushToken = (token: Json): void => {
  if (!isObject(token)) throw new ItemError('BAD_PUSH_TOKEN_VALUE');
  if (!isText(token.app_id)) throw new ItemError('BAD_PUSH_TOKEN_APP_ID');
  if (!isText(token.token)) throw new ItemError('BAD_PUSH_TOKEN_STRING');
  if (token.device_id === undefined) return;
  const bytes = isString(token.device_id) ? byteLength(token.device_id) : 0;
  if (bytes < 8 || bytes > 255) throw new ItemError('BAD_DEVICE_ID');
};

const pushTokens: Rule = ({ name, value }) => {
  if (!isArray(value)) throw new ItemError('BAD_PUSH_TOKEN_VALUE');
  for (const token of value) checkPushToken(token);
  return set(name, value);
};

const ignored: Rule = ({ name, drop }) => {
  drop(name, 'no longer processed');
  return undefined;
};

const rejected: Rule = () => {
  throw new ItemError('INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO');
};

/** The rule of every standard attribute; any other name is a custom attribute. */
const rules = new Map<string, Rule>([
  ['first_name', text],
  ['last_name', text],
  ['home_city', text],
  ['email', rejectUnless('EMAIL_BAD_FORMAT', (value) => isString(value) && isEmail(value))],
  ['phone', text],
  ['dob', dropUnless('not a date of the form YYYY-MM-DD', (value) => isString(value) && isBirthday(value))],
  ['gender', dropUnless('not one of M, F, O, N, P', (value) => isString(value) && /^[MFONP]$/.test(value))],
  ['country', country],
  ['language', dropUnless('not an ISO 639-1 code', (value) => isString(value) && isLanguage(value))],
  ['time_zone', dropUnless('unknown time zone', (value) => isString(value) && isTimeZone(value))],
  ['current_location', rejectUnless('BAD_LOCATION_UPDATE', isLocation)],
  ['date_of_first_session', date],
  ['date_of_last_session', date],
  ['marked_email_as_spam_at', date],
  ['email_subscribe', subscriptionState('BAD_EMAIL_SUBSCRIPTION_STATE')],
  ['push_subscribe', subscriptionState('BAD_PUSH_SUBSCRIPTION_STATE')],
  ['email_open_tracking_disabled', flag],
  ['email_click_tracking_disabled', flag],
  ['subscription_groups', subscriptionGroups],
  ['facebook', dropUnless('not of the documented form', isFacebook)],
  ['twitter', dropUnless('not of the documented form', isTwitter)],
  ['push_tokens', pushTokens],
  ['image_url', text],
  ['bio', ignored],
  ['email_subscription_info', rejected],
]);

// Custom attributes: https://www.braze.com/docs/user_guide/data/activation/custom_data/custom_attributes/

/** What a custom attribute holds afterwards, or why it stays as it was. */
type Change = (before: Json | undefined) => { readonly value: Json } | { readonly problem: string };

const to =
  (value: Json): Change =>
  () => ({ value });
const problem =
  (why: string): Change =>
  () => ({ problem: why });

const isDate = ({ $time, ...rest }: JsonObject): boolean =>
  Object.keys(rest).length === 0 && isString($time) && isNestedDate($time);

const findProblem = <T>(values: readonly T[], check: (value: T) => string | undefined): string | undefined => {
  for (const value of values) {
    const found = check(value);
    if (found !== undefined) return found;
  }
  return undefined;
};

const keyProblem = (key: string): string | undefined => {
  if (characterCount(key) > MAX_TEXT_CHARACTERS) return 'a nested key is too long';
  return /[\s.$]/.test(key) ? 'a nested key has a space, a dot or a dollar sign' : undefined;
};

const valueProblem = (value: Json): string | undefined => {
  if (value === null) return 'null inside of a nested value';
  if (isString(value)) return characterCount(value) > MAX_TEXT_CHARACTERS ? 'a nested string is too long' : undefined;
  if (isArray(value)) return findProblem(value, valueProblem);
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, '$time')) return isDate(value) ? undefined : 'a nested date is malformed';
  return findProblem(Object.keys(value), keyProblem) ?? findProblem(Object.values(value), valueProblem);
};

/**
 * Why a nested object or an array of objects would not be stored:
 * https://www.braze.com/docs/user_guide/data/activation/custom_data/custom_attributes/nested_custom_attribute_support/
 */
const nestedProblem = (value: Json): string | undefined =>
  valueProblem(value) ?? (countJsonBytes(value) > MAX_NESTED_BYTES ? 'over 100 KB' : undefined);

/** Objects are merged key by key; everything else is replaced. */
const merge = (before: Json | undefined, after: Json): Json => {
  if (!isObject(before) || !isObject(after)) return after;
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) merged.set(key, merge(merged.get(key), value));
  return Object.fromEntries(merged);
};

/** The oldest items of a long array are lost. */
const capped = (items: readonly Json[]): readonly Json[] => items.slice(-MAX_ITEMS);

/** Values are unique; adding one again moves it to the end. */
const unique = (items: readonly Json[]): Json[] => [...new Set(items.toReversed())].toReversed();

const increment =
  (by: Json | undefined): Change =>
  (before = 0) => {
    if (typeof by !== 'number' || !Number.isInteger(by)) return { problem: 'inc is not an integer' };
    return typeof before === 'number' ? { value: before + by } : { problem: 'inc on something that is no number' };
  };

const isScalar = (item: Json): boolean => ['string', 'number', 'boolean'].includes(typeof item);
const readScalars = (value: Json | undefined): readonly Json[] | undefined => {
  if (value === undefined) return [];
  return isArray(value) && value.every(isScalar) ? value : undefined;
};

const addAndRemove = ({ add, remove }: JsonObject): Change => {
  const added = readScalars(add);
  const removed = readScalars(remove);
  if (!added || !removed) return problem('add and remove take arrays of scalars');
  return (before = []) =>
    isArray(before)
      ? { value: capped(unique([...before, ...added]).filter((item) => !removed.includes(item))) }
      : { problem: 'add or remove on something that is no array' };
};

const isMatch = (item: Json, { $identifier_key: key, $identifier_value: value }: JsonObject): boolean =>
  isString(key) && isObject(item) && Object.hasOwn(item, key) && item[key] === value;

const isSelector = (item: Json): item is JsonObject =>
  isObject(item) && isString(item.$identifier_key) && item.$identifier_value !== undefined;

const isReplacement = (item: Json): item is JsonObject => isSelector(item) && isObject(item.$new_object);

const readList = (value: Json | undefined): readonly Json[] | undefined => (isArray(value) ? value : undefined);

/**
 * `$add`, `$remove` and `$update`, always in this order:
 * https://www.braze.com/docs/user_guide/data/activation/custom_data/custom_attributes/array_of_objects/
 */
const changeObjects = ({ $add = [], $remove = [], $update = [] }: JsonObject, merging: boolean): Change => {
  const [added, removed, updated] = [readList($add), readList($remove), readList($update)];
  if (!added?.every(isObject)) return problem('$add takes an array of objects');
  if (!removed?.every(isSelector)) return problem('$remove takes an array of $identifier_key and $identifier_value');
  if (!updated?.every(isReplacement)) return problem('$update also takes a $new_object');
  const wrong = nestedProblem([...added, ...updated.map(({ $new_object = null }) => $new_object)]);
  if (wrong !== undefined) return problem(wrong);

  return (before = []) => {
    if (!isArray(before)) return { problem: 'an operator for arrays on something that is no array' };
    let items: Json[] = [...before, ...added].filter((item) => !removed.some((selector) => isMatch(item, selector)));
    for (const replacement of updated) {
      const { $new_object = null } = replacement;
      items = items.map((item) => (isMatch(item, replacement) ? merge(merging ? item : undefined, $new_object) : item));
    }
    return countJsonBytes(items) > MAX_NESTED_BYTES ? { problem: 'over 100 KB' } : { value: items };
  };
};

const hasOnly = (value: JsonObject, keys: readonly string[]): boolean => {
  const own = Object.keys(value);
  return own.length > 0 && own.every((key) => keys.includes(key));
};

const changeByObject = (value: JsonObject, merging: boolean): Change => {
  if (hasOnly(value, ['inc'])) return increment(value.inc);
  if (hasOnly(value, ['add', 'remove'])) return addAndRemove(value);
  if (hasOnly(value, ['$add', '$update', '$remove'])) return changeObjects(value, merging);
  const wrong = nestedProblem(value);
  if (wrong !== undefined) return problem(wrong);
  return (before) => {
    const after = merging ? merge(before, value) : value;
    return countJsonBytes(after) > MAX_NESTED_BYTES ? { problem: 'over 100 KB' } : { value: after };
  };
};

const toChange = (value: Json, merging: boolean): Change => {
  if (isString(value)) {
    if (characterCount(value) > MAX_TEXT_CHARACTERS) return problem('over 255 characters');
    return to(toAttributeTime(value) ?? value);
  }
  if (isArray(value)) {
    const wrong = nestedProblem(value);
    return wrong === undefined ? to(capped(unique(value))) : problem(wrong);
  }
  return isObject(value) ? changeByObject(value, merging) : to(value);
};

/** The change a custom attribute makes. Braze answers with success whether it can be made or not. */
const customUpdate = (name: string, value: Json, merging: boolean, { drop, change: note }: Notes): Update => {
  if (value === null) {
    return ({ custom_attributes }) => {
      custom_attributes.delete(name);
    };
  }
  const change = toChange(value, merging);
  return ({ custom_attributes }) => {
    const after = change(custom_attributes.get(name));
    if ('problem' in after) return drop(name, after.problem);
    custom_attributes.set(name, after.value);
    if (isString(value) && after.value !== value) note(name, `looks like a date, stored as the time ${after.value}`);
  };
};

interface Notes {
  readonly drop: AddNote;
  readonly change: AddNote;
}

/** The changes that the attributes in an object make to a profile. */
export const readUpdates = (item: JsonObject, { now }: Pick<Call, 'now'>, notes: Notes): Update[] => {
  const { drop } = notes;
  const merging = readFlag(item, '_merge_objects', drop) ?? false;
  return Object.entries(item).flatMap(([spelling, value]) => {
    const name = spelling.trim();
    if (CONTROL_KEYS.has(name)) return [];
    if (name === '') {
      drop(spelling, 'the name is blank');
      return [];
    }
    const rule = rules.get(name);
    if (!rule) return customUpdate(name, value, merging, notes);
    // Null removes an attribute, whatever its rule.
    const isRemoval = value === null && rule !== rejected && rule !== ignored;
    return isRemoval ? unset(name) : (rule({ name, value, drop, now }) ?? []);
  });
};

/** Whether the object imports push tokens for a new anonymous profile. */
export const isTokenImport = (item: JsonObject): boolean => {
  if (item.push_token_import !== true) return false;
  const hasTokens = isArray(item.push_tokens) && item.push_tokens.length > 0;
  if (!hasTokens || Object.hasOwn(item, 'external_id') || Object.hasOwn(item, 'braze_id')) {
    throw new ItemError('BAD_PUSH_TOKEN_IMPORT');
  }
  return true;
};
