import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type BrazeEmulator, startBraze } from '../../emulators/braze/server.ts';
import { isObject, parseJson } from '../../emulators/json.ts';
import { startServer } from '../../emulators/server.ts';
import { type SsmEmulator, startSsm } from '../../emulators/ssm.ts';
import { findApiKeyProblem } from '../../lib/braze/credentials.ts';
import { readSettings } from '../../lib/config/env.ts';
import { ParameterStore } from '../../lib/config/parameters.ts';
import { createGetParameters } from '../../lib/config/ssm-client.ts';
import { createDeadline } from '../../lib/deadline.ts';
import { findInstance, instanceNames, parseEndpoint } from '../../tools/braze-instances.ts';
import { configure } from '../../tools/configure/command.ts';
import { SERVICE } from '../../tools/service.ts';

const KEY = 'c0ffee00-1234-4321-9876-a1b2c3d4e5f6';
const OLD_KEY = 'an-old-key-that-is-replaced';
const SECRET = 'a-secret-of-the-entry-that-is-long-enough';
const PATH = `/${SERVICE}/sandbox`;

const AWS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-central-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};
const environment = { ...process.env };

let braze: BrazeEmulator;
let ssm: SsmEmulator;

beforeAll(async () => {
  braze = await startBraze({ apiKey: KEY });
});
afterAll(() => braze.close());

beforeEach(async () => {
  ssm = await startSsm();
  Object.assign(process.env, AWS, { AWS_ENDPOINT_URL_SSM: ssm.url });
});
afterEach(async () => {
  process.env = { ...environment };
  braze.reset();
  braze.apiKey = KEY;
  await ssm.close();
});

const stored = (name: string) => ssm.parameters.get(`${PATH}/${name}`);
const putAll = () => {
  ssm.parameters.put(`${PATH}/braze_url`, braze.url);
  ssm.parameters.put(`${PATH}/braze_api_key`, OLD_KEY, 'SecureString');
  ssm.parameters.put(`${PATH}/node_secret`, SECRET, 'SecureString');
};

interface Ran {
  readonly code: number;
  readonly out: string;
}

const expectNoValueIn = (out: string) => {
  const secrets = [KEY, OLD_KEY, SECRET, ...(stored('node_secret') ?? '').split(',')].filter((value) => value !== '');
  for (const secret of secrets) expect(out).not.toContain(secret);
};

const collect = () => {
  const texts: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      texts.push(String(chunk));
      stream.emit('said', String(chunk));
      done();
    },
  });
  // As those of a process, which a prompt cannot end.
  stream.end = () => stream;
  return { stream, said: () => texts.join('') };
};

/** Runs with lines on standard input. */
const piped = async (argv: readonly string[], lines: readonly string[] = []): Promise<Ran> => {
  const [stdout, stderr] = [collect(), collect()];
  const stdin = new PassThrough().end(lines.join('\n'));
  const code = await configure(argv, { stdin, stdout: stdout.stream, stderr: stderr.stream });
  const out = stdout.said() + stderr.said();
  expectNoValueIn(out);
  return { code, out };
};

/** Runs at a terminal where each question that matches is answered in turn; in raw mode only the program echoes. */
const typed = async (argv: readonly string[], answers: readonly (readonly [RegExp, string])[]) => {
  const [stdout, stderr] = [collect(), collect()];
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => raw.push(mode) });
  const left = [...answers];
  stderr.stream.on('said', (chunk: string) => {
    if (!left[0]?.[0].test(chunk)) return;
    const answer = left.shift()?.[1] ?? '';
    setImmediate(() => stdin.write(answer));
  });
  const code = await configure(argv, { stdin, stdout: stdout.stream, stderr: stderr.stream });
  const out = stdout.said() + stderr.said();
  expectNoValueIn(out);
  return { code, out, raw, unanswered: left.length };
};

const STAGE = ['--stage', 'sandbox'];
const lines = () => [`braze_url=${braze.url}`, `braze_api_key=${KEY}`];

