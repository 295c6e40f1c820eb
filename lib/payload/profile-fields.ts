import { type AskedField, askedFields, toAnswerKey } from './answer-keys.ts';
import { toStandardName } from './attributes.ts';
import type { Field, FieldContext } from './schema.ts';

/**
 * Fields of an export, beside the standard attributes and `custom_attributes`.
 * https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/
 */
// biome-ignore format: a list of names
const EXPORT_ONLY = [
  'external_id', 'user_aliases', 'braze_id', 'created_at', 'random_bucket', 'total_revenue', 'uninstalled_at',
  'custom_events', 'purchases', 'devices', 'apps', 'push_tokens', 'last_coordinates',
];
/** Not returned for a person found by email or phone, because anybody can type another person's address. */
// biome-ignore format: a list of names
const PRIVATE = [
  'external_id', 'user_aliases', 'braze_id', 'email', 'phone', 'dob', 'facebook', 'twitter', 'devices', 'push_tokens',
];
const CUSTOM = 'custom_attributes.';

/** A field of a profile that a flow asks for. */
export interface ProfileField extends AskedField {
  /** Where the value is in the export: `first_name`, or `custom_attributes` and a name with dots for nested attributes. */
  readonly path: readonly [string, ...string[]];
}

const toProfileField = (name: string, path: ProfileField['path'], ctx: FieldContext): ProfileField | undefined => {
  const key = toAnswerKey(name, ctx);
  return key === undefined ? undefined : { key, path };
};

/** `first_name`, `custom_attributes.favourite_colour`, `custom_attributes.address.city`. */
const profileField: Field<ProfileField> = {
  sends: 'the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  invalidWhen: 'it is neither a field of a profile nor `custom_attributes.` with a name',
  schema: { type: 'string', examples: ['first_name', 'custom_attributes.loyalty_number'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    if (value.startsWith(CUSTOM)) {
      const name = value.slice(CUSTOM.length);
      return toProfileField(name, ['custom_attributes', name], ctx);
    }
    const name = toStandardName(value) ?? EXPORT_ONLY.find((known) => known === value);
    if (name === undefined) return ctx.invalid('unknown_value');
    const isFoundByContact = ctx.options.lookupKey !== undefined;
    if (isFoundByContact && PRIVATE.includes(name)) return ctx.invalid('identity_not_proven');
    return toProfileField(name, [name], ctx);
  },
};

/** The fields of a profile that a flow asks for. */
export const profileFields = askedFields(
  profileField,
  'none of its names is valid; otherwise only invalid names are left out, and identifiers, contacts and the birth date of a person who was found by `email` or `phone` alone',
);
