import { toStandardName } from './attributes.ts';
import { type Field, listWithPaths } from './schema.ts';

/** What `users/export/ids` can tell of a profile beside the standard attributes and `custom_attributes`. */
// biome-ignore format: a list of names
const EXPORT_ONLY = [
  'external_id', 'user_aliases', 'braze_id', 'created_at', 'random_bucket', 'total_revenue', 'uninstalled_at',
  'custom_events', 'purchases', 'devices', 'apps', 'push_tokens', 'last_coordinates',
];
/** Identifiers, contacts and the birth date: whoever types somebody's address must not be told them. */
// biome-ignore format: a list of names
const PRIVATE = [
  'external_id', 'user_aliases', 'braze_id', 'email', 'phone', 'dob', 'facebook', 'twitter', 'devices', 'push_tokens',
];
const CUSTOM = 'custom_attributes.';
/** Keys of every answer, which no profile may set: an attribute `identity` could claim to be verified. */
const RESERVED: readonly string[] = ['BRAZE_INVALID_FIELDS', 'BRAZE_IDENTITY'];

/** A field to be read: the key of the answer, and where the value stands in Braze's response. */
export interface ProfileField {
  /** `BRAZE_FIRST_NAME`. */
  readonly key: string;
  /** `first_name`; or `custom_attributes` and a name, in which dots lead into nested attributes. */
  readonly path: readonly [string, ...string[]];
}

const toKey = (name: string): string => `BRAZE_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;

/** `first_name`, `custom_attributes.favourite_colour`, `custom_attributes.address.city`. */
const profileField: Field<ProfileField> = {
  sends: 'the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  invalidWhen: 'it is neither a field of a profile nor `custom_attributes.` with a name',
  schema: { type: 'string', examples: ['first_name', 'custom_attributes.loyalty_number'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    if (value.startsWith(CUSTOM)) {
      const name = value.slice(CUSTOM.length);
      const key = toKey(name);
      return name === '' || RESERVED.includes(key)
        ? ctx.invalid('reserved_name')
        : { key, path: ['custom_attributes', name] };
    }
    const name = toStandardName(value) ?? EXPORT_ONLY.find((known) => known === value);
    if (name === undefined) return ctx.invalid('unknown_value');
    const isFoundByContact = ctx.options.lookupKey !== undefined;
    if (isFoundByContact && PRIVATE.includes(name)) return ctx.invalid('identity_not_proven');
    return { key: toKey(name), path: [name] };
  },
};

const list = listWithPaths(profileField);

/** Which fields of a profile are asked for; at least one valid name. */
export const profileFields: Field<readonly ProfileField[]> = {
  ...list,
  sends: 'the names; each comes back as the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  invalidWhen:
    'none of its names is valid; an invalid name is left out by itself, and so are identifiers, contacts and the birth date of a person who was found by `email` or `phone` alone',
  parse: (value, ctx) => {
    const fields = new Map<string, ProfileField>();
    for (const { path, value: field } of list.parse(value, ctx) ?? []) {
      // Two names with one key: the flow could not tell which of them it was given.
      if (fields.has(field.key)) ctx.child(path.slice(ctx.path.length + 1)).invalid('duplicate');
      else fields.set(field.key, field);
    }
    return fields.size > 0 ? [...fields.values()] : ctx.invalid('empty');
  },
};
