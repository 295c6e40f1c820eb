import type { Json } from '../json.ts';
import { parseCustomAttribute } from './custom.ts';
import { flag, toBoolean } from './fields/boolean.ts';
import { country } from './fields/country.ts';
import { current_location } from './fields/current-location.ts';
import { dob } from './fields/dob.ts';
import { email } from './fields/email.ts';
import { gender } from './fields/gender.ts';
import { language } from './fields/language.ts';
import { phone } from './fields/phone.ts';
import { facebook, twitter } from './fields/social-accounts.ts';
import { subscription_groups, subscriptionState } from './fields/subscription.ts';
import { lastName, personalName } from './fields/text.ts';
import { date } from './fields/time.ts';
import { time_zone } from './fields/time-zone.ts';
import { image_url } from './fields/url.ts';
import { type CleanValue, EMPTY, type Field, type FieldContext, isObject } from './schema.ts';

/** The standard fields of a profile (Braze, "User attributes object"). */
export const STANDARD = {
  first_name: personalName,
  last_name: lastName,
  email,
  phone,
  dob,
  gender,
  country,
  language,
  time_zone,
  home_city: personalName,
  email_subscribe: subscriptionState,
  push_subscribe: subscriptionState,
  current_location,
  subscription_groups,
  date_of_first_session: date,
  date_of_last_session: date,
  marked_email_as_spam_at: date,
  image_url,
  twitter,
  facebook,
  email_open_tracking_disabled: flag,
  email_click_tracking_disabled: flag,
} as const satisfies { readonly [name: string]: Field<Json> };

type StandardName = keyof typeof STANDARD;

const ALIASES: { readonly [other: string]: StandardName } = {
  date_of_birth: 'dob',
  birth_date: 'dob',
  birthday: 'dob',
  firstname: 'first_name',
  lastname: 'last_name',
};

/** What says who is meant or how Braze should act; a conversation must never reach it through an attribute. */
const CONTROL = [
  ...['external_id', 'user_alias', 'braze_id', 'appboy_id', '_update_existing_only', 'update_existing_only'],
  ...['push_token_import', 'push_tokens', 'api_key', 'email_subscription_info', 'bio'],
];

const pascal = (name: string) =>
  name.replace(/(?:^|(?<=[a-z])_)[a-z]/g, (start) => start.replace('_', '').toUpperCase());

/** `first_name`, `FIRST_NAME`, `firstName`, `FirstName`. */
const spellings = (name: string): readonly string[] => [
  name,
  name.toUpperCase(),
  pascal(name).replace(/^[A-Z]/, (initial) => initial.toLowerCase()),
  pascal(name),
];

const standardNames: ReadonlyMap<string, string> = new Map(
  [...Object.keys(STANDARD).map((name) => [name, name] as const), ...Object.entries(ALIASES)].flatMap(
    ([spelled, name]) => spellings(spelled).map((spelling) => [spelling, name] as const),
  ),
);
/** `FIRST_NAME` → `first_name`; `undefined` for what is no standard field. */
export const standardName = (spelled: string): string | undefined => standardNames.get(spelled);

const controlNames: ReadonlySet<string> = new Set(CONTROL.flatMap(spellings));

/** The attributes of one person as Braze takes them, without the identifier. */
export interface Attributes {
  readonly [name: string]: Json;
}

const isStandard = (name: string | undefined): name is StandardName =>
  name !== undefined && Object.hasOwn(STANDARD, name);

/**
 * The country by which a payload's phone numbers are read: the one it gives, else the stage's. Given and invalid, there
 * is none, since the stage's would be a guess; its own place reports it, not this one.
 */
export const findCountry = (attributes: CleanValue, ctx: FieldContext): string | undefined => {
  let isGiven = false;
  for (const [key, value] of Object.entries(isObject(attributes) ? attributes : {})) {
    if (standardNames.get(key) !== 'country' || value === undefined || value === null) continue;
    const read = country.parse(value, ctx.silent());
    if (read !== undefined) return read;
    isGiven = true;
  }
  return isGiven ? undefined : ctx.options.country;
};

/** The identifier itself, said again. */
const repeatsIdentifier = (name: string, value: Json, { options: { lookupKey } }: FieldContext): boolean =>
  lookupKey !== undefined && lookupKey.name === name && lookupKey.value === value;

/**
 * An `email` or `phone` that would make Braze find another person than the identifier does: an object without a
 * primary identifier is looked up by them, and by email first (Braze, "Track users").
 */
const competesWithIdentifier = (name: string, { options: { lookupKey } }: FieldContext): boolean =>
  lookupKey !== undefined && (name === 'email' || (name === 'phone' && lookupKey.name === 'phone'));

const parseAttribute = (
  key: string,
  value: Exclude<CleanValue, undefined>,
  ctx: FieldContext,
): readonly [string, Json] | undefined => {
  if (controlNames.has(key)) return ctx.invalid('control_key');
  if (key === '_merge_objects') {
    const merge = toBoolean(value, ctx.options.language) ?? ctx.invalid('not_a_boolean');
    return merge === undefined ? undefined : [key, merge];
  }
  const name = standardNames.get(key);
  if (!isStandard(name)) {
    const custom = ctx.parsed(parseCustomAttribute(key, value, ctx));
    return custom === undefined ? undefined : [key, custom];
  }
  const read = value === null ? null : ctx.parse<Json>(STANDARD[name], value);
  if (read === undefined || repeatsIdentifier(name, read, ctx)) return undefined;
  return competesWithIdentifier(name, ctx) ? ctx.invalid('conflicting_identifier') : [name, read];
};

/**
 * What is to be set on a profile: standard fields by any of their spellings and normalised (the first usable spelling
 * wins), every other key a custom attribute. `null` unsets. InvalidPaths: control keys, and what a field's rule refuses.
 */
export const attributes: Field<Attributes> = {
  sends: 'standard fields and custom attributes',
  invalidWhen: 'it is not an object; an invalid member is left out by itself',
  schema: {
    type: 'object',
    properties: Object.fromEntries(Object.entries(STANDARD).map(([name, field]) => [name, field.schema])),
    additionalProperties: true,
    propertyNames: { not: { enum: CONTROL } },
    examples: [
      {
        ...{ first_name: '{FIRST_NAME}', last_name: '{LAST_NAME}', email: '{EMAIL}' },
        ...{ dob: '{DATE_OF_BIRTH}', home_city: '{CITY}' },
      },
    ],
  },
  parse: (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    const read = new Map<string, Json>();
    for (const [key, given] of Object.entries(value)) {
      if (given === undefined || given === EMPTY || read.has(standardNames.get(key) ?? key)) continue;
      const member = parseAttribute(key, given, ctx.child(key));
      if (member !== undefined) read.set(member[0], member[1]);
    }
    return Object.fromEntries(read);
  },
};
