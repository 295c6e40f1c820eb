import type { Fields, JsonSchema } from '../../lib/payload/schema.ts';
import type { Rule } from '../nodes.ts';
import { isSchema, propertiesOf, typesOf } from './schema.ts';

const LONGEST_EXAMPLE = 60;
/** An object of more members has a table of its own. */
const MOST_NAMED = 10;

export const code = (text: string): string => `\`${text}\``;
export const codes = (texts: readonly unknown[]): string => texts.map((text) => code(String(text))).join(', ');

const TYPES: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true, false',
};

/** `a, b or c`. */
const either = (words: readonly string[]): string => {
  const unique = [...new Set(words)];
  return [unique.slice(0, -1).join(', '), ...unique.slice(-1)].filter((part) => part !== '').join(' or ');
};

const typeWords = (schema: JsonSchema): string => {
  if (Array.isArray(schema.anyOf)) return either(schema.anyOf.filter(isSchema).map(typeWords));
  if (Array.isArray(schema.enum)) return codes(schema.enum);
  if (isSchema(schema.items))
    return `a list; each item ${schema.items.enum ? 'one of ' : ''}${typeWords(schema.items)}`;
  if (typesOf(schema).includes('object')) {
    const names = propertiesOf(schema).map(([name]) => name);
    return names.length > 0 && names.length <= MOST_NAMED ? `an object of ${codes(names)}` : 'an object';
  }
  return either(typesOf(schema).map((type) => TYPES[String(type)] ?? String(type)));
};

const exampleWords = ({ examples, items }: JsonSchema): string => {
  const given = Array.isArray(examples)
    ? examples
    : isSchema(items) && Array.isArray(items.examples)
      ? items.examples
      : [];
  const short = given
    .map((example: unknown) => (typeof example === 'string' ? example : JSON.stringify(example)))
    .filter((text) => text.length <= LONGEST_EXAMPLE);
  return short.length > 0 ? `, such as ${codes(short)}` : '';
};

/** What a designer may write, in words. */
export const schemaWords = (schema: JsonSchema): string => `${typeWords(schema)}${exampleWords(schema)}`;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');

const PRESENCE = { required: ' (required)', valid_if_present: '' } as const;

const fieldRows = (
  fields: { readonly [name: string]: Rule & Pick<Fields[string], 'presence'> },
  within: string,
): readonly (readonly string[])[] =>
  Object.entries(fields).flatMap(([name, { schema, sends, invalidWhen, presence, fields: members = {} }]) => [
    [
      `${code(within + name)}${presence === undefined ? '' : PRESENCE[presence]}`,
      schemaWords(schema),
      sends,
      invalidWhen,
    ],
    ...fieldRows(members, `${within}${name}.`),
  ]);

/** The fields of an object and of its members. */
export const fieldTable = (fields: { readonly [name: string]: Rule }): string =>
  table(['field', 'what may be written', 'what Braze is sent', 'left out and named when'], fieldRows(fields, ''));
