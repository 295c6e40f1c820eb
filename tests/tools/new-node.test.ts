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
import { parse } from 'yaml';
import { createNode, withFunction } from '../../tools/new-node/create.ts';
import {
  type NewNode,
  permissionOf,
  readDescription,
  readEndpoint,
  readFields,
  readIdentifiers,
  readList,
  readName,
  readPermission,
  readYesOrNo,
} from '../../tools/new-node/options.ts';
import { handlerText, testText } from '../../tools/new-node/texts.ts';
import { SERVICE } from '../../tools/service.ts';

/** AWS allows 64 characters for the deployed name. */
const LONGEST = 64 - `${SERVICE}-sandbox-`.length;

let root: string;

/** A copy of what a new node is written into, and of what writes it. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'new-node-'));
  const copied = [
    ...['handlers', 'lib', 'events', 'docs', 'schemas', 'tools', 'emulators'],
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
const newNode = (words: readonly string[], input?: string) =>
  run('tsx/dist/cli.mjs', ['tools/new-node.ts', ...words], input);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const everything = () =>
  ['handlers', 'events', 'tests/handlers', 'schemas', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, read(join(folder, name))]),
  );

const NODE: NewNode = {
  ...{ name: 'a-node', endpoint: 'a/b', permission: 'a.b', description: 'It is.', fields: readFields('note:text') },
  ...{ identifiers: ['email'], list: '', isIdempotent: false },
};

const ALIAS = [
  ...['probe-alias', '--endpoint', 'users/alias/new', '--list', 'user_aliases', '--identifiers', 'external_id'],
  ...['--fields', 'alias_name:text,alias_label:text', '--description', 'Gives a profile one more name, of ours.'],
];

describe('a node for users/alias/new, from options, and one for subscription/status/set, from standard input', () => {
  let before: string;

  beforeAll(() => {
    before = read('serverless.yml');
    expect(newNode(ALIAS)).toMatchObject({ status: 0, stderr: '' });
    const answers = [
      ...['/subscription/status/set', '', 'Subscribes an address to a group, or ends that.'],
      ...['subscription_group_id:text,subscription_state:text', 'email,phone', '', 'yes', ''],
    ];
    expect(newNode(['probe-group-state'], answers.join('\n'))).toMatchObject({ status: 0, stderr: '' });
    // One of every kind, without the whole way: what is made of them is checked below with the others.
    const kinds = [
      'text',
      'price',
      'count',
      'flag',
      'time',
      'dob',
      'country',
      'language',
      'time_zone',
      'currency',
      'object',
    ];
    const odd: NewNode = {
      ...{
        name: 'probe-everything',
        endpoint: 'some/where',
        permission: 'some.where',
        description: `Isn't "odd" | it?.`,
      },
      fields: readFields([...kinds.map((kind) => `${kind}:${kind}:optional`), 'amount:price:optional'].join(',')),
      ...{ identifiers: readIdentifiers('phone,user_alias'), list: 'items', isIdempotent: true },
    };
    writeFileSync(join(root, 'handlers/probe-everything.ts'), handlerText(odd));
    writeFileSync(join(root, 'tests/handlers/probe-everything.test.ts'), testText(odd));
  });

  test('reads like the shipped ones', () => {
    expect(read('handlers/probe-alias.ts')).toBe(`import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { shortText } from '../lib/payload/fields/text.ts';
import { object, required } from '../lib/payload/schema.ts';

export const probeAlias = defineNode({
  name: 'probe-alias',
  description: 'Gives a profile one more name, of ours.',
  endpoint: {
    path: 'users/alias/new',
    permission: 'users.alias.new',
    maxObjects: 1,
    isIdempotent: () => false,
    queueOnFailure: true,
  },
  identifiers: ['external_id'],
  payload: object({ alias_name: required(shortText), alias_label: required(shortText) }),
  toRequest: (said, { identity }) => ({
    body: { user_aliases: [{ ...identity.identifier, ...said }] },
    paths: { user_aliases: ['alias_name'] },
  }),
});

export const handler = createHandler(probeAlias);
`);
    expect(read('handlers/probe-group-state.ts')).toContain(`  identifiers: ['email', 'phone'],
  payload: object({ subscription_group_id: required(shortText), subscription_state: required(shortText) }),
  toRequest: (said, { identity }) => ({ body: { ...identity.identifier, ...said }, paths: {} }),
`);
  });

  test('has its function before redeliver, and nothing else of serverless.yml has changed', () => {
    const after = read('serverless.yml');
    const added = ['probe-alias', 'probe-group-state'].map(
      (name) =>
        `  ${name}:\n    handler: handlers/${name}.handler\n    events:\n      - httpApi: POST /nodes/${name}\n`,
    );
    expect(after).toContain(`${added.join('')}  redeliver:\n`);
    expect(after.replace(added.join(''), '')).toBe(before);
  });

  test('has a sample event, its schema and its page of the documentation', () => {
    expect(JSON.parse(read('events/probe-alias.json'))).toMatchObject({
      payload: { external_id: 'customer-20417', alias_name: ' <<far fa-check>> alias_name-1 ' },
      context: { env: 'sandbox' },
    });
    expect(JSON.parse(read('schemas/probe-alias.json'))).toMatchObject({ required: ['alias_name', 'alias_label'] });
    expect(read('docs/nodes.md')).toContain('### probe-alias in Design Studio');
  });

  test('is well typed', () => {
    const include = ['handlers', 'tests/handlers'];
    writeFileSync(join(root, 'tsconfig.new.json'), JSON.stringify({ extends: './tsconfig.json', include }));
    expect(run('typescript/bin/tsc', ['-p', 'tsconfig.new.json'])).toMatchObject({ status: 0, stdout: '' });
  });

  test('is formatted and clean', () => {
    const files = ['probe-alias', 'probe-group-state'].flatMap((name) => [
      ...[`handlers/${name}.ts`, `events/${name}.json`, `tests/handlers/${name}.test.ts`],
    ]);
    const { status, stdout, stderr } = run('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', ...files]);
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('Checked 6 files')]);
  });

  test('passes its test, which covers all of it', () => {
    const { transform } = JSON.parse(read('package.json')).jest;
    const threshold = { lines: 100, branches: 100, functions: 100, statements: 100 };
    const config = {
      ...{ rootDir: root, transform, testMatch: ['<rootDir>/tests/handlers/*.test.ts'] },
      ...{ collectCoverage: true, coverageProvider: 'v8', coverageReporters: ['text-summary'] },
      collectCoverageFrom: ['handlers/{probe-alias,probe-group-state,probe-everything}.ts'],
      coverageThreshold: { global: threshold },
    };
    const { status, stderr } = run('jest/bin/jest.js', ['--config', JSON.stringify(config)]);
    expect([status, stderr]).toEqual([0, expect.stringContaining('9 passed')]);
  });

  test('is refused a second time, and nothing is written', () => {
    const all = everything();
    expect(newNode(ALIAS)).toMatchObject({ status: 2, stderr: 'handlers/probe-alias.ts is there already.\n' });
    expect(everything()).toEqual(all);
  });
});

test('where not everything can be written, nothing is', async () => {
  const schemas = join(root, 'schemas');
  renameSync(schemas, `${schemas}-aside`);
  writeFileSync(schemas, 'no folder');
  const before = [read('serverless.yml'), read('docs/nodes.md')];
  await expect(createNode(root, NODE)).rejects.toThrow('EEXIST');
  expect([read('serverless.yml'), read('docs/nodes.md')]).toEqual(before);
  for (const path of ['handlers/a-node.ts', 'events/a-node.json', 'tests/handlers/a-node.test.ts']) {
    expect([path, existsSync(join(root, path))]).toEqual([path, false]);
  }
  rmSync(schemas);
  renameSync(`${schemas}-aside`, schemas);
});

test.each<[string, readonly string[], string, string]>([
  ['an unknown option', ['a-node', '--color', 'red'], '', 'Unknown option --color.'],
  ['an answer that is missing', ['a-node', '--endpoint', 'a/b'], 'a.b\n', '--description is missing.'],
])('refuses %s', (_, words, input, message) => {
  expect(newNode(words, input)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
});

describe('the answers', () => {
  test.each(['add-alias', 'a', 'a1-2b', 'a'.repeat(LONGEST)])('%s is a name', (name) => {
    expect(readName(name)).toBe(name);
  });
  test.each(['', 'Add', 'add_alias', '-add', 'add-', 'add--alias', '1a', 'a/b', '../a', 'a'.repeat(LONGEST + 1)])(
    '%j is none',
    (name) => {
      expect(() => readName(name)).toThrow(/A node is named|too long/);
    },
  );

  test('the endpoint is a path, and names the permission', () => {
    expect(readEndpoint(' /users/alias/new/ ')).toBe('users/alias/new');
    expect(permissionOf('v2/subscription/status/set')).toBe('subscription.status.set');
  });
  test.each(['', 'users', 'https://rest.iad-01.braze.com/users/alias/new', 'users/../x', 'users/track', 'a/b?c=d'])(
    '%j is no endpoint to make a node for',
    (path) => {
      expect(() => readEndpoint(path)).toThrow(/path of Braze’s|shape of its own/);
    },
  );

  test.each([
    ['a permission', () => readPermission('users/alias'), 'A permission'],
    ['a description that is no sentence', () => readDescription('adds'), 'sentence'],
    ['a description on two lines', () => readDescription('Adds\nit.'), 'sentence'],
    ['no field', () => readFields(''), 'can’t be a field'],
    ['a field of the identity', () => readFields('email:text'), 'can’t be a field'],
    ['a field that reaches a prototype', () => readFields('constructor:text'), 'can’t be a field'],
    ['a field without a type', () => readFields('note'), 'one of the types text,'],
    ['a type that is inherited', () => readFields('note:toString'), 'one of the types text,'],
    ['a field that says too much', () => readFields('note:text:maybe'), 'may only say :optional'],
    ['a field twice', () => readFields('note:text,note:price'), 'twice'],
    ['an identifier that is none', () => readIdentifiers('name'), 'The identifiers are'],
    ['an identifier twice', () => readIdentifiers('email,email'), 'The identifiers are'],
    ['a list that is no key', () => readList('a b'), 'The list is'],
    ['neither yes nor no', () => readYesOrNo('maybe'), 'yes or no'],
  ])('refuses %s', (_, answer, message) => {
    expect(answer).toThrow(message);
  });
});

describe('serverless.yml', () => {
  test('gets the function before redeliver, whatever stands around it', () => {
    const yaml = '# why\nfunctions:\n  x: { handler: x } # so\n  redeliver:\n    handler: r\nresources: []\n';
    const changed = withFunction(yaml, NODE);
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
  ])('is left alone where the place is not plain: %j', (yaml) => {
    expect(() => withFunction(yaml, NODE)).toThrow('serverless.yml');
  });
});
