import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parse } from 'yaml';
import { USES } from '../../tools/docs/endpoints.ts';
import { FIELD_TYPE_WORDS } from '../../tools/new-node/field-types.ts';
import {
  askForNode,
  findEmulated,
  type NewNode,
  parseDescription,
  parseEndpoint,
  parseFields,
  parseIdentity,
  parseList,
  parseMember,
  parseName,
  parseOutcomes,
  parsePage,
  parsePermission,
  parseRisk,
  parseValues,
  parseYesOrNo,
} from '../../tools/new-node/options.ts';
import { renderHandler, renderTest } from '../../tools/new-node/render.ts';
import { addFunction, writeNode } from '../../tools/new-node/write.ts';
import { SERVICE } from '../../tools/service.ts';

/** AWS allows 64 characters for the deployed name. */
const MAX_NAME_CHARACTERS = 64 - `${SERVICE}-sandbox-`.length;

let root: string;

/** A copy of what a new node is written into, and of what writes it. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'new-node-'));
  const copied = [
    ...['handlers', 'lib', 'events', 'docs', 'schemas', 'tools', 'emulators', 'tests/support'],
    ...['serverless.yml', 'biome.json', 'tsconfig.json', 'package.json', '.gitignore'],
  ];
  for (const path of copied) cpSync(path, join(root, path), { recursive: true });
  cpSync('tests/handlers', join(root, 'tests/handlers'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (program: string, words: readonly string[], input = '') => {
  const path = join('node_modules', program);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...words], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};
const newNode = (words: readonly string[]) => run('tsx/dist/cli.mjs', ['tools/run.ts', 'new-node', ...words]);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const everything = () =>
  ['handlers', 'events', 'tests/handlers', 'schemas', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, read(join(folder, name))]),
  );

const ABOUT_MAIL = { method: 'POST', path: 'a/b', identity: { names: ['email'] }, list: '' } as const;
const PAGE = 'https://www.braze.com/docs/api/endpoints/a/b/';
const NODE: NewNode = {
  name: 'a-node',
  ...ABOUT_MAIL,
  permission: 'a.b',
  page: PAGE,
  description: 'It is.',
  risk: 'do it',
  fields: parseFields(ABOUT_MAIL)('note:text'),
  isLookUp: false,
  isIdempotent: false,
  isQueued: true,
  successMember: 'message',
  outcomes: [],
  values: [],
};

const ALIAS = [
  ...['probe-alias', '--no-demo', '--endpoint', 'users/alias/new', '--list', 'user_aliases'],
  ...['--identity', 'external_id', '--fields', 'alias_name:text,alias_label:text=pypestream'],
  ...['--description', 'Gives a profile one more name, of ours.', '--risk', 'give them a name'],
];
const GROUPS = [
  ...['probe-groups', '--no-demo', '--endpoint', 'GET subscription/user/status'],
  ...['--identity', 'external_id,email,phone', '--fields', 'limit:count:optional', '--risk', 'learn what they get'],
  ...['--outcomes', 'known:true=users.0,unknown:false', '--values', 'BRAZE_EMAIL=users.0.email'],
  ...['--description', 'Looks up the groups.'],
];
const ITEM = [
  ...['probe-item', '--no-demo', '--endpoint', 'PATCH catalogs/{catalog_name}/items/{item_id}', '--list', 'items'],
  ...['--identity', 'none', '--fields', 'item_id:text=paris-2,title:text:optional,price:number:optional'],
  ...['--outcomes', 'not_found:false=404,updated:true', '--description', 'Updates an item.'],
];
const DELETED = [
  ...['probe-delete', '--no-demo', '--endpoint', 'users/delete', '--identity', 'external_id:external_ids[]'],
  ...['--success', 'deleted', '--outcomes', 'not_found:false=deleted=0,deleted:true', '--idempotent', 'yes'],
  ...['--description', 'Deletes a profile.', '--risk', 'erase them'],
];

const RENAMED = [
  ...['probe-rename', '--no-demo', '--endpoint', 'users/external_ids/rename', '--list', 'external_id_renames'],
  ...['--identity', 'external_id:current_external_id', '--fields', 'new_external_id:id'],
  ...['--description', 'Gives a profile another id.', '--risk', 'take over their profile'],
];
const STATE = [
  ...['probe-state', '--no-demo', '--endpoint', 'v2/subscription/status/set', '--list', 'subscription_groups'],
  ...[
    '--identity',
    'email:emails[]',
    '--idempotent',
    'yes',
    '--description',
    'Sets a state.',
    '--risk',
    'silence them',
  ],
  ...['--fields', 'subscription_group_id:subscription_group_id,subscription_state:subscription_state'],
];
const toRemoval = (name: string, path: string, identity: string) => [
  ...[name, '--no-demo', '--endpoint', path, '--identity', identity, '--idempotent', 'yes'],
  ...['--description', 'Takes it off the list.', '--risk', 'have messages sent to a dead address'],
];
const EMAIL_STATUS = [
  ...['probe-email-status', '--no-demo', '--endpoint', '/email/status', '--identity', 'email', '--idempotent', 'yes'],
  ...['--fields', 'subscription_state:subscription_state', '--risk', 'silence them'],
  ...['--description', 'Subscribes an address to email, or ends that.'],
];
const GENERATED = [
  ...[ALIAS, GROUPS, ITEM, DELETED, RENAMED, STATE],
  toRemoval('probe-number', 'sms/invalid_phone_numbers/remove', 'phone:phone_numbers[]'),
  toRemoval('probe-bounce', 'email/bounce/remove', 'email'),
  toRemoval('probe-spam', 'email/spam/remove', 'email:email[]'),
];

test('the generated nodes are those that docs/endpoints.md says can be generated', () => {
  const listed = USES.filter(({ node }) => node === 'generated').flatMap(({ method, paths }) =>
    paths.map((path) => ({ method, path })),
  );
  const here = [...GENERATED.map((words) => parseEndpoint(words[3] ?? '')), parseEndpoint('email/status')];
  expect(here.map((one) => JSON.stringify(one)).toSorted()).toEqual(
    listed.map((one) => JSON.stringify(one)).toSorted(),
  );
});

describe('new nodes', () => {
  let before: string;

  beforeAll(() => {
    before = read('serverless.yml');
    const { stdout } = run('tsx/dist/cli.mjs', ['tests/support/new-nodes.ts'], JSON.stringify(GENERATED));
    expect(JSON.parse(stdout)).toEqual(GENERATED.map(() => 0));
    expect(newNode(EMAIL_STATUS)).toMatchObject({ status: 0, stderr: '' });
    // Every type of field in every place, for endpoints that the emulator does not know, without documentation.
    const types = FIELD_TYPE_WORDS.flatMap((word) => [`a_${word}:${word}:optional`, `b_${word}:${word}[]:optional`]);
    const write = { method: 'PUT', path: 'a/{x}/b/{is_y}' } as const;
    const identity = parseIdentity('phone,user_alias');
    const about = { ...write, identity, list: 'items' };
    const everything: NewNode = {
      ...{ ...NODE, ...about, isIdempotent: true, isQueued: false },
      name: 'probe-everything',
      description: `Isn't "odd" | it?.`,
      fields: parseFields(about)([...types, 'is_y:boolean', 'above:count:top', 'more:url:query'].join(',')),
      outcomes: parseOutcomes('taken:false=409,paused:false=notice,gone:error=a.0.b=no way'),
    };
    const readOnly = { method: 'GET', path: 'a/{user_id}' } as const;
    const lookUp: NewNode = {
      ...{ ...NODE, ...readOnly, isLookUp: true, isQueued: false, isIdempotent: true },
      name: 'probe-look-up',
      identity: parseIdentity('external_id:user_id'),
      fields: [],
      outcomes: parseOutcomes('not_found:false=404,found:true=a'),
      values: parseValues('BRAZE_B=a.b'),
    };
    for (const node of [everything, lookUp]) {
      writeFileSync(join(root, `handlers/${node.name}.ts`), renderHandler(node));
      writeFileSync(join(root, `tests/handlers/${node.name}.test.ts`), renderTest(node));
    }
  }, 120_000);

  test('read like the shipped ones', () => {
    expect(read('handlers/probe-alias.ts')).toBe(`import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { shortText } from '../lib/payload/fields/text.ts';
import { object, required } from '../lib/payload/schema.ts';

/** https://www.braze.com/docs/api/endpoints/user_data/post_user_alias/ */
export const probeAlias = defineNode({
  name: 'probe-alias',
  description: 'Gives a profile one more name, of ours.',
  example: { payload: { external_id: '{CUSTOMER_ID}', alias_name: '{ALIAS_NAME}', alias_label: '{ALIAS_LABEL}' } },
  endpoint: {
    path: 'users/alias/new',
    permission: 'users.alias.new',
    refusesEmptyBody: true,
    isIdempotent: () => false,
    queueOnFailure: true,
  },
  identifiers: ['external_id'],
  payload: object({ alias_name: required(shortText), alias_label: required(shortText) }),
  toRequest: (payload, { identity }) => ({
    body: { user_aliases: [{ ...identity.identifier, ...payload }] },
    paths: { user_aliases: ['alias_name'] },
  }),
});

