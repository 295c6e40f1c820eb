import { attributes } from '../../lib/payload/attributes.ts';
import { flag } from '../../lib/payload/fields/boolean.ts';
import { email } from '../../lib/payload/fields/email.ts';
import { phone } from '../../lib/payload/fields/phone.ts';
import { braze_id, external_id, type IdentifierName, user_alias } from '../../lib/payload/identity.ts';
import { listReadIdentifiers } from '../../lib/payload/parse.ts';
import type { Field, JsonSchema } from '../../lib/payload/schema.ts';
import { type DocumentedField, getIdentifiers, getMembers, type Node } from '../nodes.ts';

/** The top level that all nodes have in common. */
export const IDENTITY = { external_id, user_alias, braze_id, email, phone } as const satisfies {
  readonly [name in IdentifierName]: Field<unknown>;
};
/** Read before the payload is parsed (lib/entry/identity-claim.ts), so it is no field of the payload. */
const signed_id: DocumentedField = {
  sends:
    'as `external_id` the one that the signed link proves; the answer then has `BRAZE_IDENTITY`: `verified` or `typed`',
  invalidWhen: 'never: a token that is malformed, expired or signed with another secret proves nothing',
  schema: { type: 'string', examples: ['page', '{LINK}'] },
};

/** How a payload is to be taken, in all nodes. */
export const SWITCHES = { update_existing_only: flag, strict: flag, signed_id, require_verified: flag } as const;

const typed = (description: string, key: string): JsonSchema => ({
  description,
  type: 'object',
  properties: { [key]: { type: ['string', 'number', 'boolean', 'array'] } },
  required: [key],
  additionalProperties: false,
});

const DEFINITIONS = {
  variable: {
    description: 'Text with a variable of the flow in it, or what stands there when the variable was never set.',
    type: 'string',
    pattern: '\\{\\s*\\w+\\s*\\}|^\\s*(?:None|undefined|null|NaN)?\\s*$',
  },
  number: typed('Text that becomes a number.', '$number'),
  integer: typed('Text that becomes an integer.', '$integer'),
  boolean: typed('Text that becomes true or false.', '$boolean'),
  list: typed('Text that becomes a list: `a, b, c`, or the JSON of an array.', '$list'),
} as const;

const reference = (name: keyof typeof DEFINITIONS): JsonSchema => ({ $ref: `#/$defs/${name}` });

export const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members in an object's schema. */
export const getProperties = ({ properties }: JsonSchema): readonly (readonly [string, JsonSchema])[] =>
  isSchema(properties)
    ? Object.entries(properties).filter((member): member is [string, JsonSchema] => isSchema(member[1]))
    : [];

export const getTypes = ({ type }: JsonSchema): readonly unknown[] => (Array.isArray(type) ? type : [type]);

const getAlternatives = ({ anyOf }: JsonSchema): readonly JsonSchema[] =>
  Array.isArray(anyOf) ? anyOf.filter(isSchema) : [];

/** Whether any text fits, and so a variable. */
const takesText = (schema: JsonSchema): boolean =>
  getAlternatives(schema).some(takesText) ||
  (getTypes(schema).includes('string') && !['enum', 'pattern', 'format'].some((keyword) => keyword in schema));

const oneOfThese = (schemas: readonly JsonSchema[]): JsonSchema => {
  const [only, ...more] = schemas;
  return only !== undefined && more.length === 0 ? only : { anyOf: schemas };
};

/**
 * The schema of what a flow designer writes, made from that of what a rule takes: where a text is taken, a variable may
 * stand, and where another type is taken, a typed value.
 */
const asWritten = (schema: JsonSchema): JsonSchema => {
  const types = getTypes(schema);
  if (types.includes('object')) {
    const members = getProperties(schema).map(([name, member]) => [name, asWritten(member)] as const);
    return {
      ...schema,
      ...(members.length > 0 && { properties: Object.fromEntries(members) }),
      ...conditionsAsWritten(schema),
    };
  }
  if (isSchema(schema.items)) {
    const isFlat = !getTypes(schema.items).includes('object');
    return oneOfThese([{ ...schema, items: asWritten(schema.items) }, ...(isFlat ? [reference('list')] : [])]);
  }
  return oneOfThese([
    schema,
    ...(takesText(schema) ? [] : [reference('variable')]),
    ...(['number', 'integer', 'boolean'] as const).filter((type) => types.includes(type)).map(reference),
  ]);
};

/** What an object must be if one of its members has a certain value. */
const conditionsAsWritten = ({ allOf }: JsonSchema): JsonSchema =>
  Array.isArray(allOf)
    ? {
        allOf: allOf.filter(isSchema).map((condition) =>
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          isSchema(condition.then) ? { ...condition, then: asWritten(condition.then) } : condition,
        ),
      }
    : {};

/** An attribute may be unset. */
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

const memberSchema = (field: DocumentedField): JsonSchema => {
  const schema = asWritten(field.schema);
  if (field.schema !== attributes.schema) return schema;
  const members = getProperties(schema).map(([name, member]) => [name, orNull(member)] as const);
  return { ...schema, properties: Object.fromEntries(members) };
};

/** The JSON Schema of a node's Parameter Input, with its variables not yet filled in or as the flow has filled them in. */
export const toSchema = (node: Node): JsonSchema => {
  const members = getMembers(node);
  const identifiers = getIdentifiers(node);
  const read = identifiers.length > 0 ? listReadIdentifiers(node) : [];
  const fields = { ...Object.fromEntries(read.map((name) => [name, IDENTITY[name]])), ...SWITCHES, ...members };
  const aliases = getProperties(node.payload.schema).filter(([name]) => !Object.hasOwn(members, name));
  // A signed link stands for the external id.
  const required = Object.entries(members).flatMap(([name, { presence }]) =>
    presence === 'required' && name !== 'external_id' ? [name] : [],
  );
  const nullable = ['email', 'phone'].filter((name) => !(name in members));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: node.name,
    description: node.description,
    type: 'object',
    properties: {
      node: { const: node.name },
      ...Object.fromEntries(
        Object.entries(fields).map(([name, field]) => {
          const schema = memberSchema(field);
          return [name, nullable.includes(name) ? orNull(schema) : schema];
        }),
      ),
      ...Object.fromEntries(aliases.map(([name, schema]) => [name, asWritten(schema)])),
    },
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...conditionsAsWritten(node.payload.schema),
    ...(identifiers.length > 0 && {
      anyOf: ['signed_id', ...identifiers].map((name) => ({ required: [name] })),
    }),
    $defs: DEFINITIONS,
  };
};
