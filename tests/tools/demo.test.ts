import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Received, startServer } from '../../emulators/server.ts';
import { SERVICE } from '../../tools/service.ts';
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
    down = await demo('--fault', '503', '--verbose');
  });

  test('first says what became of the sample conversation, and shows what Braze holds in about forty lines', () => {
    const parts = [
      '✓ sent: Braze accepted everything.',
      'The flow takes the branch of success "true".',
      'The conversation says (events/track-user.json to track-user, by serverless invoke local)',
      '"  Ada "',
      '" Lovelace\\u00a0"',
      'Braze holds (POST /users/track, answered 201)',
      '"ada.lovelace@example.com"',
      'event conversation_started',
      'nothing was tested against a real Braze workspace',
      'npx serverless invoke local -f track-user -s sandbox -p events/track-user.json',
    ];
    expect({ missing: missingFrom(healthy.output, parts), code: healthy.code }).toEqual({
      missing: undefined,
      code: 0,
    });
    expect(healthy.output.split('\n').length).toBeLessThan(46);
  });

  test('with Braze down, shows the queued message and its delivery once Braze is back', () => {
    const parts = [
      '✓ queued: ',
      'The flow takes the branch of success "true".',
      'Then Braze answered again, and redeliver sent the queued request.',
      'Braze holds (POST /users/track, answered 503, then 503, then 503, then 201)',
      'event conversation_started',
      'The message in the queue undelivered',
      '"reason": "busy"',
      'The log line',
      '"outcome": "queued"',
      'The answer of redeliver',
      '"batchItemFailures": []',
    ];
    expect({ missing: missingFrom(down.output, parts), code: down.code }).toEqual({ missing: undefined, code: 0 });
  });

  (spawnSync('python3', ['--version']).status === 0 ? test : test.skip)(
    'takes the same conversation through BrazeNode.py and the signed entry',
    async () => {
      const { output, code } = await demo('--through-pypestream', '--verbose');
      expect(missingFrom(output, ['✓ sent', 'What BrazeNode.py logged', 'track-user: sent'])).toBeUndefined();
      expect(code).toBe(0);
    },
    30_000,
  );

  test('takes a Parameter Input as it is typed, names what is left out with its reason, and escapes the rest', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'demo-'));
    const file = join(folder, 'input.json');
    const input = {
      node: 'set-subscription',
      email: 'ada@example.com',
      email_subscribe: 'maybe\u202e',
      push_subscribe: 'subscribed',
    };
    await writeFile(file, JSON.stringify(input));
    const { output, code } = await demo(file);
    await rm(folder, { recursive: true });
    const parts = [
      '✓ partial: ',
      'input.json to set-subscription',
      '"maybe\\u202e"',
      'Left out\n  email_subscribe: ',
      'push_subscribe',
    ];
    expect({ missing: missingFrom(output, parts), code }).toEqual({ missing: undefined, code: 0 });
  });

  test('runs a use case, and refuses what it cannot run beside one', async () => {
    const { output, code } = await demo('--use-case', 'targeting');
    const parts = ['Dear Ada', 'get-profile: outcome "found"', '✓ The chat knew who opened the link.'];
    expect({ missing: missingFrom(output, parts), code }).toEqual({ missing: undefined, code: 0 });
    for (const words of [
      ['--use-case', 'nonsense'],
      ['--use-case', 'targeting', 'events/track-user.json'],
    ]) {
      const refused = await demo(...words);
      expect([refused.code, refused.complaint]).toEqual([2, expect.stringContaining('--use-case takes one of')]);
    }
  });

  test('prints the usage where an option is wrong', () => {
    const parts = ['There is no fault nonsense.', 'npm run demo -- [FILE]'];
    expect({ missing: missingFrom(misused.complaint, parts), ...misused, complaint: '' }).toEqual({
      missing: undefined,
      complaint: '',
      output: '',
      code: 2,
    });
  });

  test('passes no AWS setting of the caller on, and prints no key', () => {
    expect(`${healthy.output}${down.output}`).not.toMatch(/local-key|demo-node-secret|of-somebody/);
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
    env: {
      PATH,
      HOME: home,
      TMPDIR: home,
      AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
      AWS_ENDPOINT_URL_SSM: ssm.url,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  expect(await text(child.stdout)).toContain(`The parameter /${SERVICE}/sandbox/braze_url is missing.`);
  await Promise.all([ssm.close(), rm(home, { recursive: true })]);
  expect(asked.map((request) => signedBy(request, 'of/the+brand'))).toEqual([
    'OF-THE-BRAND for us-east-1/ssm/aws4_request',
  ]);
});
