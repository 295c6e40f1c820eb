import { standardName } from './attributes.ts';
import type { Field } from './field.ts';
import { listOf } from './object.ts';

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
  becomes: 'the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  unusableWhen: 'it is neither a field of a profile nor `custom_attributes.` with a name',
  schema: { type: 'string', examples: ['first_name', 'custom_attributes.loyalty_number'] },
  read: (value, at) => {
    if (typeof value !== 'string') return at.refuse();
    if (value.startsWith(CUSTOM)) {
      const name = value.slice(CUSTOM.length);
      const key = keyOf(name);
      return name === '' || key === TAKEN ? at.refuse() : { key, path: ['custom_attributes', name] };
    }
    const name = standardName(value) ?? MORE.find((known) => known === value);
    return name === undefined ? at.refuse() : { key: keyOf(name), path: [name] };
  },
};

const list = listOf(profileField);

/** Which fields of a profile are asked for; one usable name at least. */
export const profileFields: Field<readonly ProfileField[]> = {
  ...list,
  becomes: 'the names; each comes back as the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  unusableWhen: 'none of its names is usable; an unusable name is left out by itself',
  read: (value, at) => {
    const fields = new Map<string, ProfileField>();
    for (const { path, value: field } of list.read(value, at) ?? []) {
      // Two names with one key: the flow could not tell which of them it was given.
      if (fields.has(field.key)) at.at(path.slice(at.path.length + 1)).refuse();
      else fields.set(field.key, field);
    }
    return fields.size > 0 ? [...fields.values()] : at.refuse();
  },
};
