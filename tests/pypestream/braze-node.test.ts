import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Integration, startHttpApi } from '../../emulators/local-stage.ts';
import type { LoopbackServer } from '../../emulators/server.ts';
import { trackUser } from '../../handlers/track-user.ts';
import { matchesStage } from '../../lib/entry/event.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import type { CleanObject } from '../../lib/payload/schema.ts';
import { SESSION_WORDS, toSessionData } from '../../lib/payload/session.ts';
import { startStage, type TestStage } from '../support/stage.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** The minor version of a Python 3, or `undefined` where there is none under this name. */
const readMinorVersion = (python: string): number | undefined => {
  const { status, stdout } = spawnSync(python, ['--version'], { encoding: 'utf8' });
  return status === 0 ? Number(/^Python 3\.(\d+)/.exec(stdout)?.[1]) : undefined;
};

const OLDEST_MINOR_VERSION = 7;

/** The oldest and the newest supported Python on the path and in pyenv. */
const pythons = ((): readonly string[] => {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const inPyenv = existsSync(versions)
    ? readdirSync(versions).map((name) => join(versions, name, 'bin', 'python3'))
    : [];
  const onPath = ['python3', ...Array.from({ length: 13 }, (_, index) => `python3.${OLDEST_MINOR_VERSION + index}`)];
  const found = [...onPath, ...inPyenv]
    .map((python) => ({ python, minor: readMinorVersion(python) ?? 0 }))
    .filter(({ minor }) => minor >= OLDEST_MINOR_VERSION)
    .sort((one, other) => one.minor - other.minor);
  const ends = [found[0], found.at(-1)].flatMap((end) => (end === undefined ? [] : [end.python]));
  return [...new Set(ends)];
})();

if (pythons.length === 0) console.warn('No python3 on this machine: the tests of BrazeNode.py are skipped.');
const withPython = pythons.length > 0 ? describe : describe.skip;

const SECRET = 'the shared secret with ünïcödé in it';
const NEW_SECRET = 'the secret that is to replace the shared one';

const run = async (command: string, args: readonly string[], input = '') => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, status };
};

/** Constants of the class, as Python has them. */
const readConstants = (): { user_data: string[]; environments: { [env: string]: string[] } } => {
  const script = `import json, sys; sys.path.insert(0, sys.argv[1]); from BrazeNode import BrazeNode as node
print(json.dumps({"user_data": node.USER_DATA, "environments": node.ENVIRONMENTS}))`;
  const [python = ''] = pythons;
  return JSON.parse(spawnSync(python, ['-c', script, here('../../pypestream')], { encoding: 'utf8' }).stdout);
};

withPython('BrazeNode.py', () => {
  test('passes its own tests under the oldest and the newest Python on this machine', async () => {
    const results = await Promise.all(
      pythons.map((python) => run(python, ['-m', 'unittest', 'discover', '-s', here('.')])),
    );
    const failures = results.filter(({ status }) => status !== 0).map(({ stderr }) => stderr);
    expect(failures).toEqual([]);
  }, 120_000);

  test('forwards exactly the user data that the nodes read', () => {
    const names = new Set<string>();
    const userData = new Proxy<CleanObject>(
      {},
      {
        get: (_, name) => {
          names.add(String(name));
          return undefined;
        },
      },
    );
    toSessionData(SESSION_WORDS, userData);
    expect([...names].sort()).toEqual([...readConstants().user_data].sort());
  });

  test('knows the environments that the stages accept, and lets those of one stage stand for each other', () => {
    const { environments } = readConstants();
    const stages = Object.keys(environments).map((env) =>
      ['sandbox', 'prod'].filter((stage) => matchesStage(env, stage)),
    );
    expect(stages.flat()).toEqual(['sandbox', 'prod', 'prod']);
    for (const [env, entries] of Object.entries(environments)) {
      expect(entries[0]).toBe(env);
      const stage = ['sandbox', 'prod'].find((name) => matchesStage(env, name)) ?? '';
      const accepted = Object.keys(environments).filter((name) => matchesStage(name, stage));
      expect([...entries].sort()).toEqual(accepted.sort());
    }
  });
});

withPython('a conversation through BrazeNode.py, the signed entry and track-user', () => {
  let stage: TestStage;
  let api: LoopbackServer;
  let node: Integration;

  beforeAll(async () => {
    stage = await startStage();
    api = await startHttpApi((name) => (name === 'track-user' ? (event) => node(event) : undefined));
  });
  beforeEach(async () => {
    await stage.reset();
    stage.setParameter('node_secret', `${NEW_SECRET},${SECRET}`);
    node = createHandler(trackUser, stage.createRuntime());
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  const [python = ''] = pythons;
  const execute = async (payload: unknown, braze_nodes_secret = SECRET) => {
    const params = { sandbox: { braze_nodes_url: `${api.url}/`, braze_nodes_secret } };
    const call = { params, payload, context: { env: 'sandbox', chat_id: 'chat-1', user_data: { platform: 'iOS' } } };
    const { result } = await stage.capture(() => run(python, [here('call.py')], JSON.stringify(call)));
    return JSON.parse(result.stdout) as { answer: { [key: string]: string }; log: string[] };
  };

  test('reaches Braze, and the answer reaches the flow', async () => {
    const { answer, log } = await execute({
      node: 'track-user',
      external_id: 'ann',
      attributes: { first_name: 'Ånn 🚂', dob: 'soon' },
      session: ['operating_system'],
    });
    expect(answer).toEqual({
      success: 'true',
      outcome: 'partial',
      detail: 'Braze accepted the request, but some fields or objects were left out.',
      BRAZE_INVALID_FIELDS: 'attributes.dob',
    });
    expect(log).toEqual([expect.stringMatching(/^\S.*track-user.*partial.*\d+.*$/)]);
    expect(stage.braze.profile({ external_id: 'ann' })).toMatchObject({
      attributes: { first_name: 'Ånn 🚂' },
      custom_attributes: { operating_system: 'iOS' },
    });
  });

  test('is refused with another secret, and nothing reaches Braze', async () => {
    const { answer } = await execute(
      { node: 'track-user', external_id: 'ann', attributes: { first_name: 'Ann' } },
      'x',
    );
    expect(answer).toMatchObject({ success: 'error', outcome: 'misconfigured' });
    expect(stage.braze.requests).toEqual([]);
  });

  test('is verified over bodies with every kind of Unicode', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), {
      numRuns: 40,
      seed: 20261122,
    });
    const { answer } = await execute({
      node: 'track-user',
      external_id: 'ann',
      attributes: Object.fromEntries(texts.map((said, index) => [`text_${index}`, `« ${said} »`])),
    });
    expect(answer).toMatchObject({ success: 'true' });
    expect(stage.braze.requests).toHaveLength(1);
  });
});
