import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBraze } from '../../emulators/braze/gateway.ts';
import type { Json } from '../../emulators/json.ts';
import { fillTarget, type RequestParameters } from '../../lib/braze/endpoint.ts';
import { IDENTIFIERS, type IdentifierName } from '../../lib/payload/identity.ts';
import { findSeeds } from '../demo/stage.ts';
import { toDefinitionName } from '../nodes.ts';
import { findEmulated, type NewField, type NewNode } from './options.ts';
import { type Condition, type NewOutcome, sortOutcomes, toSampleAnswers } from './reading.ts';

/** Somebody, by each of the identifiers. */
const PERSON: { readonly [name in IdentifierName]: Json } = {
  external_id: 'customer-20417',
  user_alias: { alias_name: 'chat-5531', alias_label: 'pypestream' },
  braze_id: '5f0c8f0e2f0b4bb79a550f2f',
  email: 'ada@example.com',
  phone: '+14155550100',
};

/** What a flow designer writes for each of them. */
const EXAMPLES: { readonly [name in IdentifierName]: Json } = {
  external_id: '{CUSTOMER_ID}',
  user_alias: { alias_name: '{ALIAS_NAME}', alias_label: 'pypestream' },
  braze_id: '{BRAZE_ID}',
  email: '{EMAIL}',
  phone: '{PHONE}',
};

const CONTEXT = {
  env: 'sandbox',
  chat_id: '8f0c8f0e-2f0b-4bb7-9a55-0f2f3b1d9b10',
  user_data: { platform: 'iOS 17.5', browser_language: 'en-US' },
};

const select = (
  { identity }: NewNode,
  values: { readonly [name in IdentifierName]: Json },
): { readonly [name: string]: Json } =>
  Object.fromEntries(identity.names.slice(0, 1).map((name) => [name, values[name]]));

const toPerson = (node: NewNode) => select(node, PERSON);

/** What the sample conversation says. */
const toPayload = (node: NewNode) => ({
  ...toPerson(node),
  ...Object.fromEntries(node.fields.map(({ name, type }) => [name, type.sample as Json])),
});

/** What a flow designer types: a variable for each text. */
const toExample = (node: NewNode) => ({
  payload: {
    ...select(node, EXAMPLES),
    ...Object.fromEntries(
      node.fields.map(({ name, type, sent }) => [
        name,
        typeof type.sample === 'string' ? `{${name.toUpperCase()}}` : sent,
      ]),
    ),
  },
  ...(node.values.length > 0 && { variables: node.values.map(({ key }) => key) }),
});

/** Where the identifier stands in the request. */
const placeIdentity = ({ method, path, identity: { names, key } }: NewNode): 'parameters' | 'object' =>
  method === 'GET' || [key, ...names].some((name) => path.includes(`{${name}}`)) ? 'parameters' : 'object';

interface Groups {
  readonly parameters: readonly NewField[];
  readonly top: readonly NewField[];
  readonly object: readonly NewField[];
}

const toGroups = ({ fields }: NewNode): Groups => ({
  parameters: fields.filter(({ place }) => place === 'path' || place === 'query'),
  top: fields.filter(({ place }) => place === 'top'),
  object: fields.filter(({ place }) => place === 'object'),
});

/** The request that the sample conversation makes. */
const toRequest = (node: NewNode) => {
  const { method, path, identity, list } = node;
  const groups = toGroups(node);
  const pick = (fields: readonly NewField[]) => Object.fromEntries(fields.map(({ name, sent }) => [name, sent]));
  const { key, isListed = false } = identity;
  const [value] = Object.values(toPerson(node));
  const person = key === undefined ? toPerson(node) : { [key]: isListed ? [value] : value };
  const inParameters = placeIdentity(node) === 'parameters';
  const values = { ...(inParameters && person), ...pick(groups.parameters) };
  const parameters: RequestParameters = Object.fromEntries(
    Object.entries(values).map(([name, sent]) => [name, String(sent)]),
  );
  const target = fillTarget({ path, query: toQuery(node) }, parameters);
  const { path: filled = '', query = '' } = target.kind === 'filled' ? target : {};
  const object = { ...(!inParameters && person), ...pick(groups.object) };
  const body = list === '' ? { ...object, ...pick(groups.top) } : { ...pick(groups.top), [list]: [object] };
  const hasBody = method !== 'GET' && !(method === 'DELETE' && Object.keys(body).length === 0);
  return { target: `${method} /${filled}${query === '' ? '' : `?${query}`}`, ...(hasBody && { body }) };
};

const toQuery = (node: NewNode): readonly string[] => {
  const { path, fields, identity } = node;
  const { names, key } = identity;
  const identifying = placeIdentity(node) === 'parameters' ? (key === undefined ? names : [key]) : [];
  return [
    ...fields.filter(({ place }) => place === 'query').map(({ name }) => name),
    ...identifying.filter((name) => !path.includes(`{${name}}`)),
  ];
};

const toCode = (value: unknown): string => JSON.stringify(value);
const toNumberCode = (value: number): string => value.toLocaleString('en').replaceAll(',', '_');

