import type { JsonSchema } from '../../lib/payload/schema.ts';
import type { DocumentedField } from '../nodes.ts';
import { getProperties, getTypes, isSchema } from './schema.ts';

const MAX_EXAMPLE_LENGTH = 60;
/** An object of more members has a table of its own. */
const MAX_NAMED_MEMBERS = 10;

export const code = (text: string): string => `\`${text}\``;
export const codes = (texts: readonly unknown[]): string => texts.map((text) => code(String(text))).join(', ');

const TYPES: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true, false',
};

/** `a, b or c`. */
const joinAlternatives = (words: readonly string[]): string => {
  const unique = [...new Set(words)];
  return [unique.slice(0, -1).join(', '), ...unique.slice(-1)].filter((part) => part !== '').join(' or ');
};

const describeType = (schema: JsonSchema): string => {
  if (Array.isArray(schema.anyOf)) return joinAlternatives(schema.anyOf.filter(isSchema).map(describeType));
  if (Array.isArray(schema.enum)) return codes(schema.enum);
  if (isSchema(schema.items))
    return `a list; each item ${schema.items.enum ? 'one of ' : ''}${describeType(schema.items)}`;
  if (getTypes(schema).includes('object')) {
    const names = getProperties(schema).map(([name]) => name);
    return names.length > 0 && names.length <= MAX_NAMED_MEMBERS ? `an object of ${codes(names)}` : 'an object';
  }
  return joinAlternatives(getTypes(schema).map((type) => TYPES[String(type)] ?? String(type)));
};

const describeExamples = ({ examples, items }: JsonSchema): string => {
  const given = Array.isArray(examples)
    ? examples
    : isSchema(items) && Array.isArray(items.examples)
      ? items.examples
      : [];
  const short = given
    .map((example: unknown) => (typeof example === 'string' ? example : JSON.stringify(example)))
    .filter((text) => text.length <= MAX_EXAMPLE_LENGTH);
  return short.length > 0 ? `, such as ${codes(short)}` : '';
};

/** What a designer may write, in words. */
const describeSchema = (schema: JsonSchema): string => `${describeType(schema)}${describeExamples(schema)}`;

const escapePipes = (text: string): string => text.replaceAll('|', '\\|');
const toRow = (cells: readonly string[]): string => `| ${cells.map(escapePipes).join(' | ')} |`;

export const toTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [toRow(head), `|${'---|'.repeat(head.length)}`, ...rows.map(toRow)].join('\n');

const PRESENCE = { required: ' (required)', valid_if_present: '' } as const;

const toFieldRows = (
  fields: { readonly [name: string]: DocumentedField },
  within: string,
): readonly (readonly string[])[] =>
  Object.entries(fields).flatMap(([name, { schema, sends, invalidWhen, presence, fields: members = {} }]) => [
    [
      `${code(within + name)}${presence === undefined ? '' : PRESENCE[presence]}`,
      describeSchema(schema),
      sends,
      invalidWhen,
    ],
    ...toFieldRows(members, `${within}${name}.`),
  ]);

/** The fields of an object and of its members. */
export const toFieldTable = (fields: { readonly [name: string]: DocumentedField }): string =>
  toTable(['field', 'what may be written', 'what Braze is sent', 'left out and named when'], toFieldRows(fields, ''));
