import { setTimeout as sleep } from 'node:timers/promises';
import { type BrazeEmulator, type Fault, isFault, parseFault } from '../../emulators/braze.ts';
import { KEY, NO_IDENTIFIER, NOW, post, startStill } from './support.ts';

let braze: BrazeEmulator;
beforeEach(async () => {
  braze = await startStill();
});
afterEach(() => braze.close());

const body = {
  attributes: [{ external_id: 'ann', first_name: 'Ann' }],
  events: [{ external_id: 'ann', name: 'came', time: '2026-05-01T09:00:00Z' }],
};
const track = () => post(braze, '/users/track', body);
const events = () => braze.profile({ external_id: 'ann' })?.events.length ?? 0;
/** The code or message of what went wrong below HTTP. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error) => String(error.cause?.code ?? error.name),
  );

test.each<[Fault, number, unknown]>([
  ['401', 401, { message: `Invalid API key: ${KEY}` }],
  ['403', 403, { message: 'Access Denied' }],
  ['404', 404, { message: 'Not Found' }],
  ['413', 413, expect.stringMatching(/^<html>/)],
  ['429', 429, { message: 'Rate limit exceeded' }],
  ['500', 500, { message: 'Internal Server Error' }],
  ['502', 502, expect.stringMatching(/^<html>/)],
  ['503', 503, ''],
  ['504', 504, expect.stringMatching(/^<html>/)],
  ['html', 200, expect.stringMatching(/^<html>/)],
  ['redirect', 302, { message: 'Found' }],
])('%s answers and processes nothing', async (fault, status, json) => {
  braze.fault(fault, 1);
  expect(await track()).toMatchObject({ status, json });
  expect(braze.requests).toMatchObject([{ status, processed: false }]);
  expect(events()).toBe(0);
  expect((await track()).status).toBe(201);
  expect(events()).toBe(1);
});

test.each<[Fault, Record<string, string>]>([
  ['429', { 'x-ratelimit-limit': '3000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW / 1000 + 1}` }],
  ['429:reset-epoch:7', { 'x-ratelimit-reset': `${NOW / 1000 + 7}` }],
  ['429:reset-delta:7', { 'x-ratelimit-reset': '7' }],
  ['429:empty', { 'x-ratelimit-limit': '', 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '' }],
  ['429:x-ratelimit-retry-after:2', { 'x-ratelimit-retry-after': '2' }],
  ['429:retry-after:2', { 'retry-after': '2' }],
  ['429:retry-after-date:5', { 'retry-after': 'Fri, 01 May 2026 10:00:05 GMT' }],
  ['429:none', {}],
])('%s says when to come back by %j', async (fault, expected) => {
  braze.fault(fault);
  const { headers } = await track();
  const said = Object.fromEntries([...headers].filter(([name]) => /ratelimit|retry/.test(name)));
  expect(said).toMatchObject(expected);
  expect(Object.keys(said).some((name) => name === 'x-ratelimit-limit')).toBe(!/retry|none/.test(fault));
});

test('reset ends the connection before, reset-after after processing', async () => {
  braze.fault('reset', 1);
  braze.fault('reset-after', 1);
  expect(await failure(track())).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  expect(events()).toBe(0);
  expect(await failure(track())).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  expect(events()).toBe(1);
  expect(braze.requests).toMatchObject([
    { status: undefined, processed: false },
    { status: undefined, processed: true },
  ]);
});

test.each<[Fault, number]>([
  ['hang', 0],
  ['hang-after', 1],
])('%s never answers, until the emulator is closed', async (fault, processed) => {
  braze.fault(fault);
  const pending = failure(track());
  expect(await Promise.race([pending, sleep(80, 'waiting')])).toBe('waiting');
  expect(events()).toBe(processed);
  await braze.close();
  expect(await pending).not.toBe('answered');
});

test.each<[Fault, number]>([
  ['500-after', 500],
  ['502-after', 502],
  ['504-after', 504],
  ['html-after', 200],
])('%s answers like the fault and has processed', async (fault, status) => {
  braze.fault(fault);
  expect((await track()).status).toBe(status);
  expect(events()).toBe(1);
});

test('drip sends a success byte by byte and never ends', async () => {
  braze.fault('drip');
  const controller = new AbortController();
  const response = await fetch(`${braze.url}/users/track`, { method: 'POST', signal: controller.signal });
  expect(response.status).toBe(201);
  const reader = response.body?.getReader();
  const bytes = [await reader?.read(), await reader?.read(), await reader?.read()];
  expect(Buffer.concat(bytes.map((read) => read?.value ?? new Uint8Array())).toString()).toMatch(/^\{"m/);
  controller.abort();
});

test('slow answers late and has processed at once', async () => {
  braze.fault('slow:80');
  const begun = performance.now();
  const pending = track();
  await sleep(40);
  expect(events()).toBe(1);
  expect((await pending).status).toBe(201);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(79);
});

test('latency makes every answer late', async () => {
  await braze.close();
  braze = await startStill({ latencyMs: 50 });
  const begun = performance.now();
  await track();
  expect(performance.now() - begun).toBeGreaterThanOrEqual(49);
});

test('partial refuses the first object and processes the others', async () => {
  braze.fault('partial');
  expect(await track()).toMatchObject({
    status: 201,
    json: {
      message: 'success',
      events_processed: 1,
      errors: [{ type: NO_IDENTIFIER, input_array: 'attributes', index: 0 }],
    },
  });
  expect(braze.profile({ external_id: 'ann' })).toMatchObject({ attributes: {}, events: [{ name: 'came' }] });
});

test('partial-text lists the errors as strings', async () => {
  braze.fault('partial-text');
  expect((await track()).json).toEqual({ message: 'success', events_processed: 1, errors: [NO_IDENTIFIER] });
});

test('refused answers 201 with an error for every object', async () => {
  braze.fault('refused');
  const { status, json } = await track();
  expect([status, json]).toEqual([
    201,
    {
      message: 'success',
      errors: [
        { type: NO_IDENTIFIER, input_array: 'attributes', index: 0 },
        { type: NO_IDENTIFIER, input_array: 'events', index: 0 },
      ],
    },
  ]);
  expect(braze.profiles).toEqual([]);
});

test.each<[Fault, number, unknown]>([
  ['odd-message', 201, { message: 'weird', attributes_processed: 1, events_processed: 1 }],
  ['queued', 202, { message: 'queued' }],
])('%s processes and says so in another way', async (fault, status, json) => {
  braze.fault(fault);
  expect(await track()).toMatchObject({ status, json });
  expect(events()).toBe(1);
});

test('a twist leaves a refusal as it is', async () => {
  braze.fault('queued');
  expect((await post(braze, '/users/track', {})).status).toBe(400);
});

test('faults stand in a queue; one without a number stays until it is cleared', async () => {
  braze.fault('503', 2);
  braze.fault('500');
  const statuses = [];
  for (let call = 0; call < 4; call += 1) statuses.push((await track()).status);
  expect(statuses).toEqual([503, 503, 500, 500]);
  braze.clearFaults();
  expect((await track()).status).toBe(201);
});

test('a redirect that is followed is seen', async () => {
  braze.fault('redirect', 1);
  await fetch(`${braze.url}/users/track`, { method: 'POST' });
  expect(braze.requests.map(({ path }) => path)).toEqual(['/users/track', '/elsewhere']);
});

test.each(['429', '429:empty', '429:retry-after:2', 'slow:100', 'hang-after', 'partial', 'drip', '504'])(
  '%s is a fault',
  (word) => {
    expect(parseFault(word)).toBe(word);
  },
);

test.each(['', '418', '429:later', '429:retry-after:x', 'slow', 'slow:x', 'slow:1:2', '503-after', 'hang:1', 'x'])(
  '%j is no fault',
  (word) => {
    expect(isFault(word)).toBe(false);
    expect(parseFault(word)).toBeUndefined();
  },
);