describe('configure, with lines on standard input', () => {
  it('writes the endpoint, the key and a new secret, and checks the key without writing to Braze', async () => {
    const { code, out } = await piped(STAGE, lines());
    expect(code).toBe(0);
    expect(stored('braze_url')).toBe(braze.url);
    expect(stored('braze_api_key')).toBe(KEY);
    expect(stored('node_secret')).toMatch(/^[\w-]{43}$/);
    expect(braze.requests.map(({ path, body, status }) => [path, body, status])).toEqual([['/users/track', '{}', 400]]);
    expect(out).toContain(`aws ssm get-parameter --name ${PATH}/node_secret --with-decryption`);
    expect(out).toContain('npx serverless deploy --stage sandbox --region eu-central-1');
  });

  it('encrypts the key and the secret, but not the endpoint', async () => {
    await piped(STAGE, lines());
    const answer = await fetch(ssm.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.DescribeParameters' },
      body: '{}',
    });
    expect(await answer.json()).toEqual({
      Parameters: [
        expect.objectContaining({ Name: `${PATH}/braze_url`, Type: 'String' }),
        expect.objectContaining({ Name: `${PATH}/braze_api_key`, Type: 'SecureString' }),
        expect.objectContaining({ Name: `${PATH}/node_secret`, Type: 'SecureString' }),
      ],
    });
  });

  it('takes a node_secret, Windows line ends and a byte order mark', async () => {
    const [url, key] = lines();
    const { code } = await piped(STAGE, [`\uFEFF${url}\r`, `${key}\r`, '\r', `node_secret=${SECRET}\r`]);
    expect(code).toBe(0);
    expect(stored('braze_api_key')).toBe(KEY);
    expect(stored('node_secret')).toBe(SECRET);
  });

  it('refuses to overwrite without --yes, and names the parameters', async () => {
    putAll();
    const { code, out } = await piped(STAGE, lines());
    expect(code).toBe(1);
    expect(out).toContain(`This overwrites ${PATH}/braze_url, ${PATH}/braze_api_key. Continue?`);
    expect(out).toContain('--yes');
    expect(stored('braze_api_key')).toBe(OLD_KEY);
  });

  it('overwrites with --yes, and keeps the node_secret that app.py holds', async () => {
    putAll();
    const { code, out } = await piped([...STAGE, '--yes'], lines());
    expect(code).toBe(0);
    expect(stored('braze_api_key')).toBe(KEY);
    expect(stored('node_secret')).toBe(SECRET);
    expect(out).toContain('Kept:');
  });

  it.each([
    ['blanks', ` ${KEY}`, 'has blanks around it'],
    ['quotes', `"${KEY}"`, 'has quotes around it'],
    ['typographic quotes', `“${KEY}”`, 'has quotes around it'],
    ['nothing', '', 'is empty'],
    ['two words', `${KEY} x`, 'is not a key'],
  ])('refuses a key with %s', async (_, key, reason) => {
    const { code, out } = await piped(STAGE, [`braze_url=${braze.url}`, `braze_api_key=${key}`]);
    expect([code, stored('braze_api_key')]).toEqual([1, undefined]);
    expect(out).toContain(reason);
    expect(braze.requests).toEqual([]);
  });

  it.each([
    ['no endpoint', ['braze_url=https://example.com', `braze_api_key=${KEY}`], 'neither a REST endpoint'],
    ['a missing line', [`braze_api_key=${KEY}`], 'has no line braze_url=…'],
    ['an unknown line', [KEY], 'Line 1 of standard input is none of'],
    ['a line twice', [`braze_api_key=${KEY}`, `braze_api_key=${KEY}`], 'repeats braze_api_key'],
    ['a short secret', ['node_secret=short'], 'is shorter than 32'],
    ['a secret with a comma', [`node_secret=${SECRET},${SECRET}`], 'commas'],
    ['too much', ['x'.repeat(70_000)], 'too long'],
  ])('refuses %s and writes nothing', async (_, given, reason) => {
    const { code, out } = await piped(STAGE, given);
    expect(code).toBe(1);
    expect(out).toContain(reason);
    expect(stored('braze_api_key')).toBeUndefined();
  });

  it('refuses a key that Braze does not know', async () => {
    braze.apiKey = 'another';
    const { code, out } = await piped([...STAGE, '--yes'], lines());
    expect([code, stored('braze_api_key')]).toEqual([1, undefined]);
    expect(out).toContain('The key is wrong, deleted or from another instance (401)');
  });

  it('writes a key that could not be checked only after a confirmation', async () => {
    braze.fault('403');
    const refused = await piped(STAGE, lines());
    expect([refused.code, stored('braze_api_key')]).toEqual([1, undefined]);
    expect(refused.out).toContain('IP allowlist lacks this machine (403). Write the key all the same?');
    const written = await piped([...STAGE, '--yes'], lines());
    expect([written.code, stored('braze_api_key')]).toEqual([0, KEY]);
    braze.clearFaults();
  });
});

