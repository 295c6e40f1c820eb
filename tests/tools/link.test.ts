import { PassThrough, Writable } from 'node:stream';
import { type SsmEmulator, startSsm } from '../../emulators/ssm.ts';
import { parseIdentityTokens, verifyIdentityTokens } from '../../lib/entry/identity-token.ts';
import { link } from '../../tools/link/command.ts';
import { SERVICE } from '../../tools/service.ts';

const SECRET = 'the link secret of the sandbox stage';
const FORMER = 'the former link secret of the sandbox';
const PARAMETER = `/${SERVICE}/sandbox/link_secret`;
const STAGE = ['--stage', 'sandbox', '--region', 'eu-central-1'];
const DAY_MS = 86_400_000;
const environment = { ...process.env };

let ssm: SsmEmulator;

beforeAll(async () => {
  ssm = await startSsm();
});
beforeEach(() => {
  ssm.parameters.put(PARAMETER, `${SECRET},${FORMER}`, 'SecureString');
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SSM: ssm.url,
  });
});
afterAll(async () => {
  process.env = { ...environment };
  await ssm.close();
});

const run = async (...argv: string[]) => {
  let out = '';
  const sink = new Writable({
    write: (chunk, _, done) => {
      out += String(chunk);
      done();
    },
  });
  const code = await link(argv, { stdin: new PassThrough(), stdout: sink, stderr: sink });
  return { code, out };
};
const linkIn = (out: string) => /^Link: +(\S+)$/m.exec(out)?.[1] ?? '';
const verify = (text: string, now: number, secrets = [SECRET]) =>
  verifyIdentityTokens(parseIdentityTokens(text), secrets, now);

test('prints the region, then a token and a link that prove the person for a day', async () => {
  const { code, out } = await run(...STAGE, '--id', 'customer.20417/é');
  const now = Date.now();
  expect([code, out.split('\n')[0]]).toEqual([0, 'Region eu-central-1 (from --region), stage sandbox.']);
  expect(linkIn(out)).toMatch(/^https:\/\/www\.example\.com\/chat\?bz=customer\.20417%2F%C3%A9\.\d+\.[\da-f]{64}$/);
  for (const text of [linkIn(out), /^signed_id: (\S+)$/m.exec(out)?.[1] ?? '']) {
    expect(verify(text, now)).toBe('customer.20417/é');
    expect(verify(text, now + 0.9 * DAY_MS)).toBe('customer.20417/é');
    expect(verify(text, now + 1.1 * DAY_MS)).toBeUndefined();
  }
  expect(out).not.toContain(SECRET);
});

test('signs with the newest secret, for the page and the days that are given', async () => {
  const page = 'https://shop.example.com/chat?utm_source=braze#open';
  const { out } = await run(...STAGE, '--id', 'u1', '--days', '30', '--url', page);
  expect(linkIn(out)).toMatch(/^https:\/\/shop\.example\.com\/chat\?utm_source=braze&bz=u1\.\d+\.[\da-f]{64}#open$/);
  expect(verify(linkIn(out), Date.now() + 29.9 * DAY_MS)).toBe('u1');
  expect(verify(linkIn(out), Date.now(), [FORMER])).toBeUndefined();
});

test('says what to run where the stage has no link_secret', async () => {
  ssm.parameters.put(PARAMETER, ' , ', 'SecureString');
  const { code, out } = await run(...STAGE, '--id', 'u1');
  expect([code, out]).toEqual([1, expect.stringContaining(`${PARAMETER} is missing`)]);
  expect(out).toContain('--rotate-link-secret');
});

test.each([
  ['no stage', ['--id', 'u1']],
  ['no person', STAGE],
  ['days of another kind', [...STAGE, '--id', 'u1', '--days', '31']],
  ['days below one', [...STAGE, '--id', 'u1', '--days', '0']],
  ['an address that is no URL', [...STAGE, '--id', 'u1', '--url', 'shop']],
  ['an address of another kind', [...STAGE, '--id', 'u1', '--url', 'mailto:a@example.com']],
  ['an unknown option', [...STAGE, '--id', 'u1', '--secret', SECRET]],
])('refuses %s with the usage', async (_, argv) => {
  const { code, out } = await run(...argv);
  expect([code, out]).toEqual([2, expect.stringContaining('npm run link -- --stage sandbox --id customer-20417')]);
  expect(out).not.toContain(SECRET);
});
