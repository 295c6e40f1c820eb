import { clean } from '../../lib/payload/clean.ts';
import { time } from '../../lib/payload/events.ts';
import { flag } from '../../lib/payload/fields/boolean.ts';
import { country } from '../../lib/payload/fields/country.ts';
import { currency } from '../../lib/payload/fields/currency.ts';
import { current_location } from '../../lib/payload/fields/current-location.ts';
import { dob } from '../../lib/payload/fields/dob.ts';
import { email } from '../../lib/payload/fields/email.ts';
import { gender } from '../../lib/payload/fields/gender.ts';
import { language } from '../../lib/payload/fields/language.ts';
import { count, integer, price } from '../../lib/payload/fields/number.ts';
import { phone } from '../../lib/payload/fields/phone.ts';
import { subscription_group_id, subscriptionState } from '../../lib/payload/fields/subscription.ts';
import { longText, personalName, shortText } from '../../lib/payload/fields/text.ts';
import { date } from '../../lib/payload/fields/time.ts';
import { time_zone } from '../../lib/payload/fields/time-zone.ts';
import { url } from '../../lib/payload/fields/url.ts';
import { external_id } from '../../lib/payload/identity.ts';
import { properties } from '../../lib/payload/properties.ts';
import { type Field, FieldContext, InvalidPaths, isGiven, list } from '../../lib/payload/schema.ts';

/** A type of field that a new node can have. */
export interface FieldType {
  /** The module of the field, below `lib/payload/`. */
  readonly module: string;
  /** What the module exports. */
  readonly symbol: string;
  /** The field as it is written in a handler. */
  readonly code: string;
  readonly field: Field<unknown>;
  /** What a conversation may say. */
  readonly sample: unknown;
}

const fieldType = (module: string, symbol: string, field: Field<unknown>, sample: unknown): FieldType => ({
  module,
  symbol,
  code: symbol,
  field,
  sample,
});

const FIELD_TYPES: { readonly [word: string]: FieldType } = {
  text: fieldType('fields/text.ts', 'shortText', shortText, ' <<far fa-check>> sample '),
  long_text: fieldType('fields/text.ts', 'longText', longText, 'A longer text. '.repeat(20)),
  name: fieldType('fields/text.ts', 'personalName', personalName, ' Ada  Lovelace '),
  id: fieldType('identity.ts', 'external_id', external_id, ' customer-20418 '),
  integer: fieldType('fields/number.ts', 'integer', integer, '-3'),
  count: fieldType('fields/number.ts', 'count', count, '3'),
  number: fieldType('fields/number.ts', 'price', price, '12,50'),
  boolean: fieldType('fields/boolean.ts', 'flag', flag, 'Yes, please'),
  email: fieldType('fields/email.ts', 'email', email, ' Ada@Example.com'),
  phone: fieldType('fields/phone.ts', 'phone', phone, '+1 415-555-0100'),
  url: fieldType('fields/url.ts', 'url', url, 'https://example.com/terms'),
  time: fieldType('events.ts', 'time', time, '2026-05-01T12:00:00+02:00'),
  date: fieldType('fields/time.ts', 'date', date, '1 May 2026'),
  birth_date: fieldType('fields/dob.ts', 'dob', dob, '10 Dec 1985'),
  country: fieldType('fields/country.ts', 'country', country, 'Germany'),
  language: fieldType('fields/language.ts', 'language', language, 'French'),
  time_zone: fieldType('fields/time-zone.ts', 'time_zone', time_zone, 'europe/berlin'),
  currency: fieldType('fields/currency.ts', 'currency', currency, 'eur'),
  gender: fieldType('fields/gender.ts', 'gender', gender, 'female'),
  location: fieldType('fields/current-location.ts', 'current_location', current_location, {
    longitude: '-73.99',
    latitude: '40.73',
  }),
  subscription_state: fieldType('fields/subscription.ts', 'subscriptionState', subscriptionState, 'subscribed'),
  subscription_group_id: fieldType(
    'fields/subscription.ts',
    'subscription_group_id',
    subscription_group_id,
    '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11',
  ),
  object: { ...fieldType('properties.ts', 'properties', properties([]), { colour: ' blue ' }), code: 'properties([])' },
};

const toListType = (item: FieldType): FieldType => ({
  ...item,
  code: `list(${item.code})`,
  field: list(item.field),
  sample: [item.sample],
});

/** The types in the words of the command line; each also as a list: `phone[]`. */
export const FIELD_TYPE_WORDS = Object.keys(FIELD_TYPES);

export const findFieldType = (word: string): FieldType | undefined => {
  const item = word.endsWith('[]') ? findFieldType(word.slice(0, -2)) : undefined;
  if (item !== undefined) return item.code.startsWith('list(') ? undefined : toListType(item);
  return Object.entries(FIELD_TYPES).find(([name]) => name === word)?.[1];
};

/** What Braze is sent for the sample; undefined where the field refuses it. */
export const toSent = ({ field, sample }: FieldType): unknown => {
  const invalid = new InvalidPaths();
  const ctx = new FieldContext({ now: Date.now() }, invalid).child('sample');
  const cleaned = clean(sample, ctx);
  const parsed = isGiven(cleaned) ? field.parse(cleaned, ctx) : undefined;
  return invalid.reasons.size > 0 ? undefined : parsed;
};
