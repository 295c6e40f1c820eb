import { SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import { profileFields } from '../../lib/payload/profile-fields.ts';
import { FieldContext, type Fields, InvalidPaths, type JsonSchema } from '../../lib/payload/schema.ts';
import { type Declared, identifiersOf, membersOf } from '../nodes.ts';
import { IDENTITY, isSchema, propertiesOf, typesOf } from './schema.ts';

/** What a flow designer puts into the columns of an action node. */
export interface Recipe {
  readonly parameterInput: { readonly [name: string]: unknown };
  readonly output: readonly string[];
  /** For each Decision Variable: the values it may have. */
  readonly whatNext: { readonly success: readonly string[]; readonly outcome: readonly string[] };
  readonly variable: readonly string[];
}

/** What the designer knows, and nobody says in a conversation: an example stands for it, not a variable. */
const KNOWN_BEFOREHAND = ['name', 'canvas_id'];

const examplesOf = ({ examples }: JsonSchema): readonly unknown[] => (Array.isArray(examples) ? examples : []);

/** What may be written for a member, `undefined` where a recipe does better without it. */
const written = (name: string, schema: JsonSchema, isRequired: boolean): unknown => {
  const [example] = examplesOf(schema);
  if (typesOf(schema).includes('object')) {
    if (example !== undefined || !isRequired) return example;
    return Object.fromEntries(propertiesOf(schema).map(([key, member]) => [key, written(key, member, true)]));
  }
  if (typesOf(schema).includes('array')) {
    const items = isSchema(schema.items) ? schema.items : {};
    if (example !== undefined || typesOf(items).includes('object')) return example;
    return Array.isArray(items.enum) ? items.enum : examplesOf(items);
  }
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (example !== undefined && (KNOWN_BEFOREHAND.includes(name) || String(example).startsWith('{'))) return example;
  return `{${name.toUpperCase()}}`;
};

const inputOf = (fields: Fields): { readonly [name: string]: unknown } =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, { schema, presence }]) => {
      // What must be valid if present is better not given than given wrongly.
      const value = presence === 'valid_if_present' ? undefined : written(name, schema, presence === 'required');
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** The keys that a look-up answers with, for what the recipe asks for. */
const answered = (fields: Fields, input: { readonly [name: string]: unknown }): readonly string[] =>
  Object.entries(fields).flatMap(([name, field]) => {
    const asked = input[name];
    if (field.parse !== profileFields.parse || !Array.isArray(asked)) return [];
    return profileFields.parse(asked, new FieldContext({ now: 0 }, new InvalidPaths()))?.map(({ key }) => key) ?? [];
  });

export const recipeOf = (declared: Declared): Recipe => {
  const fields = membersOf(declared);
  const [identifier = 'external_id'] = identifiersOf(declared);
  const said = inputOf({ [identifier]: IDENTITY[identifier], ...fields });
  const outcomes = { ...SUCCESS_BY_OUTCOME, ...declared.outcomes };
  const variable = ['BRAZE_INVALID_FIELDS', ...answered(fields, said)];
  return {
    parameterInput: { node: declared.name, ...said },
    output: ['success', 'outcome', ...variable],
    whatNext: { success: [...new Set(Object.values(outcomes))], outcome: Object.keys(outcomes) },
    variable,
  };
};
