import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type BrazeEmulator, startBraze } from '../../emulators/braze/server.ts';
import { type Answer, type LoopbackServer, type Received, startServer } from '../../emulators/server.ts';
import { type SqsEmulator, type SqsQueue, startSqs } from '../../emulators/sqs.ts';
import { type SsmEmulator, startSsm } from '../../emulators/ssm.ts';
import type { ProbedNode } from '../../tools/doctor/braze.ts';
import { doctor } from '../../tools/doctor/command.ts';
import { SERVICE } from '../../tools/service.ts';

const KEY = 'c0ffee00-1234-4321-9876-a1b2c3d4e5f6';
const SECRET = 'a-secret-of-the-entry-that-is-long-enough';
const OLD_SECRET = 'an-old-secret-of-the-entry-long-enough-too';
const PATH = `/${SERVICE}/sandbox`;
const needing = (name: string, path: string): ProbedNode => ({
  name,
  endpoint: { path, permission: path.replaceAll('/', '.'), refusesEmptyBody: true },
});
const TRACK_USER = needing('track-user', 'users/track');
const NODES = [
  needing('get-profile', 'users/export/ids'),
  TRACK_USER,
  needing('trigger-canvas', 'canvas/trigger/send'),
];

/** What the emulated account holds; each test changes what it is about. */
interface Account {
  /** Undefined while there is no stack. */
  stackStatus: string | undefined;
  outputs: Record<string, string>;
  /** The environment of the functions; undefined where there are none. */
  variables: Record<string, string> | undefined;
  /** The operations that these credentials may not call. */
  denied: readonly string[];
  unknownCredentials: boolean;
}

const healthy = (): Account => ({
  stackStatus: 'UPDATE_COMPLETE',
  outputs: {},
  variables: { DATE_ORDER: 'DMY' },
  denied: [],
  unknownCredentials: false,
});

let account = healthy();
/** How the signed entry behaves. */
let entry: { secret: string; answer?: Answer; open?: boolean; date?: string };
let aws: LoopbackServer;
let nodes: LoopbackServer;
let braze: BrazeEmulator;
let ssm: SsmEmulator;
let sqs: SqsEmulator;
let undelivered: SqsQueue;
let deadLetters: SqsQueue;
const calls: string[] = [];
const environment = { ...process.env };

