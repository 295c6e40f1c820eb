import { standardName } from './attributes.ts';
import { type Field, listWithPaths } from './schema.ts';

/** What `users/export/ids` can tell of a profile besides the standard attributes and `custom_attributes`. */
const MORE = [
  ...['external_id', 'user_aliases', 'braze_id', 'created_at', 'random_bucket', 'total_revenue', 'uninstalled_at'],
  ...['custom_events', 'purchases', 'devices', 'apps', 'push_tokens', 'last_coordinates'],
];
const CUSTOM = 'custom_attributes.';
/** A key of every answer, which no profile may set. */
const TAKEN = 'BRAZE_INVALID_FIELDS';

/** A field to be read: as the designer asks for it, and the keys that lead to it in Braze's answer. */
export interface ProfileField {
  /** `BRAZE_FIRST_NAME`. */
  readonly key: string;
  readonly path: readonly [string, ...string[]];
}

const keyOf = (name: string): string => `BRAZE_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;

/** `first_name`, `custom_attributes.favourite_colour`. */
const profileField: Field<ProfileField> = {
  sends: 'the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  invalidWhen: 'it is neither a field of a profile nor `custom_attributes.` with a name',
  schema: { type: 'string', examples: ['first_name', 'custom_attributes.loyalty_number'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    if (value.startsWith(CUSTOM)) {
      const name = value.slice(CUSTOM.length);
      const key = keyOf(name);
      return name === '' || key === TAKEN ? ctx.invalid('reserved_name') : { key, path: ['custom_attributes', name] };
    }
    const name = standardName(value) ?? MORE.find((known) => known === value);
    return name === undefined ? ctx.invalid('unknown_value') : { key: keyOf(name), path: [name] };
  },
};

const list = listWithPaths(profileField);

/** Which fields of a profile are asked for; one usable name at least. */
export const profileFields: Field<readonly ProfileField[]> = {
  ...list,
  sends: 'the names; each comes back as the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  invalidWhen: 'none of its names is usable; an invalid name is left out by itself',
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
