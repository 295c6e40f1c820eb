import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBraze } from '../../emulators/braze/gateway.ts';
import type { JsonObject } from '../../emulators/json.ts';
import { IDENTIFIERS } from '../../lib/payload/identity.ts';
import { findSeeds } from '../demo/stage.ts';
import { toDefinitionName } from '../nodes.ts';
import { toIsAnswerCode, toReadResponseCode, toSampleAnswers } from './answers.ts';
import { findEmulated, type NewNode } from './options.ts';
import { mayBeEmpty, toExample, toPayload, toPerson, toQuery, toRequest } from './request.ts';

const CONTEXT = {
  env: 'sandbox',
  chat_id: '8f0c8f0e-2f0b-4bb7-9a55-0f2f3b1d9b10',
  user_data: { platform: 'iOS 17.5', browser_language: 'en-US' },
};

const toCode = (value: unknown): string => JSON.stringify(value);

/** Whether the emulator can say what Braze would answer. */
export const isEmulated = (node: NewNode): boolean => findEmulated(node) !== undefined;

/** Whether the emulated Braze refuses an empty body, so that `doctor` can ask for the permission without harm. */
const refusesEmptyBody = ({ method, path }: NewNode): boolean => {
  const braze = createBraze();
  braze.receive({
    method,
    path: `/${path.replaceAll(/\{\w+\}/g, 'permission-check')}`,
    query: '',
    headers: { authorization: `Bearer ${braze.apiKey}`, 'content-type': 'application/json' },
    body: Buffer.from('{}'),
  });
  return braze.requests[0]?.status === 400;
};

const toEndpointCode = (node: NewNode): string => {
  const { method, path, permission, isIdempotent, isQueued } = node;
  const query = toQuery(node);
  const isAnswer = toIsAnswerCode(node);
  const members = [
    ...(method === 'POST' ? [] : [`method: ${toCode(method)}`]),
    `path: ${toCode(path)}`,
    ...(query.length > 0 ? [`query: ${toCode(query)}`] : []),
    `permission: ${toCode(permission)}`,
    ...(method !== 'GET' && refusesEmptyBody(node) ? ['refusesEmptyBody: true'] : []),
    ...(isAnswer === undefined ? [] : [`isAnswer: ${isAnswer}`]),
    `isIdempotent: () => ${isIdempotent}`,
    `queueOnFailure: ${isQueued}`,
  ];
  return `{\n${members.join(',\n')} }`;
};

/** What the sample conversation would say, incompletely: nothing to write, no required field, or an unknown key. */
const toIncomplete = (node: NewNode): object => {
  const payload = toPayload(node);
  const needed = node.fields.find(({ isRequired }) => isRequired)?.name;
  if (mayBeEmpty(node)) {
    const written = node.fields.filter(({ place }) => place === 'object').map(({ name }) => name);
    return Object.fromEntries(Object.entries(payload).filter(([name]) => !written.includes(name)));
  }
  return { ...payload, ...(needed === undefined ? { strict: 'true', other: 'x' } : { [needed]: 'None' }) };
};

/** The outcome that the emulated Braze means with its answer to the sample conversation. */
const toExpected = (node: NewNode): string => {
  const { outcomes } = node;
  // The emulator answers 404 for an endpoint that it does not know.
  if (!isEmulated(node)) return outcomes.find(({ status }) => status === 404)?.outcome ?? 'misconfigured';
  return outcomes.find(({ success, status }) => success === 'true' && status === undefined)?.outcome ?? 'sent';
};

