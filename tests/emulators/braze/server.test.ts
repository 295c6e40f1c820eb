import { setTimeout as sleep } from 'node:timers/promises';
import { type BrazeEmulator, startBraze } from '../../../emulators/braze/server.ts';
import { KEY, NOW } from './support.ts';

let braze: BrazeEmulator;
beforeEach(async () => {
  braze = await startBraze({ apiKey: KEY, now: () => NOW });
});
afterEach(() => braze.close());

const ann = JSON.stringify({ attributes: [{ external_id: 'ann', first_name: 'Ann' }] });
const track = (body = ann, init: RequestInit = {}) =>
  fetch(`${braze.url}/users/track?x=1`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' },
    body,
    redirect: 'manual',
    ...init,
  });
/** The code or name of what went wrong below HTTP. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error) => String(error.cause?.code ?? error.name),
  );

test('answers over HTTP as the gateway does, with the headers of the rate limit', async () => {
  const response = await track();
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-ratelimit-remaining')).toBe('2999');
  expect(await response.json()).toEqual({ message: 'success', attributes_processed: 1 });
  expect(braze.profile({ external_id: 'ann' })?.attributes).toEqual({ first_name: 'Ann' });
  expect(braze.requests).toMatchObject([
    { method: 'POST', path: '/users/track', query: 'x=1', headers: { authorization: `Bearer ${KEY}` }, body: ann },
  ]);
});

test('answers 413 to a body that is larger than it reads', async () => {
  const response = await track('x'.repeat(4 * 1024 * 1024 + 1));
  expect([response.status, await response.text()]).toEqual([413, expect.stringMatching(/^<html>/)]);
});

test('resets the connection', async () => {
  braze.fault('reset');
  expect(await failure(track())).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
});

test('hangs until the emulator is closed', async () => {
  braze.fault('hang');
  const pending = failure(track());
  expect(await Promise.race([pending, sleep(80, 'waiting')])).toBe('waiting');
  await braze.close();
  expect(await pending).not.toBe('answered');
});

test('drips a success byte by byte that never ends', async () => {
  braze.fault('drip');
  const controller = new AbortController();
  const response = await track(ann, { signal: controller.signal });
  expect(response.status).toBe(201);
  const reader = response.body?.getReader();
  const bytes = [await reader?.read(), await reader?.read(), await reader?.read()];
  expect(Buffer.concat(bytes.map((read) => read?.value ?? new Uint8Array())).toString()).toMatch(/^\{"m/);
  controller.abort();
});

test('delays an answer', async () => {
  braze.fault('slow:80');
  const startedAt = performance.now();
  expect((await track()).status).toBe(201);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
});

test('receives the request of a client that follows a redirect', async () => {
  braze.fault('redirect', 1);
  await track(ann, { redirect: 'follow' });
  expect(braze.requests.map(({ path }) => path)).toEqual(['/users/track', '/elsewhere']);
});

test('returns and resets its state over HTTP', async () => {
  await track();
  const read = async (path: string) => JSON.parse(await (await fetch(`${braze.url}/_emulator/${path}`)).text());
  expect(await read('profiles')).toMatchObject([{ external_id: 'ann', attributes: { first_name: 'Ann' } }]);
  expect(await read('requests')).toMatchObject([{ path: '/users/track', status: 201, processed: true }]);
  await fetch(`${braze.url}/_emulator/reset`, { method: 'POST' });
  expect([await read('profiles'), await read('requests')]).toEqual([[], []]);
});

test('listens on the port that it is given', async () => {
  const { port } = new URL(braze.url);
  await braze.close();
  braze = await startBraze({ port: Number(port) });
  expect(braze.url).toBe(`http://127.0.0.1:${port}`);
});
