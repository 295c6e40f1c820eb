import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Received, startServer } from '../../emulators/server.ts';
import { signedBy } from '../support/aws-signature.ts';

interface Ran {
  readonly output: string;
  readonly complaint: string;
  readonly code: number;
}

/** `npm run demo` as a person runs it who is logged in to some AWS account. */
const demo = async (...words: readonly string[]): Promise<Ran> => {
  const child = spawn('npm', ['run', '--silent', 'demo', '--', ...words], {
    env: { ...process.env, NO_COLOR: '1', AWS_PROFILE: 'of-somebody' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const [output, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { output, complaint, code: Number(code) };
};

/** The first of the parts that does not come after those before it. */
const missingFrom = (whole: string, parts: readonly string[]): string | undefined => {
  let read = 0;
  return parts.find((part) => {
    const at = whole.indexOf(part, read);
    read = at + part.length;
    return at < 0;
  });
};

describe('npm run demo', () => {
  let healthy: Ran;
  let down: Ran;
  let misused: Ran;

  beforeAll(async () => {
    misused = await demo('--fault', 'nonsense');
    // One after the other: both have serverless bundle the same function into the same folder.
    healthy = await demo();
    down = await demo('--fault', '503');
  }, 100_000);

  test('takes the sample conversation through the node into Braze, and shows the way', () => {
    const parts = [
      'What the conversation gave',
      '"  Ada "',
      'The request Braze received',
      'POST /users/track, Authorization: Bearer ****, answered with 201',
      '"first_name": "Ada"',
      '"partner": "pypestream"',
      'The profile Braze now holds',
      '"ada.lovelace@example.com"',
      'event conversation_started',
      'The log line',
      '"outcome":"sent"',
      'success  "true"',
      'success: true -> the conversation goes on',
      '✓ Read back from Braze: all that the request says is there (11 of 11), and nothing is doubled.',
    ];
    expect({ missing: missingFrom(healthy.output, parts), code: healthy.code }).toEqual({
      missing: undefined,
      code: 0,
    });
  });

  test('with Braze down, shows the message that is kept and its delivery once Braze is back', () => {
    const parts = [
      'answered with 503, then 503, then 503',
      'Nobody is there.',
      'The message in the undelivered queue',
      'reason       "busy"',
      'outcome  "queued"',
      'success: true -> the conversation goes on',
      'Braze answers again: SQS hands the message to redeliver',
      '{ "batchItemFailures": [] }',
      'answered with 201',
      'The body is the one above, unchanged.',
      '"ada.lovelace@example.com"',
      '✓ Read back from Braze: all that the request says is there',
    ];
    expect({ missing: missingFrom(down.output, parts), code: down.code }).toEqual({ missing: undefined, code: 0 });
  });

  (spawnSync('python3', ['--version']).status === 0 ? test : test.skip)(
    'takes the same conversation through BrazeNode.py and the signed entry',
    async () => {
      const { output, code } = await demo('--through-pypestream');
      expect(
        missingFrom(output, ['BrazeNode', 'track-user: sent', 'The profile Braze now holds', '✓']),
      ).toBeUndefined();
      expect(code).toBe(0);
    },
    30_000,
  );

  test('says how it is used where it is called wrongly', () => {
    const parts = ['There is no fault nonsense.', 'npm run demo -- [events/<node>.json]'];
    expect({ missing: missingFrom(misused.complaint, parts), ...misused, complaint: '' }).toEqual({
      missing: undefined,
      complaint: '',
      output: '',
      code: 2,
    });
  });

  test('never lets anything of the caller near AWS, and prints no key', () => {
    expect(`${healthy.output}${down.output}`).not.toMatch(/demo-rest-api-key|of-somebody/);
  });
});

// In this file, because `serverless` bundles into the same folder as for the demo.
test('serverless invoke local asks SSM with the credentials of the profile it is given', async () => {
  const home = await mkdtemp(join(tmpdir(), 'profile-'));
  const profile = '[brand]\naws_access_key_id = OF-THE-BRAND\naws_secret_access_key = of/the+brand\n';
  await writeFile(join(home, 'credentials'), profile);
  const asked: Received[] = [];
  const ssm = await startServer(10_000, ({ received, send }) => {
    asked.push(received);
    send({ status: 200, body: '{"Parameters":[]}' });
  });
  const { PATH } = process.env;
  const words = ['invoke', 'local', '-f', 'track-user', '-s', 'sandbox', '-p', 'events/track-user.json'];
  const child = spawn('serverless', [...words, '--aws-profile', 'brand'], {
    env: { PATH, HOME: home, AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'), AWS_ENDPOINT_URL_SSM: ssm.url },
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  expect(await text(child.stdout)).toContain('The parameter /pypestream-braze/sandbox/braze_url is missing.');
  await Promise.all([ssm.close(), rm(home, { recursive: true })]);
  expect(asked.map((request) => signedBy(request, 'of/the+brand'))).toEqual([
    'OF-THE-BRAND for us-east-1/ssm/aws4_request',
  ]);
});
