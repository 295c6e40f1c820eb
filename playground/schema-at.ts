import type { JSONSchema7, JSONSchema7Definition } from 'json-schema';

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

/** What a JSON Schema accepts at a payload path, in words: its values, else examples. `undefined` where it does not say. */
export const describeAccepted = (root: JSONSchema7, path: string): string | undefined => {
  let schemas = expand(root, root);
  for (const key of path.split('.')) schemas = step(root, schemas, key);
  const values = schemas.flatMap((schema) => schema.enum ?? []);
  const examples = schemas.flatMap(({ examples: given }) => (Array.isArray(given) ? given : []));
  const list = (items: readonly unknown[]) =>
    [...new Set(items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))))].join(', ');
  if (values.length > 0) return list(values);
  return examples.length > 0 ? `for example ${list(examples)}` : undefined;
};
