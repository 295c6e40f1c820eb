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
import { FIELD_TYPE_WORDS } from '../../tools/new-node/field-types.ts';
import {
  findPermission,
  type NewNode,
  parseDescription,
  parseFields,
  parseIdentifiers,
  parseList,
  parseName,
  parsePath,
  parsePermission,
  parseYesOrNo,
} from '../../tools/new-node/options.ts';
import { renderHandler, renderTest } from '../../tools/new-node/render.ts';
import { addFunction, writeNode } from '../../tools/new-node/write.ts';
import { SERVICE } from '../../tools/service.ts';

/** AWS allows 64 characters for the deployed name. */
const LONGEST = 64 - `${SERVICE}-sandbox-`.length;

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
  name: 'a-node',
  path: 'a/b',
  permission: 'a.b',
  description: 'It is.',
  fields: parseFields('note:text'),
  identifiers: ['email'],
  list: '',
  isLookUp: false,
  isIdempotent: false,
};

const ALIAS = [
  ...['probe-alias', '--no-demo', '--endpoint', 'users/alias/new', '--list', 'user_aliases'],
  ...['--identifiers', 'external_id', '--fields', 'alias_name:text,alias_label:text=pypestream'],
  ...['--description', 'Gives a profile one more name, of ours.'],
];
const GROUP = '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11';

