import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDPOINTS } from '../../emulators/braze/gateway.ts';
import { IDENTIFIERS, type IdentifierName } from '../../lib/payload/identity.ts';
import { toDefinitionName } from '../nodes.ts';
import type { NewNode } from './options.ts';

/** Somebody, by each of the identifiers. */
const PERSON: { readonly [name in IdentifierName]: unknown } = {
  external_id: 'customer-20417',
  user_alias: { alias_name: 'chat-5531', alias_label: 'pypestream' },
  braze_id: '5f0c8f0e2f0b4bb79a550f2f',
  email: 'ada@example.com',
  phone: '+14155550100',
};

const CONTEXT = {
  env: 'sandbox',
  chat_id: '8f0c8f0e-2f0b-4bb7-9a55-0f2f3b1d9b10',
  user_data: { platform: 'iOS 17.5', browser_language: 'fr-CA' },
};

const toPerson = ({ identifiers: [first = 'external_id'] }: NewNode) => ({ [first]: PERSON[first] });

/** What the sample conversation says. */
const toPayload = (node: NewNode) => ({
  ...toPerson(node),
  ...Object.fromEntries(node.fields.map(({ name, type }) => [name, type.raw])),
});

/** What a flow designer types: a variable for each text. */
const toExample = ({ identifiers: [first = 'external_id'], fields }: NewNode) => ({
  payload: {
    [first]: first === 'user_alias' ? { alias_name: '{ALIAS_NAME}', alias_label: 'pypestream' } : '{CUSTOMER_ID}',
    ...Object.fromEntries(
      fields.map(({ name, type }) => [name, typeof type.raw === 'string' ? `{${name.toUpperCase()}}` : type.sent]),
    ),
  },
});

const toBody = (node: NewNode) => {
  const pick = (wanted: boolean) =>
    Object.fromEntries(
      node.fields.filter(({ isTop }) => isTop === wanted).map(({ name, type }) => [name, type.sent] as const),
    );
  const object = { ...toPerson(node), ...pick(false) };
  return node.list === '' ? { ...object, ...pick(true) } : { ...pick(true), [node.list]: [object] };
};

const toCode = (value: unknown): string => JSON.stringify(value);

const toRequestCode = ({ fields, list }: NewNode): string => {
  const [first] = fields;
  const isEmptyPossible = fields.every(({ isRequired }) => !isRequired);
  const top = list === '' ? [] : fields.filter(({ isTop }) => isTop).map(({ name }) => name);
  const payload = top.length === 0 ? 'payload' : `{ ${top.join(', ')}, ...payload }`;
  const object = '{ ...identity.identifier, ...payload }';
  const body = list === '' ? object : `{ ${[...top, `${list}: [${object}]`].join(', ')} }`;
  const paths = list === '' ? '{}' : `{ ${list}: [${toCode(first?.name)}] }`;
  const request = `{ body: ${body}, paths: ${paths} }`;
  return isEmptyPossible
    ? `(${payload}, { identity }) => (Object.keys(payload).length === 0 ? undefined : ${request})`
    : `(${payload}, { identity }) => (${request})`;
};

/** Whether the emulator can say what Braze would answer. */
export const isEmulated = ({ path }: NewNode): boolean =>
  ENDPOINTS.some((endpoint) => endpoint.method === 'POST' && endpoint.path === path);

/** The text for each slot of the templates; undefined where its line is left out. */
const toSlots = (node: NewNode): { readonly [slot: string]: string | undefined } => {
  const { name, description, path, permission, identifiers, fields, isLookUp, isIdempotent } = node;
  const needed = fields.find(({ isRequired }) => isRequired)?.name;
  const members = fields.map(({ name: field, type, isRequired }) => {
    const value = isRequired ? `required(${type.field})` : type.field;
    return value === field ? field : `${field}: ${value}`;
  });
  return {
    NAME: toCode(name),
    DESCRIPTION: toCode(description),
    EXAMPLE: toCode(toExample(node)),
    PATH: toCode(path),
    PERMISSION: toCode(permission),
    IS_IDEMPOTENT: String(isIdempotent),
    QUEUE_ON_FAILURE: String(!isLookUp),
    IDENTIFIERS: identifiers.length < IDENTIFIERS.length ? toCode(identifiers) : undefined,
    EXACT_IDENTITY: isLookUp ? 'true' : undefined,
    FIELDS: `{ ${members.join(', ')} }`,
    TO_REQUEST: toRequestCode(node),
    OUTCOMES: undefined,
    READ_RESPONSE: undefined,
    PROFILE: toCode({ ...toPerson(node), _update_existing_only: false }),
    PAYLOAD: toCode(toPayload(node)),
    ANSWER: isEmulated(node) ? toCode({ outcome: 'sent' }) : '{}',
    REQUEST: toCode({ path: `/${path}`, body: toBody(node) }),
    INCOMPLETE: toCode(needed === undefined ? toPerson(node) : { ...toPayload(node), [needed]: 'None' }),
  };
};

/** The imports of the node's fields. */
const toImports = ({ fields }: NewNode): string => {
  const types = fields.map(({ type }) => type);
  const byModule = Map.groupBy(types, ({ module }) => module);
  const helpers = [
    'object',
    ...(fields.some(({ isRequired }) => isRequired) ? ['required'] : []),
    ...(types.some(({ field }) => field.startsWith('list(')) ? ['list'] : []),
  ];
  return [
    `import { ${helpers.join(', ')} } from '../lib/payload/schema.ts';`,
    ...[...byModule].map(([module, group]) => {
      const names = new Set(group.map(({ field }) => /\((\w+)\)$/.exec(field)?.[1] ?? field.replace(/\(.*/, '')));
      return `import { ${[...names].join(', ')} } from '../lib/payload/${module}';`;
    }),
  ].join('\n');
};

const fillTemplate = (file: string, node: NewNode): string => {
  const slots = toSlots(node);
  const template = readFileSync(join(import.meta.dirname, 'templates', file), 'utf8')
    .replace(/^import \{[^}]*\} from '\.\/slots\.ts';\n/m, '')
    .replaceAll('newNode', toDefinitionName(node.name));
  return template
    .split('\n')
    .filter(
      (line) => ![...line.matchAll(/\b[A-Z][A-Z_]+\b/g)].some(([slot]) => slot in slots && slots[slot] === undefined),
    )
    .join('\n')
    .replace(/\b[A-Z][A-Z_]+\b/g, (slot) => slots[slot] ?? slot);
};

export const renderHandler = (node: NewNode): string =>
  fillTemplate('handler.ts', node)
    .replace(/^import \{ object \}.*$/m, toImports(node))
    .replaceAll('../../../lib/', '../lib/');

export const renderTest = (node: NewNode): string =>
  fillTemplate('test.ts', node)
    .replaceAll('../../../tests/support/', '../support/')
    .replaceAll('../../../lib/', '../../lib/')
    .replace('./handler.ts', `../../handlers/${node.name}.ts`);

export const renderEvent = (node: NewNode): string =>
  `${JSON.stringify({ payload: toPayload(node), context: CONTEXT }, null, 2)}\n`;

/** The function's entry in `serverless.yml`. */
export const renderFunction = ({ name }: NewNode): string => `  ${name}:
    handler: handlers/${name}.handler
    events:
      - httpApi: POST /nodes/${name}
`;
