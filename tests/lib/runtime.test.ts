import { trackUser } from '../../handlers/track-user.ts';
import { readSettings } from '../../lib/config/env.ts';
import { createDeadline } from '../../lib/deadline.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRuntime, initializeRuntime } from '../../lib/runtime.ts';

const VARIABLES = { STAGE: 'sandbox', PARAMETER_PATH: '/brand/sandbox', AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:1' };
const SETTINGS = readSettings(VARIABLES);
const before = { ...process.env };

afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

test('a runtime uses the ports that it is given, and no service', async () => {
  const values = new Map([
    ['braze_url', 'https://rest.fra-01.braze.eu'],
    ['braze_api_key', 'a-key'],
  ]);
  const lines: string[] = [];
  const runtime = createRuntime(SETTINGS, { getParameters: async () => values, write: (line) => lines.push(line) });
  expect(await runtime.parameters.getCredentials(createDeadline(1_000))).toEqual({
    url: 'https://rest.fra-01.braze.eu',
    apiKey: 'a-key',
  });
  runtime.write('{}');
  expect(lines).toEqual(['{}']);
});

test('a node runs with only the ports that it is given', async () => {
  const sent: unknown[] = [];
  const lines: string[] = [];
  const runtime = createRuntime(SETTINGS, {
    getParameters: async () =>
      new Map([
        ['braze_url', 'https://rest.fra-01.braze.eu'],
        ['braze_api_key', 'a-key'],
      ]),
    send: async (method, url, _headers, body) => {
      sent.push([method, url, JSON.parse(String(body))]);
      return { kind: 'response', status: 201, headers: {}, text: '{"message":"success"}', complete: true };
    },
    write: (line) => lines.push(line),
  });
  const handler = createHandler(trackUser, runtime);
  expect(await handler({ payload: { external_id: 'ann', attributes: { plan: 'gold' } } })).toMatchObject({
    outcome: 'sent',
  });
  const body = { attributes: [{ external_id: 'ann', plan: 'gold' }], partner: 'pypestream' };
  expect(sent).toEqual([['POST', 'https://rest.fra-01.braze.eu/users/track', body]]);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ node: 'track-user', outcome: 'sent', attempts: 1 }]);
});

test('a runtime creates one SQS client for all its queues, when one is first needed', () => {
  const credentials = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const runtime = createRuntime(readSettings({ ...VARIABLES, ...credentials }));
  expect(runtime.getSqs('https://sqs.eu-west-1.amazonaws.com/1/undelivered')).toBe(
    runtime.getSqs('https://sqs.eu-west-1.amazonaws.com/1/dead-letters'),
  );
});

test.each([
  ['elsewhere', VARIABLES],
  ['where its environment is unreadable', { ...VARIABLES, STAGE: '', AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' }],
])('a function has no runtime before its first call %s', (_where, variables) => {
  Object.assign(process.env, variables);
  expect(initializeRuntime()).toBeUndefined();
});

test('a function that initialises on Lambda has one runtime at once, for all of its handlers', () => {
  Object.assign(process.env, VARIABLES, { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' });
  const runtime = initializeRuntime();
  expect(runtime?.settings.STAGE).toBe('sandbox');
  expect(initializeRuntime()).toBe(runtime);
});

test('an observer is called with how the payload was parsed', async () => {
  const values: [string, unknown][] = [];
  const invalid: [string, string][] = [];
  const runtime = createRuntime(SETTINGS, {
    getParameters: async () => new Map(),
    write: () => {},
    observer: {
      onValue: (path, value) => values.push([path, value]),
      onPayload: (parsed) => invalid.push(...parsed.invalid),
    },
  });
  const payload = { external_id: ' ann ', attributes: { email: 'Ann@Example.com', dob: 'soon' } };
  await createHandler(trackUser, runtime)({ payload });
  expect(values).toEqual(
    expect.arrayContaining([
      ['external_id', 'ann'],
      ['attributes.email', 'ann@example.com'],
    ]),
  );
  expect(invalid).toEqual([['attributes.dob', 'not_a_date']]);
});
