import { IDENTIFIERS, type IdentifierName } from '../../lib/payload/identity.ts';
import { toDefinitionName } from '../nodes.ts';
import type { NewNode } from './options.ts';

/** Somebody, by each of the identifiers; already as Braze is sent it. */
const PERSON: { readonly [name in IdentifierName]: unknown } = {
  external_id: 'customer-20417',
  user_alias: { alias_name: 'chat-5531', alias_label: 'pypestream' },
  braze_id: '5f0c8f0e2f0b4bb79a550f2f',
  email: 'ada@example.com',
  phone: '+14155550100',
};

const personOf = ({ identifiers: [first] }: NewNode) => ({ [first]: PERSON[first] });

/** What its sample conversation says. */
const payloadOf = (node: NewNode) => ({
  ...personOf(node),
  ...Object.fromEntries(node.fields.map(({ name, kind }) => [name, kind.said])),
});

const requestOf = (node: NewNode) => {
  const { list, fields } = node;
  const sent = { ...personOf(node), ...Object.fromEntries(fields.map(({ name, kind }) => [name, kind.sent])) };
  return list === '' ? { body: sent, paths: {} } : { body: { [list]: [sent] }, paths: { [list]: [fields[0].name] } };
};

const code = (value: unknown): string => JSON.stringify(value);

const importsOf = ({ fields }: NewNode): readonly string[] => {
  const modules = Map.groupBy(
    fields.map(({ kind }) => kind),
    ({ module }) => module,
  );
  const helpers = fields.some(({ isRequired }) => isRequired) ? 'object, required' : 'object';
  return [
    `import { createHandler } from '../lib/node/create-handler.ts';`,
    `import { defineNode } from '../lib/node/definition.ts';`,
    `import { ${helpers} } from '../lib/payload/schema.ts';`,
    ...[...modules].map(([module, kinds]) => {
      const names = [...new Set(kinds.map(({ rule }) => rule.replace(/\(.*/, '')))];
      return `import { ${names.join(', ')} } from '../lib/payload/${module}';`;
    }),
  ];
};

export const handlerText = (node: NewNode): string => {
  const { name, description, endpoint, permission, isIdempotent, identifiers, fields, list } = node;
  const rules = fields.map(({ name, kind, isRequired }) => {
    const rule = isRequired ? `required(${kind.rule})` : kind.rule;
    return rule === name ? name : `${name}: ${rule}`;
  });
  const known = identifiers.length < IDENTIFIERS.length ? `identifiers: ${code(identifiers)},\n  ` : '';
  const item = '{ ...identity.identifier, ...said }';
  const request =
    list === ''
      ? `{ body: ${item}, paths: {} }`
      : `{
        body: { ${list}: [${item}] },
        paths: { ${list}: [${code(fields[0].name)}] },
      }`;
  const silent = fields.some(({ isRequired }) => isRequired) ? '' : 'Object.keys(said).length === 0 ? undefined : ';
  return `${importsOf(node).join('\n')}

export const ${toDefinitionName(name)} = defineNode({
  name: ${code(name)},
  description: ${code(description)},
  endpoint: {
    path: ${code(endpoint)},
    permission: ${code(permission)},
    maxObjects: 1,
    isIdempotent: () => ${isIdempotent},
    queueOnFailure: true,
  },
  ${known}payload: object({ ${rules.join(', ')} }),
  toRequest: (said, { identity }) => ${silent === '' ? `(${request})` : `${silent}${request}`},
});

export const handler = createHandler(${toDefinitionName(name)});
`;
};

/** The conversation that the other sample events have, too. */
const CONTEXT = {
  env: 'sandbox',
  chat_id: '8f0c8f0e-2f0b-4bb7-9a55-0f2f3b1d9b10',
  user_data: {
    platform: 'iOS 17.5',
    browser_language: 'fr-CA',
    last_viewed_url: 'https://shop.example.com/cart?utm_source=sms&utm_medium=message&token=secret',
  },
};

export const eventText = (node: NewNode): string =>
  `${JSON.stringify({ payload: payloadOf(node), context: CONTEXT }, null, 2)}\n`;

export const testText = (node: NewNode): string => {
  const definition = toDefinitionName(node.name);
  const needed = node.fields.find(({ isRequired }) => isRequired)?.name;
  const silence =
    needed === undefined
      ? `test('with nothing to say nothing is sent', () => {
  expect(mapped(${code(personOf(node))})).toStrictEqual({ request: undefined, invalid: [] });
});`
      : `test('without ${needed} nothing is sent', () => {
  expect(mapped({ ...PAYLOAD, ${needed}: 'None' })).toStrictEqual({ request: undefined, invalid: [${code(needed)}] });
});`;
  return `import { ${definition} } from '../../handlers/${node.name}.ts';
import { parsePayload } from '../../lib/payload/parse.ts';

/** What the node makes of a payload, before anything is sent. */
const mapped = (payload: object) => {
  const options = { now: Date.parse('2026-05-01T10:00:00Z') };
  const parsed = parsePayload(payload, ${definition}, options, undefined);
  const request = parsed.kind === 'valid' ? ${definition}.toRequest(parsed.payload, parsed.call) : undefined;
  return { request, invalid: [...parsed.invalid.keys()] };
};

const PAYLOAD = ${JSON.stringify(payloadOf(node), null, 2)};

test('what a conversation says is what Braze is sent', () => {
  expect(mapped(PAYLOAD)).toStrictEqual({ request: ${JSON.stringify(requestOf(node), null, 2)}, invalid: [] });
});

${silence}

test('${node.isIdempotent ? 'may be sent twice' : 'must not be sent twice'}', () => {
  expect(${definition}.endpoint.isIdempotent({}, false)).toBe(${node.isIdempotent});
});
`;
};

/** The function's entry in `serverless.yml`. */
export const functionText = ({ name }: NewNode): string => `  ${name}:
    handler: handlers/${name}.handler
    events:
      - httpApi: POST /nodes/${name}
`;