export const handler = createHandler(probeAlias);
`);
    expect(read('handlers/probe-email-status.ts')).toContain(`  identifiers: ['email'],
  payload: object({ subscription_state: required(subscriptionState) }),
  toRequest: (payload, { identity }) => ({ body: { ...identity.identifier, ...payload } }),
`);
  });

  test('put each field where the endpoint wants it, and read its answers', () => {
    expect(read('handlers/probe-groups.ts')).toContain(`  endpoint: {
    method: 'GET',
    path: 'subscription/user/status',
    query: ['limit', 'external_id', 'email', 'phone'],
    permission: 'subscription.groups.get',
    isIdempotent: () => true,
    queueOnFailure: false,
  },
  identifiers: ['external_id', 'email', 'phone'],
  exactIdentity: true,
  payload: object({ limit: count }),
  toRequest: ({ limit }, { identity }) => ({
    parameters: { ...identity.identifier, ...(limit !== undefined && { limit: String(limit) }) },
  }),
  outcomes: { known: 'true', unknown: 'false' },
  readResponse: ({ body }) => {
    if (toText(getNested(body, 'users.0')) !== '') {
      return {
        outcome: 'known',
        detail: 'Braze answered: known.',
        values: { BRAZE_EMAIL: toText(getNested(body, 'users.0.email')) },
      };
    }
    return { outcome: 'unknown', detail: 'Braze answered: unknown.' };
  },
