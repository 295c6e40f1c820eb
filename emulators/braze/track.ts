import {
  byteLength,
  characterCount,
  countJsonBytes,
  isArray,
  isObject,
  isText,
  type Json,
  type JsonObject,
} from '../json.ts';
import {
  isTokenImport,
  MAX_NESTED_BYTES,
  MAX_TEXT_CHARACTERS,
  readFlag,
  readUpdates,
  type Update,
} from './attributes.ts';
import { cartProblem, ecommerceProblem } from './ecommerce.ts';
import { type AddNote, API, below, type Call, type Endpoint, ItemError, type Reply, RequestError } from './endpoint.ts';
import { isCurrency, isEmail, isEventTime, normalizePhone, parseEventTime } from './values.ts';
import { type BrazeEvent, type Identifier, type Purchase, readAlias } from './workspace.ts';

const MAX_EXTERNAL_ID_BYTES = 987;
const MAX_PROPERTIES = 256;
const NO_VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";

/** A recommended event that breaks its schema: reported beside the objects that are processed. */
class DroppedEvent extends Error {
  override readonly name = 'DroppedEvent';
}

export const readExternalId = (
  value: Json | undefined,
  blocklist: readonly string[],
): Identifier & { external_id: string } => {
  if (!isText(value)) throw new ItemError('NO_IDENTIFIER');
  if (byteLength(value) > MAX_EXTERNAL_ID_BYTES) throw new ItemError('EXTERNAL_USER_ID_TOO_LARGE');
  if (blocklist.includes(value)) throw new ItemError('BLACKLISTED_EXTERNAL_USER_ID');
  return { external_id: value };
};

const readPrimary = ({ external_id, user_alias, braze_id }: JsonObject, blocklist: readonly string[]): Identifier => {
  if (isText(external_id)) return readExternalId(external_id, blocklist);
  if (isText(braze_id)) return { braze_id };
  const alias = readAlias(user_alias);
  if (!alias) throw new ItemError('NO_IDENTIFIER');
  return { user_alias: alias };
};

/** Email and phone name the person only where no primary identifier does; of both, email. */
const readSecondary = ({ email, phone }: JsonObject): Identifier => {
  if (email !== undefined && email !== null) {
    if (!isText(email) || !isEmail(email)) throw new ItemError('EMAIL_BAD_FORMAT');
    return { email };
  }
  const number = normalizePhone(phone);
  if (number === undefined) throw new ItemError('NO_IDENTIFIER');
  return { phone: number };
};

/** https://www.braze.com/docs/api/endpoints/user_data/post_user_track/ */
const readIdentifier = (item: JsonObject, blocklist: readonly string[]): Identifier => {
  const primary = ['external_id', 'user_alias', 'braze_id'].filter((key) => Object.hasOwn(item, key));
  if (primary.length > 1) throw new ItemError('SEVERAL_IDENTIFIERS');
  return primary.length === 1 ? readPrimary(item, blocklist) : readSecondary(item);
};

interface Target {
  readonly identifier: Identifier;
  readonly mayCreate: boolean;
}

/** The profile that an object is about, and whether the object may create it. */
const readTarget = (item: JsonObject, { settings, drop }: Call, aliasCreates: boolean): Target => {
  const identifier = readIdentifier(item, settings.blocklist);
  const updateOnly = readFlag(item, '_update_existing_only', drop);
  // Braze assigns these ids itself, so an unknown one creates no profile.
  if ('braze_id' in identifier) return { identifier, mayCreate: false };
  if ('user_alias' in identifier) return { identifier, mayCreate: aliasCreates && updateOnly === false };
  return { identifier, mayCreate: updateOnly !== true };
};

const applyTo = ({ workspace }: Call, { identifier, mayCreate }: Target, updates: readonly Update[]): void => {
  const profile = workspace.find(identifier) ?? (mayCreate ? workspace.create(identifier) : undefined);
  if (!profile) return;
  for (const update of updates) update(profile);
  workspace.touch(profile);
};