/** The members of an object in the code of a handler, by their names. */
const toMembers = (fields: readonly NewField[]): readonly string[] =>
  fields.map(({ name, isRequired, place, sent }) => {
    const isText = typeof sent === 'string' || !(place === 'path' || place === 'query');
    const member = isText ? name : `${name}: String(${name})`;
    return isRequired ? member : `...(${name} !== undefined && { ${member} })`;
  });

/** What can be spread as it comes out of the payload. */
const isSpreadable = (fields: readonly NewField[]): boolean =>
  fields.length > 0 && fields.every(({ place, sent }) => place === 'object' || typeof sent === 'string');

/** Whether a conversation can leave out all that the node would write. */
const mayBeEmpty = (node: NewNode): boolean => {
  const { object, top } = toGroups(node);
  return !node.isLookUp && object.length > 0 && top.length === 0 && object.every(({ isRequired }) => !isRequired);
};

/** What the sample conversation would say, incompletely: nothing to write, no required field, or an unknown key. */
const toIncomplete = (node: NewNode): object => {
  const payload = toPayload(node);
  const needed = node.fields.find(({ isRequired }) => isRequired)?.name;
  if (mayBeEmpty(node)) {
    const names = node.fields.filter(({ place }) => place === 'object').map(({ name }) => name);
    return Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)));
  }
  return { ...payload, ...(needed === undefined ? { strict: 'true', other: 'x' } : { [needed]: 'None' }) };
};

const toObjectCode = (members: readonly string[]): string =>
  members.length === 1 && members[0]?.startsWith('...') ? members[0].slice(3) : `{ ${members.join(', ')} }`;

const toRequestCode = (node: NewNode): string => {
  const { identity, list, fields } = node;
  const groups = toGroups(node);
  const rest = [groups.object, groups.parameters, groups.top].find(isSpreadable) ?? [];
  const named = fields.filter((field) => !rest.includes(field)).map(({ name }) => name);
  const payload =
    fields.length === 0
      ? '_payload'
      : named.length === 0
        ? 'payload'
        : `{ ${[...named, ...(rest.length > 0 ? ['...payload'] : [])].join(', ')} }`;

  const { names, key, isListed = false } = identity;
  const value = `identity.identifier.${names[0]}`;
  const spread = '...identity.identifier';
  const person = names.length === 0 ? [] : [key === undefined ? spread : `${key}: ${isListed ? `[${value}]` : value}`];
  const inParameters = placeIdentity(node) === 'parameters';
  const listMembers = (group: readonly NewField[], who: readonly string[]): readonly string[] => [
    ...who,
    ...(group === rest && group.length > 0 ? ['...payload'] : toMembers(group)),
  ];
  const parameters = listMembers(groups.parameters, inParameters ? person : []);
  const object = listMembers(groups.object, inParameters ? [] : person);
  const top = listMembers(groups.top, []);
  const body = list === '' ? [...object, ...top] : [...top, `${list}: [${toObjectCode(object)}]`];
  const known = groups.object.find(({ isRequired }) => isRequired) ?? groups.object[0];
  const request = [
    ...(parameters.length > 0 ? [`parameters: ${toObjectCode(parameters)}`] : []),
    ...(body.length > 0 ? [`body: ${toObjectCode(body)}`] : []),
    ...(list === '' ? [] : [`paths: { ${list}: [${toCode(known?.name ?? names[0])}] }`]),
  ];
  const call = person.length > 0 ? `(${payload}, { identity })` : `(${fields.length === 0 ? '' : payload})`;
  const result = `{ ${request.join(', ')} }`;
  return mayBeEmpty(node)
    ? `${call} => (Object.keys(payload).length === 0 ? undefined : ${result})`
    : `${call} => (${result})`;
};

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

const toIsAnswerCode = ({ successMember, outcomes }: NewNode): string | undefined => {
  const statuses = outcomes.flatMap(({ when }) => (when.kind === 'status' ? [when.status] : []));
  if (successMember === 'message' && statuses.length === 0) return undefined;
  const success =
    successMember === 'message'
      ? 'hasSuccessMessage(status, body)'
      : `isOk(status) && Object.hasOwn(body, ${toCode(successMember)})`;
  const others = statuses.map((status) => (status === 404 ? 'isMissing(status, body)' : `status === ${status}`));
  const all = others.length === 0 ? success : [`(${success})`, ...others].join(' || ');
  return `(status, body) => ${all}`;
};

const toEndpointCode = (node: NewNode): string => {
  const { method, path, permission, isIdempotent, isQueued, cacheSeconds, bestBeforeMinutes } = node;
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
    ...(cacheSeconds > 0 ? [`cacheSeconds: ${toNumberCode(cacheSeconds)}`] : []),
    ...(bestBeforeMinutes > 0 ? [`bestBeforeMs: ${toNumberCode(bestBeforeMinutes * 60_000)}`] : []),
  ];
  return `{\n${members.join(',\n')} }`;
};

