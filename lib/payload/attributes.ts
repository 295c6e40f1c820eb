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

/**
 * The standard fields of a profile.
 * https://www.braze.com/docs/api/objects_filters/user_attributes_object/
 */
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

/** Keys that identify the person or control Braze. They cannot be set as attributes, because people type attributes. */
// biome-ignore format: a list of names
const FORBIDDEN_KEYS = [
  'external_id', 'user_alias', 'braze_id', 'appboy_id', '_update_existing_only', 'update_existing_only',
  'push_token_import', 'push_tokens', 'api_key', 'email_subscription_info', 'bio',
];

const toPascalCase = (name: string) =>
  name.replace(/(?:^|(?<=[a-z])_)[a-z]/g, (start) => start.replace('_', '').toUpperCase());

/** Lists the spellings of a name: `first_name`, `FIRST_NAME`, `firstName`, `FirstName`. */
const toSpellings = (name: string): readonly string[] => [
  name,
  name.toUpperCase(),
  toPascalCase(name).replace(/^[A-Z]/, (initial) => initial.toLowerCase()),
  toPascalCase(name),
];

const standardNames: ReadonlyMap<string, string> = new Map(
  [...Object.keys(STANDARD).map((name) => [name, name] as const), ...Object.entries(ALIASES)].flatMap(
    ([spelled, name]) => toSpellings(spelled).map((spelling) => [spelling, name] as const),
  ),
);
/** `FIRST_NAME` → `first_name`; `undefined` if it is not a standard field. */
export const toStandardName = (spelled: string): string | undefined => standardNames.get(spelled);

const forbiddenNames: ReadonlySet<string> = new Set(FORBIDDEN_KEYS.flatMap(toSpellings));

/** The attributes of a person as Braze accepts them, without the identifier. */
export interface Attributes {
  readonly [name: string]: Json;
}

const isStandard = (name: string | undefined): name is StandardName =>
  name !== undefined && Object.hasOwn(STANDARD, name);

/**
 * The country of a payload's national phone numbers: its attribute `country`, else the default country of the stage.
 * `undefined` if the attribute is invalid, because the stage's country would be a guess; the attribute reports that.
 */
export const findCountry = (attributes: CleanValue, ctx: FieldContext): string | undefined => {
  let invalid = false;
  for (const [key, value] of Object.entries(isObject(attributes) ? attributes : {})) {
    if (standardNames.get(key) !== 'country' || value === undefined || value === null) continue;
    const parsed = country.parse(value, ctx.silent());
    if (parsed !== undefined) return parsed;
    invalid = true;
  }
  return invalid ? undefined : ctx.options.country;
};

/** Whether an attribute is the identifier, which the object has already. */
const repeatsIdentifier = (name: string, value: Json, { options: { lookupKey } }: FieldContext): boolean =>
  lookupKey !== undefined && lookupKey.name === name && lookupKey.value === value;

/**
 * Whether an `email` or `phone` attribute could make Braze find another person than the identifier: without a primary
 * identifier, Braze looks the person up by `email`, then by `phone`.
 * https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
const competesWithIdentifier = (name: string, { options: { lookupKey } }: FieldContext): boolean =>
  lookupKey !== undefined && (name === 'email' || (name === 'phone' && lookupKey.name === 'phone'));

const parseAttribute = (
  key: string,
  value: Exclude<CleanValue, undefined>,
  ctx: FieldContext,
): readonly [string, Json] | undefined => {
  if (forbiddenNames.has(key)) return ctx.invalid('control_key');
  if (key === '_merge_objects') {
    const merge = toBoolean(value, ctx.options.language) ?? ctx.invalid('not_a_boolean');
    return merge === undefined ? undefined : [key, merge];
  }
  const name = standardNames.get(key);
  if (!isStandard(name)) {
    const custom = ctx.observe(parseCustomAttribute(key, value, ctx));
    return custom === undefined ? undefined : [key, custom];
  }
  const parsed = value === null ? null : ctx.parse<Json>(STANDARD[name], value);
  if (parsed === undefined || repeatsIdentifier(name, parsed, ctx)) return undefined;
  return competesWithIdentifier(name, ctx) ? ctx.invalid('conflicting_identifier') : [name, parsed];
};

/**
 * The attributes to set on a profile: standard fields in any of their spellings, of which the first valid one is sent;
 * any other key is a custom attribute. `null` unsets.
 */
export const attributes: Field<Attributes> = {
  sends: 'standard fields and custom attributes',
  invalidWhen: 'it is not an object; of an object, only invalid members are left out',
  schema: {
    type: 'object',
    properties: Object.fromEntries(Object.entries(STANDARD).map(([name, field]) => [name, field.schema])),
    additionalProperties: true,
    propertyNames: { not: { enum: FORBIDDEN_KEYS } },
    examples: [
      {
        first_name: '{FIRST_NAME}',
        last_name: '{LAST_NAME}',
        email: '{EMAIL}',
        dob: '{DATE_OF_BIRTH}',
        home_city: '{CITY}',
      },
    ],
  },
  parse: (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    const parsed = new Map<string, Json>();
    for (const [key, given] of Object.entries(value)) {
      if (given === undefined || given === EMPTY || parsed.has(standardNames.get(key) ?? key)) continue;
      const member = parseAttribute(key, given, ctx.child(key));
      if (member !== undefined) parsed.set(member[0], member[1]);
    }
    return Object.fromEntries(parsed);
  },
};