const readAttributes = (item: JsonObject, call: Call): (() => void) => {
  if (isTokenImport(item)) {
    const updates = readUpdates(item, call, call);
    return () => {
      const anonymous = call.workspace.createAnonymous();
      for (const update of updates) update(anonymous);
    };
  }
  const target = readTarget(item, call, true);
  const updates = readUpdates(item, call, call);
  return () => applyTo(call, target, updates);
};

/** The time of an event or purchase as stored: a future one becomes the present. */
const readTime = (value: Json | undefined, now: number): string => {
  if (!isText(value) || !isEventTime(value)) throw new ItemError('BAD_TIME');
  return new Date(Math.min(parseEventTime(value), now)).toISOString();
};

const propertyProblem = (value: Json): string | undefined => {
  if (value === null) return 'null is no value of a property';
  return isText(value) && characterCount(value) > MAX_TEXT_CHARACTERS ? 'over 255 characters' : undefined;
};

/** The properties of an event or a purchase, as far as they are kept. */
const readProperties = (value: Json | undefined, reserved: readonly string[], drop: AddNote): JsonObject => {
  if (value === undefined) return {};
  if (!isObject(value)) throw new ItemError('BAD_PROPERTIES');
  const entries = Object.entries(value);
  for (const [name] of entries) {
    const isTooLong = characterCount(name) > MAX_TEXT_CHARACTERS;
    if (name === '' || name.startsWith('$') || isTooLong || reserved.includes(name))
      throw new ItemError('BAD_PROPERTIES');
  }
  const isNested = entries.some(([, property]) => typeof property === 'object' && property !== null);
  if (isNested && countJsonBytes(value) > MAX_NESTED_BYTES) throw new ItemError('BAD_PROPERTIES');

  for (const [name] of entries.slice(MAX_PROPERTIES)) drop(`properties.${name}`, 'over 256 properties');
  const kept = entries.slice(0, MAX_PROPERTIES).filter(([name, property]) => {
    const problem = propertyProblem(property);
    if (problem !== undefined) drop(`properties.${name}`, problem);
    return problem === undefined;
  });
  return Object.fromEntries(kept);
};

const readName = (value: Json | undefined): string => {
  const name = isText(value) ? value.trim() : '';
  if (name === '' || name.startsWith('$')) throw new ItemError('BAD_NAME');
  return name;
};

/** https://www.braze.com/docs/api/objects_filters/event_object/ */
const readEvent = (item: JsonObject, call: Call): (() => void) => {
  // Braze's pages disagree on whether an event may create an alias-only profile; here it never does.
  const target = readTarget(item, call, false);
  const name = readName(item.name);
  const time = readTime(item.time, call.now);
  const properties = readProperties(item.properties, ['time', 'event_name'], call.drop);
  const problem = ecommerceProblem(name, isObject(item.properties) ? item.properties : {});
  if (problem !== undefined) throw new DroppedEvent(`${name}: ${problem}`);

  const event: BrazeEvent = { name, time, properties };
  const record: Update = ({ events }) => {
    const late = cartProblem(event, events);
    if (late === undefined) events.push(event);
    else call.drop('name', late);
  };
  return () => applyTo(call, target, [record]);
};

const RESERVED = ['time', 'product_id', 'quantity', 'event_name', 'price', 'currency'];

/** https://www.braze.com/docs/api/objects_filters/purchase_object/ */
const readPurchase = (item: JsonObject, call: Call): (() => void) => {
  const target = readTarget(item, call, false);
  const { product_id, currency, price, quantity = 1 } = item;
  if (!isText(product_id) || characterCount(product_id) > MAX_TEXT_CHARACTERS) throw new ItemError('BAD_PRODUCT_ID');
  if (!isCurrency(currency)) throw new ItemError('BAD_CURRENCY');
  if (typeof price !== 'number') throw new ItemError('BAD_PRICE');
  const isQuantity = typeof quantity === 'number' && Number.isInteger(quantity) && quantity >= 1 && quantity <= 100;
  if (!isQuantity) throw new ItemError('BAD_QUANTITY');
  const time = readTime(item.time, call.now);
  const properties = readProperties(item.properties, RESERVED, call.drop);
  const purchase: Purchase = { product_id, currency, price, quantity, time, properties };
  return () => applyTo(call, target, [({ purchases }) => purchases.push(purchase)]);
};