const toOutcomeCode = ({ outcome, success, when }: NewOutcome, { values }: NewNode): string => {
  const given = success === 'true' && when.kind !== 'status' ? values : [];
  const texts = given.map(({ key, path }) => `${key}: toText(getNested(body, ${toCode(path)}))`);
  const members = [
    `outcome: ${toCode(outcome)}`,
    `detail: ${toCode(`Braze answered: ${outcome.replaceAll('_', ' ')}.`)}`,
    ...(texts.length > 0 ? [`values: { ${texts.join(', ')} }`] : []),
  ];
  return `{ ${members.join(', ')} }`;
};

const toConditionCode = (when: Exclude<Condition, { readonly kind: 'otherwise' }>): string => {
  if (when.kind === 'status') return `status === ${when.status}`;
  return `toText(getNested(body, ${toCode(when.path)})) ${when.value === undefined ? "!== ''" : `=== ${toCode(when.value)}`}`;
};

/** Braces where it does not fit one line. */
const toIf = (condition: string, statement: string): string =>
  condition.length + statement.length < 105 ? `if (${condition}) ${statement}` : `if (${condition}) {\n${statement}\n}`;

const toReadResponseCode = (node: NewNode): string | undefined => {
  const outcomes = sortOutcomes(node);
  if (outcomes.length === 0) return undefined;
  const toStatement = (one: NewOutcome): string =>
    one.when.kind === 'otherwise'
      ? `return ${toOutcomeCode(one, node)};`
      : toIf(toConditionCode(one.when), `return ${toOutcomeCode(one, node)};`);
  const isClosed = outcomes.some(({ when }) => when.kind === 'otherwise');
  const statements = [
    ...outcomes.filter(({ when }) => when.kind === 'status').map(toStatement),
    // What Braze refused of the request is told by the common outcomes.
    ...(node.isLookUp ? [] : ['if (errors.length > 0) return undefined;']),
    ...outcomes.filter(({ when }) => when.kind !== 'status').map(toStatement),
    ...(isClosed
      ? []
      : [
          node.isLookUp
            ? `return { outcome: 'unavailable', detail: 'Braze answered something else.' };`
            : 'return undefined;',
        ]),
  ];
  const code = statements.join('\n');
  const used = (['status ===', 'errors.length', '(body,'] as const)
    .filter((use) => code.includes(use))
    .map((use) => use.match(/\w+/)?.[0]);
  return `(${used.length === 0 ? '' : `{ ${used.join(', ')} }`}) => {\n${code}\n}`;
};

const toOutcomesCode = ({ outcomes }: NewNode): string | undefined =>
  outcomes.length === 0
    ? undefined
    : toCode(Object.fromEntries(outcomes.map(({ outcome, success }) => [outcome, success])));

/** The outcome that the emulated Braze means with its answer to the sample conversation. */
const toExpected = (node: NewNode): string => {
  const outcomes = sortOutcomes(node);
  // The emulator answers 404 for an endpoint that it does not know.
  if (!isEmulated(node)) {
    return outcomes.find(({ when }) => when.kind === 'status' && when.status === 404)?.outcome ?? 'misconfigured';
  }
  return outcomes.find(({ success, when }) => success === 'true' && when.kind !== 'status')?.outcome ?? 'sent';
};

/** What the emulated Braze has to know for the sample conversation. */
const toSeeds = (node: NewNode): object => ({
  ...(node.identity.names.length > 0 && { profiles: [toPerson(node)] }),
  ...findSeeds(toPayload(node)),
});

/** The text for each slot of the templates; undefined where its line is left out. */
const toSlots = (node: NewNode): { readonly [slot: string]: string | undefined } => {
  const { name, description, identity, fields, isLookUp } = node;
  const payload = toPayload(node);
  const request = toRequest(node);
  const members = fields.map(({ name: field, type, isRequired }) => {
    const value = isRequired ? `required(${type.code})` : type.code;
    return value === field ? field : `${field}: ${value}`;
  });
  return {
    NAME: toCode(name),
    DESCRIPTION: toCode(description),
    EXAMPLE: toCode(toExample(node)),
    ENDPOINT: toEndpointCode(node),
    IDENTIFIERS: identity.names.length < IDENTIFIERS.length ? toCode(identity.names) : undefined,
    EXACT_IDENTITY: isLookUp && identity.names.length > 0 ? 'true' : undefined,
    FIELDS: `{ ${members.join(', ')} }`,
    TO_REQUEST: toRequestCode(node),
    OUTCOMES: toOutcomesCode(node),
    READ_RESPONSE: toReadResponseCode(node),
    SEEDS: toCode(toSeeds(node)),
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
  const types = fields.map(({ type }) => type);
  const byModule = Map.groupBy(types, ({ module }) => module);
  const importUsed = (module: string, names: readonly string[]): readonly string[] => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\(`).test(code));
    return used.length === 0 ? [] : [`import { ${used.join(', ')} } from '../lib/${module}';`];
  };
  return [
    ...importUsed('braze/response.ts', ['hasSuccessMessage', 'isMissing', 'isOk']),
    ...importUsed('braze/values.ts', ['getNested', 'toText']),
    ...importUsed('payload/schema.ts', ['list', 'object', 'required']),
    ...[...byModule].map(([module, group]) => {
      const names = new Set(group.map(({ symbol }) => symbol));
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