`);
    expect(
      read('handlers/probe-item.ts'),
    ).toContain(`    isAnswer: (status, body) => hasSuccessMessage(status, body) || isMissing(status, body),
    isIdempotent: () => false,
    queueOnFailure: true,
  },
  identifiers: [],
  payload: object({ catalog_name: required(shortText), item_id: required(shortText), title: shortText, price }),
  toRequest: ({ catalog_name, item_id, ...payload }) =>
    Object.keys(payload).length === 0
      ? undefined
      : { parameters: { catalog_name, item_id }, body: { items: [payload] }, paths: { items: ['title'] } },
  outcomes: { not_found: 'false', updated: 'true' },
  readResponse: ({ status, errors }) => {
    if (status === 404) {
      return { outcome: 'not_found', detail: 'Braze answered: not found.' };
    }
    if (errors.length > 0) return undefined;
    return { outcome: 'updated', detail: 'Braze answered: updated.' };
  },
`);
    expect(read('handlers/probe-delete.ts')).toContain(
      '  toRequest: (_payload, { identity }) => ({ body: { external_ids: [identity.identifier.external_id] } }),\n',
    );
  });

  test('may have their queued requests sent again, and say what a false identity could do', () => {
    const redeliver = read('handlers/redeliver.ts');
    for (const name of ['probeAlias', 'probeItem', 'probeDelete', 'probeEmailStatus']) {
      expect(redeliver).toMatch(new RegExp(`nodes: \\[[^\\]]*\\b${name},`));
    }
    expect(redeliver).not.toContain('probeGroups');
    const trust = read('docs/trust.md');
    expect(trust).toContain('| `probe-alias` | give them a name | – | `require_verified` |\n');
    expect(trust).toMatch(
      /\| `probe-groups` \| learn what they get \| an invalid identifier makes the call invalid.* \|\n/,
    );
    expect(trust).toMatch(
      /\| `probe-email-status` \| silence them \| – \| an identity of yours: .* does not take \|\n/,
    );
    expect(trust).not.toContain('probe-item');
  });

  test('have their function before redeliver, and nothing else of serverless.yml has changed', () => {
    const after = read('serverless.yml');
    const added = [...GENERATED.map(([name]) => name), 'probe-email-status'].map(
      (name) =>
        `  ${name}:\n    handler: handlers/${name}.handler\n    events:\n      - httpApi: POST /nodes/${name}\n`,
    );
    expect(after).toContain(`${added.join('')}  redeliver:\n`);
    expect(after.replace(added.join(''), '')).toBe(before);
  });

  test('have a sample event, their schema and their page of the documentation', () => {
    expect(JSON.parse(read('events/probe-alias.json'))).toMatchObject({
      payload: { external_id: 'customer-20417', alias_name: ' <<far fa-check>> sample ' },
      context: { env: 'sandbox' },
    });
    expect(JSON.parse(read('schemas/probe-alias.json'))).toMatchObject({ required: ['alias_name', 'alias_label'] });
    expect(read('docs/nodes.md')).toContain('### probe-alias in Design Studio');
  });

  test('are well typed', () => {
    const include = ['handlers', 'tests/handlers'];
    writeFileSync(join(root, 'tsconfig.new.json'), JSON.stringify({ extends: './tsconfig.json', include }));
    expect(run('typescript/bin/tsc', ['-p', 'tsconfig.new.json'])).toMatchObject({ status: 0, stdout: '' });
  });

  test('are formatted and clean', () => {
    const files = ['probe-alias', 'probe-groups', 'probe-item'].flatMap((name) => [
      ...[`handlers/${name}.ts`, `events/${name}.json`, `tests/handlers/${name}.test.ts`],
    ]);
    const { status, stdout, stderr } = run('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', ...files]);
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('Checked 9 files')]);
  });

  const runTests = (name: string) => {
    const { transform } = JSON.parse(read('package.json')).jest;
    const threshold = { lines: 100, branches: 100, functions: 100, statements: 100 };
    const config = {
      ...{ rootDir: root, transform, testMatch: [`<rootDir>/tests/handlers/${name}.test.ts`] },
      ...{ collectCoverage: true, coverageProvider: 'v8', coverageReporters: ['text-summary'] },
      collectCoverageFrom: [`handlers/${name}.ts`],
      coverageThreshold: { global: threshold },
    };
    return run('jest/bin/jest.js', ['--config', JSON.stringify(config)]);
  };

  test('pass their tests, which cover all of them', () => {
    const { status, stderr } = runTests('probe-*');
    expect([status, stderr]).toEqual([0, expect.stringContaining('Test Suites: 12 passed, 12 total')]);
  });

  test('fail their tests where Braze would refuse the body', () => {
    const words = ['refused-status', '--no-demo', '--endpoint', 'email/status', '--identity', 'email'];
    const more = ['--fields', 'subscription_state:text=maybe', '--description', 'Says maybe.', '--risk', 'doubt'];
    expect(newNode([...words, ...more])).toMatchObject({ status: 0 });
    const { status, stderr } = runTests('refused-status');
    expect([status, stderr]).toEqual([1, expect.stringContaining('Received: "rejected"')]);
  });

  test('are refused a second time, and nothing is written', () => {
    const all = everything();
    expect(newNode(ALIAS)).toMatchObject({ status: 2, stderr: 'handlers/probe-alias.ts is there already.\n' });
    expect(everything()).toEqual(all);
  });
});

test('nothing is written where not everything can be', async () => {
  const schemas = join(root, 'schemas');
  renameSync(schemas, `${schemas}-aside`);
  writeFileSync(schemas, 'no folder');
  const before = [read('serverless.yml'), read('docs/nodes.md')];
  await expect(writeNode(root, NODE)).rejects.toThrow('EEXIST');
  expect([read('serverless.yml'), read('docs/nodes.md')]).toEqual(before);
  for (const path of ['handlers/a-node.ts', 'events/a-node.json', 'tests/handlers/a-node.test.ts']) {
    expect([path, existsSync(join(root, path))]).toEqual([path, false]);
  }
  rmSync(schemas);
  renameSync(`${schemas}-aside`, schemas);
});

test.each<[string, readonly string[], string]>([
  ['an unknown option', ['a-node', '--color', 'red'], 'Unknown option --color.'],
  ['an answer that is missing', ['a-node', '--endpoint', 'email/status'], '--description is missing.'],
  ['a permission that nothing says', ['a-node', '--endpoint', 'email/blocklist'], '--permission is missing.'],
])('refuses %s', (_, words, message) => {
  expect(newNode(words)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
});

test('what no option says is asked for at a terminal, and an answer that does not fit is asked for again', async () => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const stderr = new PassThrough();
  stderr.end = () => stderr;
  const answers = ['adds it', '\u0015Adds it.', 'rename them'];
  let shown = '';
  stderr.on('data', (chunk) => {
    shown += chunk;
    const isAsked = ['What the node does', 'is a sentence', 'What somebody could do'][3 - answers.length];
    if (isAsked === undefined || !shown.includes(isAsked)) return;
    shown = '';
    const [answer] = answers.splice(0, 1);
    setImmediate(() => stdin.write(`${answer}\r`));
  });
  const given = { endpoint: 'users/alias/new', identity: 'email', list: '', fields: '', 'look-up': 'no' };
  const rest = { permission: 'a.b', page: PAGE, idempotent: 'no', queue: 'yes', success: 'message', outcomes: '' };
  const node = await askForNode('add-alias', { ...given, ...rest }, { stdin, stdout: new PassThrough(), stderr });
  expect([node.description, node.risk, answers]).toEqual(['Adds it.', 'rename them', []]);
});

describe('the answers', () => {
  test.each(['add-alias', 'a', 'a1-2b', 'a'.repeat(MAX_NAME_CHARACTERS)])('%s is a name', (name) => {
    expect(parseName(name)).toBe(name);
  });
  test.each([
    '',
    'Add',
    'add_alias',
    '-add',
    'add-',
    'add--alias',
    '1a',
    'a/b',
    '../a',
    'a'.repeat(MAX_NAME_CHARACTERS + 1),
  ])('%j is not a name', (name) => {
    expect(() => parseName(name)).toThrow(/A node is named|too long/);
  });

  test('a sample may hold the sign that it follows', () => {
    const [field] = parseFields(ABOUT_MAIL)('link:url=https://example.com/?a=b=c');
    expect(field?.type.sample).toBe('https://example.com/?a=b=c');
  });

  test('the permission is known only for endpoints of the emulator', () => {
    expect(parseEndpoint(' /users/alias/new/ ')).toEqual({ method: 'POST', path: 'users/alias/new' });
    expect(findEmulated({ method: 'POST', path: 'users/alias/new' })?.permission).toBe('users.alias.new');
    expect(findEmulated(parseEndpoint('DELETE catalogs/{catalog_name}/items/{item_id}'))?.permission).toBe(
      'catalogs.delete_item',
    );
    expect(findEmulated({ method: 'POST', path: 'email/blocklist' })).toBeUndefined();
  });
  test.each([
    '',
    'HEAD users',
    'https://rest.iad-01.braze.com/users/alias/new',
    'users/../x',
    'users/track',
    'a/b?c=d',
    'a/{x}/{x}',
  ])('%j is refused as an endpoint', (endpoint) => {
    expect(() => parseEndpoint(endpoint)).toThrow(/path of Braze’s|shape of its own|method is one|one name/);
  });

  test.each([
    ['a permission', () => parsePermission('users/alias'), 'A permission'],
    ['a description that is no sentence', () => parseDescription('adds'), 'sentence'],
    ['a description on two lines', () => parseDescription('Adds\nit.'), 'sentence'],
    [
      'a page of somebody else',
      () => parsePage('https://example.com/docs/'),
      'begins with https://www.braze.com/docs/',
    ],
    ['a risk that is a sentence', () => parseRisk('They read it.'), 'without a full stop'],
    ['a field without a name', () => parseFields(ABOUT_MAIL)('=x'), 'cannot be a field'],
    ['a field without a type', () => parseFields(ABOUT_MAIL)('note'), 'one of the types text,'],
    ['a type that is inherited', () => parseFields(ABOUT_MAIL)('note:toString'), 'one of the types text,'],
    ['a list of lists', () => parseFields(ABOUT_MAIL)('note:text[][]'), 'one of the types text,'],
    ['a field that says too much', () => parseFields(ABOUT_MAIL)('note:text:maybe'), 'may only have :optional'],
    [
      'an optional field at the top',
      () => parseFields({ ...ABOUT_MAIL, list: 'items' })('note:text:optional:top'),
      'is :top and so',
    ],
    [
      'a sample of another type',
      () => parseFields(ABOUT_MAIL)('address:email=ada'),
      'sample of the field address is no email',
    ],
    ['a field twice', () => parseFields(ABOUT_MAIL)('note:text,note:count'), 'twice'],
    ['an identifier that is none', () => parseIdentity('name'), 'The identity is'],
    ['an identifier twice', () => parseIdentity('email,email'), 'The identity is'],
    ['names for several identifiers', () => parseIdentity('email:a,phone:b'), 'Only an identifier by itself'],
    ['an outcome without a success', () => parseOutcomes('found'), 'An outcome looks like'],
    ['an outcome of every node', () => parseOutcomes('sent:true'), 'sent is an outcome of every node'],
    ['an outcome twice', () => parseOutcomes('a:true,a:false=404'), 'twice'],
    ['a status with a value', () => parseOutcomes('a:true=404=x'), 'A status stands alone'],
    ['a member that is none', () => parseOutcomes('a:true=..'), 'neither a status nor'],
    ['a value that overwrites a key', () => parseValues('BRAZE_IDENTITY=a'), 'A value looks like'],
    ['a value that goes on', () => parseValues('BRAZE_A=a=b'), 'A value looks like'],
    ['a value twice', () => parseValues('BRAZE_A=a,BRAZE_A=b'), 'twice'],
    ['a member of no answer', () => parseMember('a b'), 'a key of Braze’s answer'],
    ['a list that is no key', () => parseList('a b'), 'The list is'],
    ['neither yes nor no', () => parseYesOrNo('maybe'), 'yes or no'],
  ])('refuses %s', (_, answer, message) => {
    expect(answer).toThrow(message);
  });
});

const GET = { method: 'GET', path: 'a/{x}', identity: { names: ['external_id'] }, list: '' } as const;

test('a field of the path goes there, another of a GET into the query, else into the object or beside the list', () => {
  const place = (method: 'GET' | 'PUT', list: string) =>
    parseFields({ ...GET, method, list })('x:count,y:text,z:text:top').map((field) => field.place);
  expect(place('GET', '')).toEqual(['path', 'query', 'query']);
  expect(place('PUT', '')).toEqual(['path', 'object', 'object']);
  expect(place('PUT', 'items')).toEqual(['path', 'object', 'top']);
});

test.each<[string, string, RegExp]>([
  ['a field of the identity', 'email:text', /cannot be a field/],
  ['a field of every payload', 'strict:text', /cannot be a field/],
  ['a field that reaches a prototype', 'constructor:text', /cannot be a field/],
  ['an optional field in the path', 'x:text:optional', /in the path and so required/],
  ['an object in the path', 'x:object', /cannot be written into an address/],
  ['a list in the query', 'y:text[]', /cannot be written into an address/],
])('has no place for %s', (_, fields, message) => {
  expect(() => parseFields(GET)(fields)).toThrow(message);
});

const COMMON = ['a-node', '--permission', 'a.b', '--page', PAGE, '--description', 'It is.', '--risk', 'do it'];

test.each([
  ['two identifiers in one place', ['--endpoint', 'a/{email}', '--identity', 'email,phone'], 'one place'],
  [
    'an alias in an address',
    ['--endpoint', 'GET a/b', '--identity', 'user_alias', '--outcomes', 'known:true'],
    'cannot hold a user_alias',
  ],
  ['a list of nothing', ['--endpoint', 'a/b', '--identity', 'none', '--list', 'items'], 'Nothing would stand in items'],
  [
    'a query in a queue',
    ['--endpoint', 'a/b', '--identity', 'email', '--fields', 'x:text:query', '--queue', 'yes'],
    'cannot have a query',
  ],
  ['a look-up without outcomes', ['--endpoint', 'GET a/b', '--identity', 'email'], '--outcomes is missing'],
  [
    'a field that is a reserved word',
    ['--endpoint', 'GET a/{class}', '--identity', 'none', '--outcomes', 'b:true'],
    'would not be valid code',
  ],
  ['no outcome of a look-up', ['--endpoint', 'GET a', '--identity', 'none', '--outcomes', ''], 'A look-up needs'],
  ...['a:true=x,b:true=x=1', 'a:true,b:true', 'a:false=404,b:false=404'].map((outcomes): [string, string[], string] => [
    `outcomes of which one is never reached (${outcomes})`,
    ['--endpoint', 'GET a', '--identity', 'none', '--outcomes', outcomes],
    'never reached',
  ]),
  [
    'a condition that always holds',
    ['--endpoint', 'GET a', '--identity', 'none', '--outcomes', 'a:true=b', '--success', 'b'],
    'Every success has b',
  ],
  [
    'values of no outcome',
    ['--endpoint', 'GET a', '--identity', 'none', '--outcomes', 'no:false', '--values', 'BRAZE_A=a'],
    'needs an outcome',
  ],
])('refuses %s', (_, words, message) => {
  expect(newNode([...COMMON, ...words])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(message),
  });
});

describe('serverless.yml', () => {
  test('gets the function before redeliver, and keeps comments', () => {
    const yaml = '# why\nfunctions:\n  x: { handler: x } # so\n  redeliver:\n    handler: r\nresources: []\n';
    const changed = addFunction(yaml, NODE);
    expect(changed).toBe(
      yaml.replace(
        '  redeliver',
        `  a-node:
    handler: handlers/a-node.handler
    events:
      - httpApi: POST /nodes/a-node
  redeliver`,
      ),
    );
    expect(Object.keys(parse(changed).functions)).toEqual(['x', 'a-node', 'redeliver']);
  });

  test.each([
    'functions:\n  x: {}\n',
    'functions:\n  redeliver:\n    a: b\nother:\n  redeliver:\n',
    'functions:\n  x: {}\nother:\n  redeliver:\n    a: b\n',
  ])('is left alone where the place is unclear: %j', (yaml) => {
    expect(() => addFunction(yaml, NODE)).toThrow('serverless.yml');
  });
});