describe('configure, at a terminal', () => {
  const answers = () =>
    [
      [/REST endpoint/, `${braze.url}\r`],
      [/REST API key/, `${KEY}\r`],
    ] as const;

  it('asks for the endpoint and, without echo, for the key', async () => {
    const { code, out, raw, unanswered } = await typed(STAGE, answers());
    expect({ code, unanswered }).toEqual({ code: 0, unanswered: 0 });
    expect(stored('braze_api_key')).toBe(KEY);
    expect(out).toContain(braze.url);
    expect(raw.at(-1)).toBe(false);
  });

  it('does not show a key that is pasted together with the endpoint, and asks for it', async () => {
    const { code } = await typed(STAGE, [
      [/REST endpoint/, `${braze.url}\r${OLD_KEY}\r`],
      [/REST API key/, `${KEY}\r`],
    ]);
    expect([code, stored('braze_api_key')]).toEqual([0, KEY]);
  });

  it('does not bring the key back with the arrow keys', async () => {
    putAll();
    const { code } = await typed(
      [...STAGE, '--rotate-key'],
      [
        [/REST API key/, `${KEY}\r`],
        [/Continue\?/, '\u001b[A\u0015y\r'],
      ],
    );
    expect([code, stored('braze_api_key')]).toEqual([0, KEY]);
  });

  it('asks again after what cannot be right, and suggests the instances', async () => {
    const { code, out } = await typed(STAGE, [
      [/REST endpoint/, 'EU-99\r'],
      [/nor one of/, `\u0015${braze.url}\r`],
      [/REST API key/, `'${KEY}'\r`],
      [/has quotes/, `\u0015${KEY}\r`],
    ]);
    expect([code, stored('braze_api_key')]).toEqual([0, KEY]);
    for (const name of instanceNames) expect(out).toContain(name);
    expect(out).toContain('The API key has quotes around it.');
  });

  it.each(['n', '', 'what'])('does not overwrite on the answer %j', async (answer) => {
    putAll();
    const { code, out } = await typed(STAGE, [[/Continue\?/, `${answer}\r`]]);
    expect([code, stored('braze_api_key')]).toEqual([1, OLD_KEY]);
    expect(out).toContain('Nothing was written.');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('ends at %s and writes nothing', async (_, keystroke) => {
    const { code, raw } = await typed(STAGE, [
      [/REST endpoint/, `${braze.url}\r`],
      [/REST API key/, `${KEY.slice(0, 5)}${keystroke}`],
    ]);
    expect([code, stored('braze_api_key')]).toEqual([130, undefined]);
    expect(raw.at(-1)).toBe(false);
  });
});

describe('configure --rotate-secret', () => {
  it('adds a new secret before the old one, then drops the old one', async () => {
    putAll();
    const begun = await piped([...STAGE, '--rotate-secret']);
    const both = (stored('node_secret') ?? '').split(',');
    expect(begun.code).toBe(0);
    expect(both).toEqual([expect.stringMatching(/^[\w-]{43}$/), SECRET]);
    expect(begun.out).toContain(`aws ssm get-parameter --name ${PATH}/node_secret`);
    expect(begun.out).toContain('--rotate-secret --finish');

    const finished = await piped([...STAGE, '--rotate-secret', '--finish', '--yes']);
    expect(finished.code).toBe(0);
    expect(stored('node_secret')).toBe(both[0]);
  });

  it('does not begin a rotation before the last one has ended', async () => {
    putAll();
    ssm.parameters.put(`${PATH}/node_secret`, `new,${SECRET}`, 'SecureString');
    const { code, out } = await piped([...STAGE, '--rotate-secret']);
    expect([code, stored('node_secret')]).toEqual([1, `new,${SECRET}`]);
    expect(out).toContain('A rotation is in progress');
  });

  it('asks before it drops the old secret', async () => {
    ssm.parameters.put(`${PATH}/node_secret`, `${SECRET},${OLD_KEY}`, 'SecureString');
    const { code } = await typed([...STAGE, '--rotate-secret', '--finish'], [[/Calls that are signed/, 'n\r']]);
    expect([code, stored('node_secret')]).toEqual([1, `${SECRET},${OLD_KEY}`]);
  });

  it('refuses to finish with one secret, and to rotate without one', async () => {
    const none = await piped([...STAGE, '--rotate-secret']);
    expect([none.code, none.out]).toEqual([1, expect.stringContaining('node_secret is missing')]);
    putAll();
    const one = await piped([...STAGE, '--rotate-secret', '--finish', '--yes']);
    expect([one.code, one.out]).toEqual([1, expect.stringContaining('no rotation to finish')]);
  });
});

describe('configure --rotate-link-secret', () => {
  const rotate = [...STAGE, '--rotate-link-secret'];

  it('creates the first secret, and says where it belongs', async () => {
    putAll();
    const { code, out } = await piped(rotate);
    const secret = stored('link_secret') ?? '';
    expect([code, secret, stored('node_secret')]).toEqual([0, expect.stringMatching(/^[\w-]{43}$/), SECRET]);
    expect(out).toContain(`aws ssm get-parameter --name ${PATH}/link_secret`);
    expect(out).toContain('npm run link -- --stage sandbox');
    expect(out).not.toContain(secret);
  });

  it('adds a new secret before the old one, then drops the old one', async () => {
    ssm.parameters.put(`${PATH}/link_secret`, SECRET, 'SecureString');
    const begun = await piped(rotate);
    const both = (stored('link_secret') ?? '').split(',');
    expect([begun.code, both]).toEqual([0, [expect.stringMatching(/^[\w-]{43}$/), SECRET]]);
    expect(begun.out).toContain('--rotate-link-secret --finish');

    const { code } = await typed([...rotate, '--finish'], [[/will prove nothing any more/, 'n\r']]);
    expect([code, stored('link_secret')]).toEqual([1, both.join(',')]);
    expect((await piped([...rotate, '--finish', '--yes'])).code).toBe(0);
    expect(stored('link_secret')).toBe(both[0]);
  });
});

describe('configure --rotate-key', () => {
  const rotate = [...STAGE, '--rotate-key'];

  it('checks the new key at the endpoint of the stage, writes it, and says when the old one may be deleted', async () => {
    putAll();
    const { code, out } = await piped([...rotate, '--yes'], [`braze_api_key=${KEY}`]);
    expect([code, stored('braze_api_key'), stored('node_secret')]).toEqual([0, KEY, SECRET]);
    expect(out).toContain('Only after that delete the old key at Braze');
  });

  it('keeps the old key when Braze does not know the new one', async () => {
    putAll();
    braze.apiKey = 'another';
    const { code } = await piped([...rotate, '--yes'], [`braze_api_key=${KEY}`]);
    expect([code, stored('braze_api_key')]).toEqual([1, OLD_KEY]);
  });

  it('needs a stage that is configured', async () => {
    const { code, out } = await piped(rotate, [`braze_api_key=${KEY}`]);
    expect([code, out]).toEqual([1, expect.stringContaining('npm run configure -- --stage sandbox')]);
  });
});

describe('configure, on the command line', () => {
  it.each([
    ['no stage', []],
    ['an unknown stage', ['--stage', KEY]],
    ['an unknown option', [...STAGE, `--api-key=${KEY}`]],
    ['a value beside the options', [...STAGE, KEY]],
    ['an option without its value', ['--stage']],
    ['no region', [...STAGE, '--region', KEY]],
    ['two rotations', [...STAGE, '--rotate-key', '--rotate-secret']],
    ['--finish alone', [...STAGE, '--finish']],
  ])('refuses %s with exit code 2 and the usage', async (_, argv) => {
    const { code, out } = await piped(argv);
    expect([code, out]).toEqual([2, expect.stringContaining('npm run configure -- --stage sandbox')]);
  });

  it('shows the usage', async () => {
    expect(await piped(['--help'])).toEqual({ code: 0, out: expect.stringContaining('--rotate-secret') });
  });
});

describe('configure, refused by AWS', () => {
  it.each([
    ['a denied read', 'denied', 'lack the IAM action ssm:GetParameters'],
    ['throttling', 'throttled', 'AWS throttles ssm:GetParameters'],
    ['a dead connection', 'down', 'got no answer'],
  ] as const)('says so after %s, without a stack trace', async (_, fault, reason) => {
    ssm.fault(fault);
    const { code, out } = await piped(STAGE, lines());
    expect([code, out]).toEqual([1, expect.stringContaining(reason)]);
    expect(out).not.toMatch(/\n\s+at /);
  });

  it('says so when there are no credentials', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    expect(await piped(STAGE, lines())).toEqual({ code: 1, out: expect.stringContaining('No AWS credentials') });
  });

  it('prints the region first: the option, AWS_REGION, AWS_DEFAULT_REGION, the profile or us-east-1', async () => {
    const home = await mkdtemp(join(tmpdir(), 'profile-'));
    await writeFile(join(home, 'config'), '[default]\nregion = ap-south-1\n');
    const firstLine = async (...argv: readonly string[]) =>
      (await piped([...STAGE, '--rotate-secret', ...argv])).out.split('\n')[0];
    Object.assign(process.env, { AWS_DEFAULT_REGION: 'eu-west-1', AWS_CONFIG_FILE: join(home, 'config') });
    expect(await firstLine('--region', 'eu-west-3')).toBe('Region eu-west-3 (from --region), stage sandbox.');
    expect(await firstLine()).toBe('Region eu-central-1 (from AWS_REGION), stage sandbox.');
    delete process.env.AWS_REGION;
    expect(await firstLine()).toBe('Region eu-west-1 (from AWS_DEFAULT_REGION), stage sandbox.');
    delete process.env.AWS_DEFAULT_REGION;
    expect(await firstLine()).toBe('Region ap-south-1 (from the AWS profile), stage sandbox.');
    process.env.AWS_CONFIG_FILE = '/dev/null';
    expect(await firstLine()).toBe('Region us-east-1 (from the default), stage sandbox.');
    await rm(home, { recursive: true });
  });
});

describe('configure, with a customer-managed KMS key', () => {
  /** Parameter Store as far as its keys go, which the emulator does not know. */
  const startKeyed = async (refusal?: string) => {
    const puts: unknown[] = [];
    const server = await startServer(100_000, ({ received, send }) => {
      const target = String(received.headers['x-amz-target']).split('.')[1];
      const input = parseJson(String(received.body));
      const answer = (status: number, body: object) =>
        send({ status, headers: { 'Content-Type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) });
      if (target === 'GetParameters') {
        const Parameters = [{ Name: `${PATH}/node_secret`, Type: 'SecureString', Value: SECRET }];
        return answer(200, { Parameters });
      }
      if (target === 'DescribeParameters') {
        return answer(200, { Parameters: [{ Name: `${PATH}/node_secret`, KeyId: 'alias/ours' }] });
      }
      if (refusal !== undefined) return answer(400, { __type: refusal, message: `about ${KEY}` });
      if (isObject(input)) puts.push({ name: input.Name, key: input.KeyId });
      return answer(200, { Version: 1 });
    });
    process.env.AWS_ENDPOINT_URL_SSM = server.url;
    return { puts, close: server.close };
  };

  it('encrypts what is secret with the key of --kms-key', async () => {
    const { puts, close } = await startKeyed();
    const { code, out } = await piped([...STAGE, '--kms-key', 'alias/mine'], lines());
    expect(code).toBe(0);
    expect(puts).toEqual([
      { name: `${PATH}/braze_url`, key: undefined },
      { name: `${PATH}/braze_api_key`, key: 'alias/mine' },
    ]);
    expect(out).toContain('kmsKeyArn');
    await close();
  });

  it('keeps the key that a parameter is encrypted with', async () => {
    const { puts, close } = await startKeyed();
    await piped([...STAGE, '--rotate-secret']);
    expect(puts).toEqual([{ name: `${PATH}/node_secret`, key: 'alias/ours' }]);
    await close();
  });

  it.each([
    ['ParameterAlreadyExists', 'was created by someone else'],
    ['HierarchyTypeMismatchException', 'delete the parameter and run this again'],
    ['InvalidKeyId', 'The KMS key does not exist'],
    ['SomethingElse', 'ssm:PutParameter was refused by AWS (SomethingElse)'],
  ])('says what to do about %s', async (refusal, reason) => {
    const { close } = await startKeyed(refusal);
    const { code, out } = await piped([...STAGE, '--rotate-secret']);
    expect([code, out]).toEqual([1, expect.stringContaining(reason)]);
    await close();
  });
});

describe('configure, as a program of its own', () => {
  it('keeps the key out of its arguments and its output', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const parts = ['--import', 'tsx', 'tools/run.ts', 'configure', ...STAGE];
    const child = spawn(process.execPath, parts, { cwd: root, env: { ...process.env } });
    const argv = process.platform === 'linux' ? readFileSync(`/proc/${child.pid}/cmdline`, 'utf8') : '';
    const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
    child.stdin.end(lines().join('\n'));
    const [code] = await once(child, 'exit');
    const [stdout, stderr] = await outputs;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stored('braze_api_key')).toBe(KEY);
    for (const seen of [stdout, stderr, argv]) expectNoValueIn(seen);
  });
});

describe('endpoints and keys', () => {
  it('knows the instances of Braze by name', () => {
    expect(instanceNames).toHaveLength(15);
    for (const name of instanceNames) expect(findInstance(parseEndpoint(name.toLowerCase()) ?? '')).toBe(name);
    expect(parseEndpoint('EU-01')).toBe('https://rest.fra-01.braze.eu');
    expect(parseEndpoint('rest.fra-01.braze.eu/')).toBe('https://rest.fra-01.braze.eu');
    expect(parseEndpoint('https://rest.us-11.braze.com')).toBe('https://rest.us-11.braze.com');
    expect(findInstance('https://rest.us-11.braze.com')).toBeUndefined();
    expect(parseEndpoint('EU-99')).toBeUndefined();
  });

  it.each([KEY, `${KEY} `, `\n${KEY}`, `'${KEY}'`, `${KEY}’`, 'käy', 'a b', `${KEY}\u0007`])(
    'judges the key %j as the nodes do',
    async (key) => {
      ssm.parameters.put(`${PATH}/braze_url`, braze.url);
      ssm.parameters.put(`${PATH}/braze_api_key`, key, 'SecureString');
      const settings = readSettings({ ...AWS, STAGE: 'sandbox', PARAMETER_PATH: PATH, AWS_ENDPOINT_URL_SSM: ssm.url });
      const store = new ParameterStore(settings, createGetParameters(settings));
      const accepted = await store.getCredentials(createDeadline(2_000)).then(
        () => true,
        () => false,
      );
      expect(findApiKeyProblem(key) === undefined).toBe(accepted);
    },
  );
});