const xml = (status: number, body: string): Answer => ({ status, headers: { 'Content-Type': 'text/xml' }, body });
const json = (status: number, body: object, type = 'application/json'): Answer => ({
  status,
  headers: { 'Content-Type': type },
  body: JSON.stringify(body),
});
const xmlError = (status: number, code: string, message: string) =>
  xml(status, `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);

const query = (action: string): Answer => {
  if (account.unknownCredentials) return xmlError(403, 'InvalidClientTokenId', 'The security token is invalid');
  if (account.denied.includes(action)) return xmlError(403, 'AccessDenied', 'User: someone is not authorized');
  if (action === 'GetCallerIdentity') {
    const identity = '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ops</Arn>';
    const result = `<GetCallerIdentityResult>${identity}</GetCallerIdentityResult>`;
    return xml(200, `<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>`);
  }
  if (account.stackStatus === undefined) {
    return xmlError(400, 'ValidationError', 'Stack does not exist');
  }
  const outputs = Object.entries(account.outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<StackStatus>${account.stackStatus}</StackStatus><Outputs>${outputs.join('')}</Outputs>`;
  const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`;
  return xml(200, `<DescribeStacksResponse>${result}</DescribeStacksResponse>`);
};

const functionConfiguration = (name: string): Answer => {
  const refusal = (status: number, type: string) => ({
    ...json(status, { Message: 'about the function' }),
    headers: { 'Content-Type': 'application/json', 'X-Amzn-ErrorType': type },
  });
  if (account.denied.includes('GetFunctionConfiguration')) return refusal(403, 'AccessDeniedException');
  if (account.variables === undefined) return refusal(404, 'ResourceNotFoundException');
  return json(200, { FunctionName: name, Environment: { Variables: account.variables } });
};

const answerOfAws = ({ path, body }: Received): Answer => {
  const name = /\/functions\/([^/]+)\/configuration$/.exec(path)?.[1];
  const action = (name && 'GetFunctionConfiguration') ?? new URLSearchParams(String(body)).get('Action') ?? '';
  calls.push(action);
  return name === undefined ? query(action) : functionConfiguration(name);
};

const isSigned = ({ path, headers, body }: Received): boolean => {
  const [, seconds = '', values = ''] = /^t=(\d+),(v1=.*)$/.exec(String(headers['pypestream-signature'])) ?? [];
  const signed = createHmac('sha256', entry.secret)
    .update(`${seconds}.${path.replace('/nodes/', '')}.`)
    .update(body ?? '');
  return (
    values.split(',').includes(`v1=${signed.digest('hex')}`) && Math.abs(Date.now() / 1_000 - Number(seconds)) < 300
  );
};

const answerOfEntry = (received: Received): Answer => {
  if (received.path !== '/nodes/track-user') return json(404, { message: 'Not Found' });
  if (!isSigned(received) && !entry.open) return json(401, { success: 'error', outcome: 'misconfigured' });
  return entry.answer ?? json(200, { success: 'error', outcome: 'invalid', detail: 'nothing to send' });
};

beforeAll(async () => {
  aws = await startServer(100_000, ({ received, send }) => send(answerOfAws(received)));
  nodes = await startServer(100_000, ({ received, send }) => {
    const answer = answerOfEntry(received);
    send({ ...answer, headers: { ...answer.headers, ...(entry.date !== undefined && { Date: entry.date }) } });
  });
  braze = await startBraze({ apiKey: KEY });
  sqs = await startSqs();
  undelivered = sqs.createQueue('undelivered');
  deadLetters = sqs.createQueue('dead-letters');
});
afterAll(async () => {
  await Promise.all([aws.close(), nodes.close(), braze.close(), sqs.close()]);
});

beforeEach(async () => {
  ssm = await startSsm();
  ssm.parameters.put(`${PATH}/braze_url`, braze.url);
  ssm.parameters.put(`${PATH}/braze_api_key`, KEY, 'SecureString');
  ssm.parameters.put(`${PATH}/node_secret`, SECRET, 'SecureString');
  sqs.reset();
  account = healthy();
  account.outputs = { NodesUrl: nodes.url, UndeliveredQueueUrl: undelivered.url, DeadLetterQueueUrl: deadLetters.url };
  entry = { secret: SECRET };
  calls.length = 0;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_SSM: ssm.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
  });
});
afterEach(async () => {
  process.env = { ...environment };
  braze.reset();
  await ssm.close();
});

const Report = v.object({
  stage: v.string(),
  region: v.string(),
  ready: v.boolean(),
  checks: v.array(v.object({ check: v.string(), status: v.string(), detail: v.string() })),
});

const expectNoSecretIn = (out: string) => {
  for (const secret of [KEY, SECRET, OLD_SECRET, 'Invalid API key', 'Access Denied']) expect(out).not.toContain(secret);
};

const run = async (argv: readonly string[], shipped: readonly ProbedNode[] = NODES) => {
  const texts: string[] = [];
  const output = () =>
    new Writable({
      write: (chunk, _encoding, done) => {
        texts.push(String(chunk));
        done();
      },
    });
  const code = await doctor(argv, { stdin: new PassThrough(), stdout: output(), stderr: output() }, shipped);
  const out = texts.join('');
  expectNoSecretIn(out);
  return { code, out };
};

/** The report, with the checks by name. */
const examine = async (shipped: readonly ProbedNode[] = NODES) => {
  const { code, out } = await run(['--stage', 'sandbox', '--json'], shipped);
  const { ready, checks } = v.parse(Report, JSON.parse(out));
  expect(ready).toBe(code === 0);
  const by = new Map(checks.map(({ check, status, detail }) => [check, `${status}: ${detail}`]));
  return { ready, checks, of: (check: string) => by.get(check) };
};

describe('doctor, on a stage that is ready', () => {
  it('finds everything in order and exits with 0', async () => {
    const { code, out } = await run(['--stage', 'sandbox']);
    expect(code).toBe(0);
    expect(out).not.toMatch(/^(?:fail|skipped)/m);
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['Region us-east-1 (from AWS_REGION), stage sandbox.', '']);
    expect(lines.slice(2, -2).map((line) => line.split(/ {2,}/).slice(0, 2).join(': '))).toEqual([
      'ok: credentials',
      'warn: parameter braze_url',
      'ok: parameter braze_api_key',
      'ok: parameter node_secret',
      'ok: parameter link_secret',
      'ok: Braze reachable',
      'ok: Braze key',
      'ok: permission users.export.ids',
      'ok: permission canvas.trigger.send',
      'ok: stack',
      'ok: settings',
      'ok: identities',
      'ok: signed call',
      'ok: unsigned call',
      'ok: undelivered messages',
      'ok: dead letters',
    ]);
    expect(lines.at(-1)).toBe('The stage sandbox is ready: 15 ok, 1 warn, 0 fail, 0 skipped.');
  });

  it('sends Braze requests without content only, and changes nothing', async () => {
    await examine();
    expect(braze.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/users/track', '{}'],
      ['/users/export/ids', '{}'],
      ['/canvas/trigger/send', '{}'],
    ]);
    expect(braze.requests.every(({ status }) => status === 400)).toBe(true);
    expect(braze.profiles).toEqual([]);
    expect(new Set(calls)).toEqual(new Set(['GetCallerIdentity', 'DescribeStacks', 'GetFunctionConfiguration']));
  });

  it('runs as a program of its own on the nodes of this working copy', async () => {
    const parts = ['--import', 'tsx', 'tools/run.ts', 'doctor', '--stage', 'sandbox', '--json'];
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const child = spawn(process.execPath, parts, { cwd: root, env: { ...process.env } });
    const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await once(child, 'exit');
    const [stdout, stderr] = await outputs;
    expectNoSecretIn(stdout + stderr);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { checks } = v.parse(Report, JSON.parse(stdout));
    expect(checks).toContainEqual(expect.objectContaining({ check: 'settings', status: 'ok' }));
  });
});

describe('doctor, without AWS', () => {
  it('stops at credentials that AWS does not know', async () => {
    account.unknownCredentials = true;
    const { ready, checks } = await examine();
    expect([ready, checks.map(({ check, status }) => [check, status])]).toEqual([
      false,
      [
        ['credentials', 'fail'],
        ['everything else', 'skipped'],
      ],
    ]);
  });

  it('stops where there are no credentials', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    expect((await examine()).of('credentials')).toMatch(/^fail: No AWS credentials were found/);
  });

  it.each([[[]], [['--stage', KEY]], [['--stage', 'sandbox', KEY]]])('refuses the command line %#', async (argv) => {
    expect(await run(argv)).toEqual({ code: 2, out: expect.stringContaining('npm run doctor') });
  });

  it('names the action that is missing and goes on with the other checks', async () => {
    account.denied = ['GetCallerIdentity', 'DescribeStacks', 'GetFunctionConfiguration'];
    ssm.fault('denied');
    const { ready, of } = await examine();
    expect(ready).toBe(true);
    expect(of('credentials')).toMatch(/^warn: .*sts:GetCallerIdentity/);
    expect(of('parameter braze_api_key')).toMatch(/^skipped: .*ssm:GetParameters/);
    expect(of('Braze')).toMatch(/^skipped: /);
    expect(of('stack')).toMatch(/^skipped: .*cloudformation:DescribeStacks/);
    expect(of('settings')).toMatch(/^skipped: .*lambda:GetFunctionConfiguration/);
    expect(of('signed entry')).toMatch(/^skipped: /);
    expect(of('dead letters')).toMatch(/^skipped: /);
  });

  it('goes on when a service does not answer', async () => {
    const closed = await startServer(0, () => {});
    await closed.close();
    process.env.AWS_ENDPOINT_URL_LAMBDA = closed.url;
    expect((await examine()).of('settings')).toMatch(/^skipped: lambda:GetFunctionConfiguration got no answer/);
  });
});

describe('doctor, on the parameters', () => {
  it.each([
    ['braze_url', 'https://example.com', /^fail: It is not a Braze REST endpoint/],
    ['braze_url', 'EU-01', /^fail: It is not a Braze REST endpoint/],
    ['braze_api_key', ` ${KEY}`, /^fail: The key has blanks around it/],
    ['braze_api_key', `"${KEY}"`, /^fail: The key has quotes around it/],
    ['node_secret', ' , ', /^fail: A secret is empty/],
    ['node_secret', 'short', /^fail: A secret is shorter than 32/],
  ])('judges what is wrong with %s', async (parameter, value, verdict) => {
    ssm.parameters.put(`${PATH}/${parameter}`, value, parameter === 'braze_url' ? 'String' : 'SecureString');
    entry.secret = value;
    expect((await examine()).of(`parameter ${parameter}`)).toMatch(verdict);
  });

  it.each(['braze_url', 'braze_api_key', 'node_secret'])('fails where %s is missing', async (parameter) => {
    ssm.parameters.delete(`${PATH}/${parameter}`);
    const { ready, of } = await examine();
    expect(ready).toBe(false);
    expect(of(`parameter ${parameter}`)).toBe(
      `fail: ${PATH}/${parameter} is missing: run npm run configure -- --stage sandbox`,
    );
    expect(of(parameter === 'node_secret' ? 'signed call' : 'Braze')).toMatch(/^skipped: /);
  });

  it('warns of a key that is stored unencrypted', async () => {
    ssm.parameters.put(`${PATH}/braze_api_key`, KEY, 'String');
    expect((await examine()).of('parameter braze_api_key')).toMatch(/^warn: It is stored unencrypted/);
  });

  it.each([
    [undefined, /^ok: Not set, so no link proves who opened it/],
    [SECRET, /^ok: Present, decryptable and well-formed\.$/],
    [' ', /^fail: A secret is empty, so it proves nothing/],
    [
      'short',
      /^fail: A secret is shorter than 32 characters, so it proves nothing: run npm run configure with --rotate-link-secret\.$/,
    ],
    [`${SECRET},${OLD_SECRET}`, /^warn: It holds 2 secrets: .*--rotate-link-secret --finish\.$/],
    [`${SECRET},short`, /^fail: The old secret is shorter than 32 .*--rotate-link-secret --finish\.$/],
  ])('judges the link_secret %j', async (value, verdict) => {
    if (value !== undefined) ssm.parameters.put(`${PATH}/link_secret`, value, 'SecureString');
    expect((await examine()).of('parameter link_secret')).toMatch(verdict);
  });

  it.each(['new', 'old'])(
    'signs with both secrets while one is being rotated (the entry knows the %s)',
    async (known) => {
      ssm.parameters.put(`${PATH}/node_secret`, `${SECRET},${OLD_SECRET}`, 'SecureString');
      entry.secret = known === 'new' ? SECRET : OLD_SECRET;
      const { ready, of } = await examine();
      expect([ready, of('signed call')]).toEqual([true, 'ok: The signed entry answers.']);
      expect(of('parameter node_secret')).toMatch(/^warn: It holds 2 secrets: finish the rotation/);
    },
  );

  it.each([
    ['InvalidKeyId', 'the key arn:aws:kms:… is disabled', /^fail: The parameter cannot be decrypted: its KMS key/],
    ['AccessDeniedException', 'not authorized to perform: kms:Decrypt on', /^skipped: .*kms:Decrypt/],
  ])('tells what keeps a parameter from being decrypted: %s', async (type, message, verdict) => {
    const server = await startServer(100_000, ({ send }) =>
      send(json(400, { __type: type, message }, 'application/x-amz-json-1.1')),
    );
    process.env.AWS_ENDPOINT_URL_SSM = server.url;
    expect((await examine()).of('parameter node_secret')).toMatch(verdict);
    await server.close();
  });
});

describe('doctor, on Braze', () => {
  it.each([
    ['401', 'Braze key', /^fail: The key is wrong, deleted or from another instance \(401\)/],
    ['403', 'Braze key', /^fail: The key lacks users\.track .*create a new one/],
    ['404', 'Braze reachable', /^fail: .*not Braze's REST API \(status 404\)/],
    ['redirect', 'Braze reachable', /^fail: .*not Braze's REST API \(status 302\)/],
    ['503', 'Braze reachable', /^fail: Braze answers with an error \(status 503\)/],
    ['429', 'Braze key', /^warn: Braze limits the rate/],
    ['reset', 'Braze reachable', /^fail: Braze is not reachable from here: ECONNRESET, connection reset by peer/],
  ] as const)('explains %s', async (fault, check, verdict) => {
    braze.fault(fault);
    const { ready, of } = await examine();
    expect(of(check)).toMatch(verdict);
    expect(ready).toBe(fault === '429');
    braze.clearFaults();
  });

  it('warns of a node whose permission the key lacks', async () => {
    const narrow = await startBraze({ apiKey: KEY, permissions: ['users.track', 'users.export.ids'] });
    ssm.parameters.put(`${PATH}/braze_url`, narrow.url);
    const { ready, of } = await examine();
    expect(ready).toBe(true);
    expect(of('permission users.export.ids')).toBe('ok: The key has the permission users.export.ids.');
    expect(of('permission canvas.trigger.send')).toMatch(
      /^warn: The key lacks canvas.* Without it these fail: trigger-canvas\. .*create a new one/,
    );
    await narrow.close();
  });

  it('asks a look-up with a GET, and never asks where that could change something', async () => {
    const lookUp: ProbedNode = {
      name: 'get-catalog-item',
      endpoint: { method: 'GET', path: 'catalogs/{catalog_name}/items/{item_id}', permission: 'catalogs.get_item' },
    };
    const remove: ProbedNode = {
      name: 'delete-user',
      endpoint: { path: 'users/delete', permission: 'users.delete' },
    };
    const { of } = await examine([lookUp, remove]);
    expect(of('permission catalogs.get_item')).toBe('ok: The key has the permission catalogs.get_item.');
    expect(of('permission users.delete')).toMatch(/^skipped: Asking for it could change something in Braze/);
    expect(braze.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /users/track',
      'GET /catalogs/permission-check/items/permission-check',
      'POST /users/export/ids',
    ]);
  });

  it('warns where the key cannot read profiles, which redeliver needs to compare consent', async () => {
    const narrow = await startBraze({ apiKey: KEY, permissions: ['users.track'] });
    ssm.parameters.put(`${PATH}/braze_url`, narrow.url);
    const { checks, of } = await examine([TRACK_USER]);
    expect(checks.map(({ check }) => check).filter((check) => check.startsWith('permission'))).toEqual([
      'permission users.export.ids',
    ]);
    expect(of('permission users.export.ids')).toMatch(
      /^warn: The key lacks .* these fail: redeliver \(older consents are dead-lettered/,
    );
    await narrow.close();
  });
});

describe('doctor, on the stack', () => {
  it.each([
    ['UPDATE_ROLLBACK_COMPLETE', /^warn: The last deployment failed/],
    ['UPDATE_IN_PROGRESS', /^warn: It is being changed/],
    ['ROLLBACK_COMPLETE', /^fail: The deployment is broken/],
  ])('judges the stack in the state %s', async (status, verdict) => {
    account.stackStatus = status;
    expect((await examine()).of('stack')).toMatch(verdict);
  });

  it('says how to deploy what is not deployed', async () => {
    account.stackStatus = undefined;
    const { ready, of } = await examine();
    expect(ready).toBe(false);
    expect(of('stack')).toMatch(/^fail: .*npx serverless deploy --stage sandbox --region us-east-1/);
    expect(of('signed entry')).toMatch(/^skipped: /);
    expect(of('undelivered messages')).toMatch(/^skipped: /);
  });

  it('fails where the stack lacks an output that other checks need', async () => {
    account.outputs = {};
    const { of } = await examine();
    expect(of('signed entry')).toMatch(/^fail: The stack has no output NodesUrl/);
    expect(of('undelivered messages')).toMatch(/^fail: The stack has no output UndeliveredQueueUrl/);
    expect(of('dead letters')).toMatch(/^fail: The stack has no output DeadLetterQueueUrl/);
  });

  it('warns where DATE_ORDER is unset or a setting cannot be read', async () => {
    account.variables = { DATE_ORDER: '' };
    const { ready, of } = await examine();
    expect([ready, of('settings')]).toEqual([true, expect.stringMatching(/^warn: DATE_ORDER is unset: a birth date/)]);
    account.variables = { DATE_ORDER: 'dmy' };
    expect((await examine()).of('settings')).toBe('ok: All readable, DATE_ORDER is DMY.');
    account.variables = { DATE_ORDER: 'YMD', DEFAULT_COUNTRY: 'DE' };
    expect((await examine()).of('settings')).toMatch(/^warn: settings_ignored: DATE_ORDER cannot be read/);
    account.variables = undefined;
    expect((await examine()).of('settings')).toMatch(/^skipped: There is no function track-user/);
  });

  it('names the nodes that act on typed identities', async () => {
    expect((await examine()).of('identities')).toMatch(/^ok: Unless .*get-profile, .*track-user, trigger-canvas\.$/);
    ssm.parameters.put(`${PATH}/link_secret`, SECRET, 'SecureString');
    account.variables = { VERIFIED_NODES: 'get-profile, trigger-canvas' };
    const { of } = await examine();
    expect(of('identities')).toMatch(/^ok: Unless .*track-user\.$/);
    expect(of('identities')).not.toContain('get-profile');
    account.variables = { VERIFIED_NODES: 'track-user' };
    const aboutNobody = { ...needing('get-catalog-item', 'catalogs/trips/items/paris-2'), identifiers: [] };
    expect((await examine([TRACK_USER, aboutNobody])).of('identities')).toBe(
      'ok: Every node that is about a person requires a verified identity.',
    );
    account.variables = undefined;
    expect((await examine()).of('identities')).toMatch(/^skipped: There is no function track-user/);
  });

  it('fails where nodes require a verified identity and no link can prove one', async () => {
    account.variables = { VERIFIED_NODES: 'get-profile' };
    const { ready, of } = await examine();
    expect([ready, of('identities')]).toEqual([
      false,
      expect.stringMatching(/^fail: Without a link_secret get-profile answer misconfigured: .*--rotate-link-secret/),
    ]);
  });
});

describe('doctor, on the signed entry', () => {
  it('fails where it refuses the secret of the parameter', async () => {
    entry.secret = 'another';
    const { ready, of } = await examine();
    expect([ready, of('unsigned call')]).toEqual([false, expect.stringMatching(/^ok: /)]);
    expect(of('signed call')).toMatch(/^fail: The signed entry refuses node_secret/);
  });

  it('names the clock of this machine where it is wrong', async () => {
    entry = { secret: 'another', date: new Date(Date.now() - 900_000).toUTCString() };
    expect((await examine()).of('signed call')).toMatch(/^fail: The clock of this machine is 90\d s off/);
  });

  it('fails where a call without a signature is let in', async () => {
    entry.open = true;
    const { ready, of } = await examine();
    expect([ready, of('unsigned call')]).toEqual([false, expect.stringMatching(/^fail: .*the entry may be open/)]);
  });

  it.each([
    [json(200, { outcome: 'misconfigured' }), /^fail: The signed entry answered 200, outcome misconfigured/],
    [json(404, { message: 'Not Found' }), /^fail: There is no node behind the signed entry/],
    [xml(502, KEY), /^fail: The signed entry answered 502, outcome none/],
    [json(200, { outcome: `${KEY} ` }), /^fail: The signed entry answered 200, outcome none/],
  ])('fails on an answer that is not the expected one (%#)', async (answer, verdict) => {
    entry.answer = answer;
    expect((await examine()).of('signed call')).toMatch(verdict);
  });

  it('fails where the entry is not reachable, and calls no URL without TLS', async () => {
    const closed = await startServer(0, () => {});
    await closed.close();
    account.outputs.NodesUrl = closed.url;
    const { of } = await examine();
    expect(of('signed call')).toMatch(/^fail: The signed entry is not reachable: ECONNREFUSED, connection refused/);
    expect(of('unsigned call')).toMatch(/^skipped: /);
    account.outputs.NodesUrl = 'http://nodes.example.com';
    expect((await examine()).of('signed entry')).toMatch(/^fail: The output NodesUrl of the stack is not an https URL/);
  });
});

describe('doctor, on the queues', () => {
  const findUrl = (output: string) => String(account.outputs[output]);

  it('fails on a queue that does not exist', async () => {
    account.outputs.DeadLetterQueueUrl = `${findUrl('DeadLetterQueueUrl')}-gone`;
    expect((await examine()).of('dead letters')).toBe('fail: The queue does not exist: deploy again.');
  });

  it('counts waiting messages', async () => {
    deadLetters.put(KEY);
    undelivered.put(KEY);
    undelivered.put(KEY);
    const { ready, of } = await examine();
    expect(ready).toBe(true);
    expect(of('dead letters')).toMatch(/^warn: Waiting: 1. See their reasons with npm run dead-letters/);
    expect(of('undelivered messages')).toMatch(/^warn: Waiting: 2. They are retried automatically/);
  });
});
