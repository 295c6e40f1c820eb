import { type Field, type FieldContext, listWithPaths } from './schema.ts';

/** A value that a flow asks for, and the key of the answer under which it gets it. */
export interface AskedField {
  /** `BRAZE_FIRST_NAME`. */
  readonly key: string;
}

/** Keys that an answer has for itself, so that nothing that Braze holds can look like them. */
const RESERVED: readonly string[] = ['BRAZE_INVALID_FIELDS', 'BRAZE_IDENTITY'];

/** The key of an answer for a name; undefined, and reported, where there can be none. */
export const toAnswerKey = (name: string, ctx: FieldContext): string | undefined => {
  const key = `BRAZE_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;
  return name === '' || RESERVED.includes(key) ? ctx.invalid('reserved_name') : key;
};

/** Which fields a flow asks for; at least one, and no two with one key: the flow could not tell which it was given. */
export const askedFields = <T extends AskedField>(item: Field<T>, invalidWhen: string): Field<readonly T[]> => {
  const list = listWithPaths(item);
  return {
    ...list,
    sends: 'the names; each comes back as the key `BRAZE_<NAME IN CAPITALS>` of the answer',
    invalidWhen,
    parse: (value, ctx) => {
      const fields = new Map<string, T>();
      for (const { path, value: field } of list.parse(value, ctx) ?? []) {
        if (fields.has(field.key)) ctx.child(path.slice(ctx.path.length + 1)).invalid('duplicate');
        else fields.set(field.key, field);
      }
      return fields.size > 0 ? [...fields.values()] : ctx.invalid('empty');
    },
  };
};