describe('nodes from options, and one from standard input', () => {
  let before: string;

  beforeAll(() => {
    before = read('serverless.yml');
    expect(newNode(ALIAS)).toMatchObject({ status: 0, stderr: '' });
    const answers = [
      ...['/subscription/status/set', 'Subscribes an address to a group, or ends that.'],
      `subscription_group_id:text=${GROUP},subscription_state:text=subscribed`,
    ];
    const options = ['--no-demo', '--identifiers', 'email,phone', '--idempotent', 'yes'];
    expect(newNode(['probe-group-state', ...options], answers.join('\n'))).toMatchObject({ status: 0, stderr: '' });
    // Every type of field, for an endpoint that the emulator does not know, without documentation and deployment.
    const fields = FIELD_TYPE_WORDS.map((word) => `a_${word}:${word}:optional`);
    const everything: NewNode = {
      ...NODE,
      name: 'probe-everything',
      description: `Isn't "odd" | it?.`,
      fields: parseFields([...fields, 'above:count:top'].join(',')),
      identifiers: parseIdentifiers('phone,user_alias'),
      list: 'items',
      isIdempotent: true,
    };
    const lookUp: NewNode = { ...NODE, name: 'probe-look-up', isLookUp: true };
    for (const node of [everything, lookUp]) {
      writeFileSync(join(root, `handlers/${node.name}.ts`), renderHandler(node));
      writeFileSync(join(root, `tests/handlers/${node.name}.test.ts`), renderTest(node));
    }
  });

  test('read like the shipped ones', () => {
    expect(read('handlers/probe-alias.ts')).toBe(`import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { shortText } from '../lib/payload/fields/text.ts';
import { object, required } from '../lib/payload/schema.ts';

export const probeAlias = defineNode({
  name: 'probe-alias',
  description: 'Gives a profile one more name, of ours.',
  example: { payload: { external_id: '{CUSTOMER_ID}', alias_name: '{ALIAS_NAME}', alias_label: '{ALIAS_LABEL}' } },
  endpoint: {
    path: 'users/alias/new',
    permission: 'users.alias.new',
    maxObjects: 1,
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
    expect(read('handlers/probe-group-state.ts')).toContain(`  identifiers: ['email', 'phone'],
  payload: object({ subscription_group_id: required(shortText), subscription_state: required(shortText) }),
  toRequest: (payload, { identity }) => ({ body: { ...identity.identifier, ...payload }, paths: {} }),
`);
    expect(read('handlers/probe-look-up.ts')).toContain('  queueOnFailure: false,\n');
  });

  test('have their function before redeliver, and nothing else of serverless.yml has changed', () => {
    const after = read('serverless.yml');
    const added = ['probe-alias', 'probe-group-state'].map(
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
    const files = ['probe-alias', 'probe-group-state'].flatMap((name) => [
      ...[`handlers/${name}.ts`, `events/${name}.json`, `tests/handlers/${name}.test.ts`],
    ]);
    const { status, stdout, stderr } = run('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', ...files]);
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('Checked 6 files')]);
  });

  test('pass their tests, which cover all of them', () => {
    const { transform } = JSON.parse(read('package.json')).jest;
    const threshold = { lines: 100, branches: 100, functions: 100, statements: 100 };
    const config = {
      ...{ rootDir: root, transform, testMatch: ['<rootDir>/tests/handlers/*.test.ts'] },
      ...{ collectCoverage: true, coverageProvider: 'v8', coverageReporters: ['text-summary'] },
      collectCoverageFrom: ['handlers/probe-*.ts'],
      coverageThreshold: { global: threshold },
    };
    const { status, stderr } = run('jest/bin/jest.js', ['--config', JSON.stringify(config)]);
    expect([status, stderr]).toEqual([0, expect.stringContaining('8 passed')]);
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

test.each<[string, readonly string[], string, string]>([
  ['an unknown option', ['a-node', '--color', 'red'], '', 'Unknown option --color.'],
  ['an answer that is missing', ['a-node', '--endpoint', 'a/b'], 'a.b\n', '--description is missing.'],
])('refuses %s', (_, words, input, message) => {
  expect(newNode(words, input)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
});

describe('the answers', () => {
  test.each(['add-alias', 'a', 'a1-2b', 'a'.repeat(LONGEST)])('%s is a name', (name) => {
    expect(parseName(name)).toBe(name);
  });
  test.each(['', 'Add', 'add_alias', '-add', 'add-', 'add--alias', '1a', 'a/b', '../a', 'a'.repeat(LONGEST + 1)])(
    '%j is not a name',
    (name) => {
      expect(() => parseName(name)).toThrow(/A node is named|too long/);
    },
  );

  test('the permission is known only for endpoints of the emulator', () => {
    expect(parsePath(' /users/alias/new/ ')).toBe('users/alias/new');
    expect(findPermission('users/alias/new')).toBe('users.alias.new');
    expect(findPermission('email/blocklist')).toBeUndefined();
  });
  test.each(['', 'users', 'https://rest.iad-01.braze.com/users/alias/new', 'users/../x', 'users/track', 'a/b?c=d'])(
    '%j is refused as an endpoint',
    (path) => {
      expect(() => parsePath(path)).toThrow(/path of Braze’s|shape of its own/);
    },
  );

  test.each([
    ['a permission', () => parsePermission('users/alias'), 'A permission'],
    ['a description that is no sentence', () => parseDescription('adds'), 'sentence'],
    ['a description on two lines', () => parseDescription('Adds\nit.'), 'sentence'],
    ['no field', () => parseFields(''), 'cannot be a field'],
    ['a field of the identity', () => parseFields('email:text'), 'cannot be a field'],
    ['a field that reaches a prototype', () => parseFields('constructor:text'), 'cannot be a field'],
    ['a field without a type', () => parseFields('note'), 'one of the types text,'],
    ['a type that is inherited', () => parseFields('note:toString'), 'one of the types text,'],
    ['a field that says too much', () => parseFields('note:text:maybe'), 'may only have :optional'],
    ['an optional field at the top', () => parseFields('note:text:optional:top'), 'is :top and so required'],
    ['a field twice', () => parseFields('note:text,note:count'), 'twice'],
    ['an identifier that is none', () => parseIdentifiers('name'), 'The identifiers are'],
    ['an identifier twice', () => parseIdentifiers('email,email'), 'The identifiers are'],
    ['a list that is no key', () => parseList('a b'), 'The list is'],
    ['neither yes nor no', () => parseYesOrNo('maybe'), 'yes or no'],
  ])('refuses %s', (_, answer, message) => {
    expect(answer).toThrow(message);
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