/** The text for each slot of the templates; undefined where its line is left out. */
const toSlots = (node: NewNode): { readonly [slot: string]: string | undefined } => {
  const { name, description, identity, fields, isLookUp, outcomes, values } = node;
  const payload = toPayload(node) as JsonObject;
  const request = toRequest(node);
  const members = fields.map(({ name: field, type, isRequired }) => {
    const value = isRequired ? `required(${type.code})` : type.code;
    return value === field ? field : `${field}: ${value}`;
  });
  const variables = values.length > 0 ? { variables: values.map(({ key }) => key) } : {};
  const profiles = identity.names.length > 0 ? { profiles: [toPerson(node)] } : {};
  const successes = Object.fromEntries(outcomes.map(({ outcome, success }) => [outcome, success]));
  return {
    NAME: toCode(name),
    DESCRIPTION: toCode(description),
    EXAMPLE: toCode({ payload: toExample(node), ...variables }),
    ENDPOINT: toEndpointCode(node),
    IDENTIFIERS: identity.names.length < IDENTIFIERS.length ? toCode(identity.names) : undefined,
    EXACT_IDENTITY: isLookUp && identity.names.length > 0 ? 'true' : undefined,
    FIELDS: `{ ${members.join(', ')} }`,
    TO_REQUEST: request.code,
    OUTCOMES: outcomes.length > 0 ? toCode(successes) : undefined,
    READ_RESPONSE: toReadResponseCode(node),
    SEEDS: toCode({ ...profiles, ...findSeeds(payload) }),
    PAYLOAD: toCode(payload),
    TITLE: toCode(
      isEmulated(node)
        ? 'sends Braze what the conversation said, and Braze accepts it'
        : 'sends what the conversation said to an endpoint that the emulator does not know yet',
    ),
    EXPECTED: toCode(toExpected(node)),
    TARGET: toCode(request.target),
    BODY: request.body === undefined ? 'undefined' : toCode(request.body),
    INCOMPLETE: toCode(toIncomplete(node)),
    ANSWERS: toCode(toSampleAnswers(node)),
  };
};

/** The imports of the node's fields, and of what its answers are read with. */
const toImports = ({ fields }: NewNode, code: string): string => {
  const importUsed = (module: string, names: readonly string[]): readonly string[] => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\(`).test(code));
    return used.length === 0 ? [] : [`import { ${used.join(', ')} } from '../lib/${module}';`];
  };
  const byModule = Map.groupBy(fields, ({ type }) => type.module);
  return [
    ...importUsed('braze/response.ts', ['hasSuccessMessage', 'isMissing', 'isOk']),
    ...importUsed('braze/values.ts', ['getNested', 'toText']),
    ...importUsed('payload/schema.ts', ['list', 'object', 'required']),
    ...[...byModule].map(([module, group]) => {
      const names = new Set(group.map(({ type }) => type.symbol));
      return `import { ${[...names].join(', ')} } from '../lib/payload/${module}';`;
    }),
  ].join('\n');
};

const SLOT = /\b[A-Z][A-Z_]+\b/g;

/** A template with its slots filled, and without the lines whose slot has no text. */
const fillTemplate = (file: string, node: NewNode): string => {
  const slots = toSlots(node);
  const isLeftOut = (slot: string) => slot in slots && slots[slot] === undefined;
  return readFileSync(join(import.meta.dirname, 'templates', file), 'utf8')
    .replace(/^import \{[^}]*\} from '\.\/slots\.ts';\n/m, '')
    .replaceAll('newNode', toDefinitionName(node.name))
    .split('\n')
    .filter((line) => !line.match(SLOT)?.some(isLeftOut))
    .join('\n')
    .replace(SLOT, (slot) => slots[slot] ?? slot);
};

export const renderHandler = (node: NewNode): string => {
  const code = fillTemplate('handler.ts', node);
  return code
    .replace(/^import \{ object \}.*$/m, () => toImports(node, code))
    .replace(/^export const \w+ = defineNode/m, (start) => `/** ${node.page} */\n${start}`)
    .replaceAll('../../../lib/', '../lib/');
};

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

/** The node's line in the table of `docs/trust.md`. */
export const renderTrust = ({ name, risk, identity, isLookUp }: NewNode): string => {
  const protection = isLookUp ? 'an invalid identifier makes the call invalid, and no other is tried' : '–';
  const requirement = identity.names.includes('external_id')
    ? '`require_verified`'
    : 'an identity of yours: a signed link proves an `external_id`, which the endpoint does not take';
  return `| \`${name}\` | ${risk} | ${protection} | ${requirement} |\n`;
};
