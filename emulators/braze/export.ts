import { isArray, isText, type Json, type JsonObject } from '../json.ts';
import { API, type Call, type Endpoint, type Reply, RequestError } from './endpoint.ts';
import { type Identifier, type ProfileRecord, readAlias } from './workspace.ts';

const MAX_IDS = 50;

interface Counted {
  readonly name: string;
  readonly time: string;
  readonly count: number;
}

/** Name, first, last and count, as export summarises events and purchases. */
const summarize = (history: readonly Counted[]): Json[] =>
  [...Map.groupBy(history, ({ name }) => name)].map(([name, group]) => {
    const times = group.map(({ time }) => time).toSorted();
    const count = group.reduce((sum, one) => sum + one.count, 0);
    return { name, first: times.at(0) ?? null, last: times.at(-1) ?? null, count };
  });

const isEmpty = (value: Json): boolean =>
  value === null || value === false || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

const toDateTime = (dob: Json | undefined): Json => (isText(dob) ? `${dob}T00:00:00.000Z` : null);

/** Between 0 and 9999, always the same for a profile. */
const toBucket = (brazeId: string): number => Number.parseInt(brazeId.slice(0, 8), 16) % 10_000;

/** A channel's state, and when it was set where it was opted in or unsubscribed. */
const exportState = (channel: 'email' | 'push', { attributes, state_times }: ProfileRecord): JsonObject => {
  const name = `${channel}_subscribe`;
  const state = attributes.get(name) ?? 'subscribed';
  const at = state_times.get(name) ?? null;
  return {
    [name]: state,
    [`${channel}_opted_in_at`]: state === 'opted_in' ? at : null,
    [`${channel}_unsubscribed_at`]: state === 'unsubscribed' ? at : null,
  };
};

const exportAll = (profile: ProfileRecord): JsonObject => ({
  ...Object.fromEntries(profile.attributes),
  created_at: profile.created_at,
  external_id: profile.external_id ?? null,
  user_aliases: profile.user_aliases.map(({ alias_name, alias_label }) => ({ alias_name, alias_label })),
  braze_id: profile.braze_id,
  appboy_id: profile.braze_id,
  dob: toDateTime(profile.attributes.get('dob')),
  random_bucket: toBucket(profile.braze_id),
  custom_attributes: Object.fromEntries(profile.custom_attributes),
  custom_events: summarize(profile.events.map(({ name, time }) => ({ name, time, count: 1 }))),
  purchases: summarize(
    profile.purchases.map(({ product_id, time, quantity }) => ({ name: product_id, time, count: quantity })),
  ),
  total_revenue: profile.purchases.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
  ...exportState('email', profile),
  ...exportState('push', profile),
});

/** The fields asked for that are not null, false or empty. */
const exportProfile = (profile: ProfileRecord, fields: readonly string[]): JsonObject =>
  Object.fromEntries(
    Object.entries(exportAll(profile)).filter(([name, value]) => fields.includes(name) && !isEmpty(value)),
  );

const readArray = (body: JsonObject, key: string): readonly Json[] => {
  const list = body[key] ?? [];
  if (!isArray(list)) throw new RequestError(`'${key}' must be an array`);
  return list;
};

const readFields = ({ fields_to_export: fields }: JsonObject): readonly string[] => {
  if (!isArray(fields) || fields.length === 0 || !fields.every(isText)) {
    throw new RequestError("'fields_to_export' is required");
  }
  return fields;
};

const readIds = (body: JsonObject): readonly string[] => {
  const ids = readArray(body, 'external_ids');
  if (!ids.every(isText)) throw new RequestError("'external_ids' must be an array of strings");
  return ids;
};

const readAliases = (body: JsonObject): readonly Identifier[] =>
  readArray(body, 'user_aliases').map((value) => {
    const alias = readAlias(value);
    if (!alias) throw new RequestError("'user_aliases' must be an array of objects");
    return { user_alias: alias };
  });

const readSingles = ({ braze_id, email_address, phone, device_id }: JsonObject): readonly Identifier[] => {
  const exclusive = [email_address, phone, device_id].filter((value) => value !== undefined);
  if (exclusive.length > 1) {
    throw new RequestError("Only one of 'device_id', 'email_address' or 'phone' is allowed");
  }
  return [
    ...(isText(braze_id) ? [{ braze_id }] : []),
    ...(isText(email_address) ? [{ email: email_address }] : []),
    ...(isText(phone) ? [{ phone }] : []),
  ];
};

const exportByIds = ({ body, workspace }: Call): Reply => {
  const fields = readFields(body);
  const ids = readIds(body);
  const several = [...ids.map((external_id) => ({ external_id })), ...readAliases(body)];
  if (several.length > MAX_IDS) {
    throw new RequestError('The max number of external_ids and aliases per request was exceeded');
  }
  const identifiers = [...several, ...readSingles(body)];
  if (identifiers.length === 0 && !isText(body.device_id)) throw new RequestError('No identifier was given');

  const found = new Set(identifiers.flatMap((identifier) => workspace.matches(identifier)));
  const invalid = ids.filter((external_id) => !workspace.find({ external_id }));
  const users = [...found].map((profile) => exportProfile(profile, fields));
  return { status: 201, body: { users, message: 'success', ...(invalid.length > 0 && { invalid_user_ids: invalid }) } };
};

export const exportEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: 'users/export/ids',
    permission: 'users.export.ids',
    rate: { pool: 'users/export/ids', limit: 250, perMs: 60_000 },
    page: `${API}/export/user_data/post_users_identifier/`,
    respond: exportByIds,
  },
];
