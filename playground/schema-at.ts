import type { JSONSchema7, JSONSchema7Definition } from 'json-schema';
import { INVALID_REASONS } from '../lib/payload/invalid-reason.ts';

const isSchema = (value: JSONSchema7Definition | undefined): value is JSONSchema7 => typeof value === 'object';

/** The schema itself, or what it refers to within the same document, and every alternative of it. */
const expand = (root: JSONSchema7, schema: JSONSchema7): readonly JSONSchema7[] => {
  const name = schema.$ref?.match(/^#\/\$defs\/(.+)$/)?.[1];
  const referred = name === undefined ? undefined : root.$defs?.[name];
  const alternatives = (schema.anyOf ?? []).filter(isSchema);
  return [schema, ...(isSchema(referred) ? [referred] : []), ...alternatives.flatMap((one) => expand(root, one))];
};

const step = (root: JSONSchema7, schemas: readonly JSONSchema7[], key: string): readonly JSONSchema7[] =>
  schemas.flatMap((schema) => {
    const members = [
      schema.properties?.[key],
      /^\d+$/.test(key) && !Array.isArray(schema.items) ? schema.items : undefined,
    ];
    return members.filter((member) => isSchema(member)).flatMap((member) => expand(root, member));
  });

/** Every schema that a value at a payload path may follow. */
const findSchemas = (root: JSONSchema7, path: string): readonly JSONSchema7[] => {
  let schemas = expand(root, root);
  for (const key of path.split('.')) schemas = step(root, schemas, key);
  return schemas;
};

const toList = (items: readonly unknown[], separator = ', '): string =>
  [...new Set(items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))))].join(separator);

/** What a JSON Schema accepts at a payload path, in words: its values, else examples. `undefined` where it does not say. */
export const describeAccepted = (root: JSONSchema7, path: string): string | undefined => {
  const schemas = findSchemas(root, path);
  const values = schemas.flatMap((schema) => schema.enum ?? []);
  if (values.length > 0) return toList(values);
  const examples = schemas.flatMap(({ examples: given }) => (Array.isArray(given) ? given : []));
  return examples.length > 0 ? `for example ${toList(examples)}` : undefined;
};

/** What a key of the payload takes: `string or null (for example 21 Dec 1980)`. Empty where the schema does not know it. */
export const describeField = (root: JSONSchema7, path: string): string => {
  const types = toList(
    findSchemas(root, path).flatMap(({ type }) => type ?? []),
    ' or ',
  );
  const accepted = describeAccepted(root, path);
  return accepted === undefined ? types : `${types} (${accepted})`;
};

/** The problem that codemirror-json-schema found, in words for somebody who has never seen a JSON Schema. */
export const toPlainProblem = (root: JSONSchema7, message: string): string => {
  if (message.startsWith('Additional property ')) return INVALID_REASONS.unknown_key;
  const path = message.match(/^Value .* at `([^`]*)` does not match any schema of /s)?.[1];
  if (path !== undefined) return `This takes: ${describeField(root, path)}.`;
  if (!message.includes('does not match any schema of')) return message.replaceAll('`', '');
  const alternatives = (root.anyOf ?? []).flatMap((schema) => (isSchema(schema) ? (schema.required ?? []) : []));
  return `One of these keys must be there: ${toList(alternatives)}.`;
};