/** In the order in which Braze processes them. */
const KINDS = [
  { key: 'attributes', read: readAttributes },
  { key: 'events', read: readEvent },
  { key: 'purchases', read: readPurchase },
] as const;

interface Read {
  readonly key: (typeof KINDS)[number]['key'];
  readonly index: number;
  readonly result: { readonly apply: () => void } | { readonly problem: string; readonly isDropped?: true };
}

const readList = (body: JsonObject, key: string): readonly Json[] => {
  const list = body[key];
  if (list === undefined) return [];
  if (!isArray(list)) throw new RequestError(`'${key}' must be an array of objects`);
  return list;
};

const tryToRead = (read: (item: JsonObject, call: Call) => () => void, value: Json, call: Call): Read['result'] => {
  try {
    if (!isObject(value)) throw new ItemError('NO_IDENTIFIER');
    return { apply: read(value, call) };
  } catch (error) {
    if (error instanceof ItemError) return { problem: error.message };
    if (error instanceof DroppedEvent) return { problem: error.message, isDropped: true };
    throw error;
  }
};

const readAll = (call: Call): Read[] => {
  const all = KINDS.flatMap(({ key, read }) =>
    readList(call.body, key).map((value, index) => {
      const path = `${key}.${index}`;
      const there = { ...call, drop: below(call.drop, path), change: below(call.change, path) };
      return { key, index, result: tryToRead(read, value, there) };
    }),
  );
  const rejected = { none: 0, first: 1, all: all.length }[call.rejects];
  const result = { problem: new ItemError('NO_IDENTIFIER').message };
  return all.map((read, position) => (position < rejected ? { ...read, result } : read));
};

const countByKind = (valid: readonly { readonly key: string }[]): JsonObject => {
  const counts = KINDS.map(({ key }) => [`${key}_processed`, valid.filter((read) => read.key === key).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
};

/** Braze answers 400 to the whole request: https://www.braze.com/docs/email_validation/ */
const checkWhiteSpace = ({ body }: Call): void => {
  for (const { email } of readList(body, 'attributes').filter(isObject)) {
    if (isText(email) && /\s/.test(email)) throw new RequestError(new ItemError('EMAIL_BAD_FORMAT').message);
  }
};

/** Throws `RequestError` where nothing is valid. */
export const track = (call: Call): Reply => {
  const objects = KINDS.reduce((sum, { key }) => sum + readList(call.body, key).length, 0);
  if (objects > call.settings.maxObjects) throw new RequestError('Max Input Length Exceeded');
  checkWhiteSpace(call);
  const all = readAll(call);
  const errors = all.flatMap(({ key, index, result }) =>
    'problem' in result ? [{ type: result.problem, input_array: key, index }] : [],
  );
  const valid = all.flatMap(({ key, result }) => ('apply' in result ? [{ key, apply: result.apply }] : []));
  const isEmpty = valid.length === 0 && !all.some(({ result }) => 'isDropped' in result);
  if (isEmpty) throw new RequestError(NO_VALID_DATA, 400, errors);
  for (const { apply } of valid) apply();
  return { status: 201, body: { message: 'success', ...countByKind(valid), ...(errors.length > 0 && { errors }) } };
};

export const trackEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: 'users/track',
    permission: 'users.track',
    rate: { pool: 'users/track', limit: 3_000, perMs: 3_000 },
    page: `${API}/user_data/post_user_track/`,
    respond: track,
  },
];
