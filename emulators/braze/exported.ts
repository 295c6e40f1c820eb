import type { Json, JsonObject } from '../json.ts';
import type { ProfileRecord } from './profile.ts';

interface Counted {
  readonly name: string;
  readonly time: string;
  readonly count: number;
}

/** Name, first, last and count, as export summarises events and purchases. */
const summary = (history: readonly Counted[]): Json[] => {
  const groups = new Map<string, Counted[]>();
  for (const one of history) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  return [...groups].map(([name, group]) => {
    const times = group.map(({ time }) => time).toSorted();
    const count = group.reduce((sum, one) => sum + one.count, 0);
    return { name, first: times.at(0) ?? null, last: times.at(-1) ?? null, count };
  });
};

const isSaid = (value: Json): boolean =>
  value !== null && value !== false && value !== '' && !(typeof value === 'object' && Object.keys(value).length === 0);

const asDateTime = (dob: Json | undefined): Json => (typeof dob === 'string' ? `${dob}T00:00:00.000Z` : null);

/** Between 0 and 9999, always the same for a profile. */
const bucketOf = (brazeId: string): number => Number.parseInt(brazeId.slice(0, 8), 16) % 10_000;

const allFields = (profile: ProfileRecord): JsonObject => ({
  ...Object.fromEntries(profile.attributes),
  created_at: profile.created_at,
  external_id: profile.external_id ?? null,
  user_aliases: profile.user_aliases.map(({ alias_name, alias_label }) => ({ alias_name, alias_label })),
  braze_id: profile.braze_id,
  appboy_id: profile.braze_id,
  dob: asDateTime(profile.attributes.get('dob')),
  random_bucket: bucketOf(profile.braze_id),
  custom_attributes: Object.fromEntries(profile.custom_attributes),
  custom_events: summary(profile.events.map(({ name, time }) => ({ name, time, count: 1 }))),
  purchases: summary(
    profile.purchases.map(({ product_id, time, quantity }) => ({ name: product_id, time, count: quantity })),
  ),
  total_revenue: profile.purchases.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
  push_subscribe: profile.attributes.get('push_subscribe') ?? 'subscribed',
  email_subscribe: profile.attributes.get('email_subscribe') ?? 'subscribed',
});

/** What export says of a profile: the fields asked for that are not null, false or empty. */
export const exported = (profile: ProfileRecord, fields: readonly string[]): JsonObject => {
  const said = Object.entries(allFields(profile)).filter(([name, value]) => fields.includes(name) && isSaid(value));
  return Object.fromEntries(said);
};
