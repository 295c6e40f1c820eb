import { type Field, type FieldContext, listWithPaths } from './schema.ts';

/** A value that a flow asks for. */
export interface AskedField {
  /** The key of the answer that holds the value: `BRAZE_FIRST_NAME`. */
  readonly key: string;
}

/** Keys that every answer can have, which Braze's data must not replace. */
const RESERVED: readonly string[] = ['BRAZE_INVALID_FIELDS', 'BRAZE_IDENTITY'];

/** The key of the answer for a name; `undefined`, and reported, if the name is empty or its key reserved. */
export const toAnswerKey = (name: string, ctx: FieldContext): string | undefined => {
  const key = `BRAZE_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;
  return name === '' || RESERVED.includes(key) ? ctx.invalid('reserved_name') : key;
};

/** A list of at least one field that a flow asks for. Two names with one key are invalid, because one would be lost. */
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
