import { type Fault, isFault, parseFault } from '../../../emulators/braze/faults.ts';
import type { Braze } from '../../../emulators/braze/gateway.ts';
import { createStill, KEY, NO_IDENTIFIER, NOW, post, toRequest } from './support.ts';

let braze: Braze;
beforeEach(() => {
  braze = createStill();
});

const body = {
  attributes: [{ external_id: 'ann', first_name: 'Ann' }],
  events: [{ external_id: 'ann', name: 'came', time: '2026-05-01T09:00:00Z' }],
};
const track = () => post(braze, '/users/track', body);
const receive = () => braze.receive(toRequest('POST', '/users/track', body));
const events = () => braze.profile({ external_id: 'ann' })?.events.length ?? 0;

test.each<[Fault, number, unknown]>([
  ['401', 401, { message: `Invalid API key: ${KEY}` }],
  ['403', 403, { message: 'Access Denied' }],
  ['404', 404, { message: 'Invalid URL' }],
  ['407', 407, { message: 'Proxy Authentication Required' }],
  ['408', 408, { message: 'Request Timeout' }],
  ['413', 413, expect.stringMatching(/^<html>/)],
  ['421', 421, { message: 'Misdirected Request' }],
  ['425', 425, { message: 'Too Early' }],
  ['429', 429, { message: 'Rate limit exceeded' }],
  ['500', 500, { message: 'Internal Server Error' }],
  ['502', 502, expect.stringMatching(/^<html>/)],
  ['503', 503, ''],
  ['504', 504, expect.stringMatching(/^<html>/)],
  ['html', 200, expect.stringMatching(/^<html>/)],
  ['redirect', 302, { message: 'Found' }],
])('%s answers and processes nothing', (fault, status, json) => {
  braze.fault(fault, 1);
  expect(track()).toMatchObject({ status, json });
  expect(braze.requests).toMatchObject([{ status, processed: false }]);
  expect(events()).toBe(0);
  expect(track().status).toBe(201);
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
])('%s gives the time to wait in %j', (fault, expected) => {
  braze.fault(fault);
  const { headers } = track();
  expect(headers).toMatchObject(expected);
  expect('x-ratelimit-limit' in headers).toBe(!/retry|none/.test(fault));
});

test.each(['reset', 'hang', 'drip'] as const)(
  '%s leaves the request without an answer, before it is processed or after',
  (kind) => {
    braze.fault(kind, 1);
    braze.fault(`${kind}-after`, 1);
    expect(receive()).toMatchObject({ kind });
    expect(events()).toBe(0);
    expect(receive()).toMatchObject({ kind });
    expect(events()).toBe(1);
    expect(braze.requests).toMatchObject([
      { status: undefined, processed: false },
      { status: undefined, processed: true },
    ]);
  },
);

test.each<[Fault, number]>([
  ['500-after', 500],
  ['502-after', 502],
  ['504-after', 504],
  ['html-after', 200],
])('%s answers like the fault and has processed the request', (fault, status) => {
  braze.fault(fault);
  expect(track().status).toBe(status);
  expect(events()).toBe(1);
});

test('slow processes at once and answers late; latency delays every answer', () => {
  braze = createStill({ latencyMs: 20 });
  braze.fault('slow:80', 1);
  expect(receive()).toMatchObject({ kind: 'response', delayMs: 100, result: { status: 201 } });
  expect(events()).toBe(1);
  expect(receive()).toMatchObject({ kind: 'response', delayMs: 20 });
});

test('partial rejects the first object and processes the others', () => {
  braze.fault('partial');
  expect(track()).toMatchObject({
    status: 201,
    json: {
      message: 'success',
      events_processed: 1,
      errors: [{ type: NO_IDENTIFIER, input_array: 'attributes', index: 0 }],
    },
  });
  expect(braze.profile({ external_id: 'ann' })).toMatchObject({ attributes: {}, events: [{ name: 'came' }] });
});

test('partial-text lists the errors as strings', () => {
  braze.fault('partial-text');
  expect(track().json).toEqual({ message: 'success', events_processed: 1, errors: [NO_IDENTIFIER] });
});

test('refused answers 201 with an error for every object', () => {
  braze.fault('refused');
  const { status, json } = track();
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

test('zero-counts answers 201 and success, and processes nothing', () => {
  braze.fault('zero-counts');
  const { status, json } = track();
  expect([status, json]).toEqual([
    201,
    { message: 'success', attributes_processed: 0, events_processed: 0, purchases_processed: 0 },
  ]);
  expect(braze.profiles).toEqual([]);
});

test.each<[Fault, number, unknown]>([
  ['odd-message', 201, { message: 'weird', attributes_processed: 1, events_processed: 1 }],
  ['queued', 202, { message: 'queued' }],
])('%s processes the request and answers success in another way', (fault, status, json) => {
  braze.fault(fault);
  expect(track()).toMatchObject({ status, json });
  expect(events()).toBe(1);
});

test('a fault that changes a success leaves a refusal as it is', () => {
  braze.fault('queued');
  expect(post(braze, '/users/track', {}).status).toBe(400);
});

test('faults stand in a queue; one without a number stays until it is cleared', () => {
  braze.fault('503', 2);
  braze.fault('500');
  expect([track(), track(), track(), track()].map(({ status }) => status)).toEqual([503, 503, 500, 500]);
  braze.clearFaults();
  expect(track().status).toBe(201);
});

test('a header brings a fault for one request, before those in the queue', () => {
  braze.fault('500', 1);
  expect(post(braze, '/users/track', body, { 'x-emulator-fault': '503' }).status).toBe(503);
  expect(post(braze, '/users/track', body, { 'x-emulator-fault': 'earthquake' }).status).toBe(500);
  expect(track().status).toBe(201);
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
