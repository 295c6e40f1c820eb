import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Integration, startHttpApi } from '../../emulators/http-api.ts';
import type { LoopbackServer } from '../../emulators/server.ts';
import { handler } from '../../handlers/track-user.ts';
import { defineNode } from '../../lib/node/create-handler.ts';
import { captureStdout } from '../support/capture-stdout.ts';
import { startStage, type TestStage } from '../support/stage.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('python3 is not on this machine: the tests of BrazeNode.py are skipped.');
const withPython = hasPython ? describe : describe.skip;

const SECRET = 'the shared secret, ünïcödé as well';

const run = async (command: string, args: readonly string[], input = '') => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, status };
};

withPython('BrazeNode.py', () => {
  test('passes its own tests', async () => {
    const { stderr, status } = await run('python3', ['-m', 'unittest', 'discover', '-s', here('.')]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  }, 60_000);
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
    stage.ssm.parameters.put('/pypestream-braze/sandbox/node_secret', `new-one,${SECRET}`, 'SecureString');
    node = defineNode(handler);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  const execute = async (payload: unknown, braze_nodes_secret = SECRET) => {
    const params = { sandbox: { braze_nodes_url: `${api.url}/`, braze_nodes_secret } };
    const call = { params, payload, context: { env: 'sandbox', chat_id: 'chat-1', user_data: { platform: 'iOS' } } };
    const { result } = await captureStdout(() => run('python3', [here('call.py')], JSON.stringify(call)));
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
