import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { isFault } from '../../emulators/braze/faults.ts';
import { ENDPOINTS } from '../../emulators/braze/gateway.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-'));
});
afterAll(() => rm(folder, { recursive: true }));

const start = (...argv: readonly string[]) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/run.ts', 'emulator', '--port', '0', ...argv]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => (await lines.next()).value ?? '';
  return { child, nextLine };
};

/** Runs the command while something is done with it at its URL. */
const withEmulator = async (
  argv: readonly string[],
  work: (url: string, nextLine: () => Promise<string>) => Promise<void>,
) => {
  const { child, nextLine } = start(...argv);
  try {
    const line = await nextLine();
    expect(line).toMatch(/^The emulated Braze listens on http:\/\/127\.0\.0\.1:\d+; its API key is \S+\.$/);
    await work(/http:\/\/[\d.:]+/.exec(line)?.[0] ?? '', nextLine);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
};

const post = async (url: string, key: string, body: object, headers: Record<string, string> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: JSON.parse((await response.text()) || 'null') };
};

test('answers with what the seed holds, and says what Braze would drop or change', async () => {
  const seed = join(folder, 'seed.json');
  await writeFile(
    seed,
    JSON.stringify({
      profiles: [{ external_id: 'ann', email: 'ann@example.com', tier: 'gold' }],
      catalogs: { dishes: [{ id: 'oysters', Price: 12 }] },
      canvases: { welcome: 'paused' },
    }),
  );
  await withEmulator(['--seed', seed, '--key', 'my-key'], async (url, nextLine) => {
    const fields_to_export = ['external_id', 'custom_attributes'];
    const exported = await post(`${url}/users/export/ids`, 'my-key', {
      email_address: 'ann@example.com',
      fields_to_export,
    });
    expect(exported.json).toMatchObject({ users: [{ external_id: 'ann', custom_attributes: { tier: 'gold' } }] });
    expect(await nextLine()).toBe('POST /users/export/ids 201');

    const attributes = [{ external_id: 'ann', gender: 'female', since: '12/1/2021' }];
    expect((await post(`${url}/users/track`, 'my-key', { attributes })).status).toBe(201);
    expect(await nextLine()).toBe('POST /users/track 201');
    expect(await nextLine()).toBe('  dropped attributes.0.gender: not one of M, F, O, N, P');
    expect(await nextLine()).toBe(
      '  changed attributes.0.since: looks like a date, stored as the time 2021-12-01T00:00:00.000Z',
    );
    expect((await post(`${url}/users/track`, 'emulated-key', { attributes })).status).toBe(401);
  });
});

test('has a fault for every request, or for the one whose header names it', async () => {
  await withEmulator(['--fault', '503'], async (url) => {
    expect((await post(`${url}/users/track`, 'emulated-key', {})).status).toBe(503);
    expect((await post(`${url}/users/track`, 'emulated-key', {}, { 'X-Emulator-Fault': '429' })).status).toBe(429);
  });
});

test.each<[string, readonly string[], RegExp]>([
  ['a fault that there is not', ['--fault', 'earthquake'], /^There is no such fault\.\n\nnpm run emulator/],
  ['a port that is none', ['--port', 'x'], /^--port takes a number up to 65535\./],
  ['a latency that is none', ['--latency', '1s'], /^--latency takes a number up to 600000\./],
  ['a seed that is not there', ['--seed', '/nowhere.json'], /^The file \/nowhere\.json cannot be read\.$/m],
  ['a seed with other members', ['--seed', 'package.json'], /^package\.json is not a seed: name /],
  [
    'a seed with a profile that Braze would refuse',
    ['--seed', 'SEED'],
    /has a profile that Braze would refuse: Valid data/,
  ],
  ['an unknown option', ['--seeds', 'x'], /^Unknown option --seeds\./],
])('refuses %s', async (_, argv, message) => {
  const seed = join(folder, 'refused.json');
  await writeFile(seed, JSON.stringify({ profiles: [{ external_id: 'ann', email: 'nobody' }] }));
  const { child } = start(...argv.map((word) => (word === 'SEED' ? seed : word)));
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(errors).toMatch(message);
  expect(code).toBe(2);
});

test('says that its port is taken', async () => {
  await withEmulator([], async (url) => {
    const { child } = start('--port', new URL(url).port);
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect([errors, code]).toEqual([
      expect.stringMatching(/^The emulator cannot listen on port \d+ \(EADDRINUSE\)\.\n$/),
      1,
    ]);
  });
});

describe('docs/emulator.md', () => {
  test('lists every endpoint with its page, permission and limit', async () => {
    const rows = (await readFile('docs/emulator.md', 'utf8')).split('\n').filter((line) => line.startsWith('| [`'));
    const windows = new Map([
      [3_000, '3 s'],
      [60_000, 'minute'],
      [3_600_000, 'hour'],
    ]);
    expect(rows).toEqual(
      ENDPOINTS.map(({ method, path, page, permission, rate }) => {
        const limit = rate ? `${rate.limit.toLocaleString('en')} / ${windows.get(rate.perMs)}` : 'none';
        return `| [\`${method} ${path}\`](${page}) | \`${permission}\` | ${limit} |`;
      }),
    );
  });

  test('names faults that there are', async () => {
    const sections = (await readFile('docs/emulator.md', 'utf8')).split(/^## /m);
    const table = sections.find((section) => section.startsWith('Faults')) ?? '';
    const words = [...table.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
    expect(words.length).toBeGreaterThan(30);
    expect(words.filter((word) => word !== 'message' && !isFault(word))).toEqual([]);
  });
});
