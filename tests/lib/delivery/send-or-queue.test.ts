import { startBraze } from '../../../emulators/braze/server.ts';
import type { BrazeCredentials } from '../../../lib/braze/credentials.ts';
import { createDeadline } from '../../../lib/deadline.ts';
import { type PendingRequest, sendOrQueue } from '../../../lib/delivery/send-or-queue.ts';
import { ConfigurationError, ParametersUnavailableError } from '../../../lib/errors.ts';
import type { Runtime } from '../../../lib/runtime.ts';
import { API_KEY, startStage, type TestStage } from '../../support/stage.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

let stage: TestStage;
let runtime: Runtime;

beforeAll(async () => {
  stage = await startStage();
});
beforeEach(async () => {
  await stage.reset();
  runtime = stage.createRuntime();
});
afterAll(() => stage.close());

const TRACK_REQUEST: PendingRequest = {
  node: 'track-user',
  stage: 'sandbox',
  time: '2026-05-01T10:00:00.000Z',
  method: 'POST',
  path: 'users/track',
  idempotent: true,
  request: { attributes: [{ external_id: 'ann', first_name: 'Ann' }], partner: 'pypestream' },
};
const PURCHASE_REQUEST: PendingRequest = {
  ...TRACK_REQUEST,
  idempotent: false,
  request: {
    purchases: [{ external_id: 'ann', product_id: 'p', currency: 'EUR', price: 1, time: '2026-05-01T10:00:00Z' }],
    partner: 'pypestream',
  },
};

interface Options {
  readonly request?: PendingRequest;
  readonly queueOnFailure?: boolean;
  readonly credentials?: Promise<BrazeCredentials>;
  readonly budget?: number;
}

const send = ({ request = TRACK_REQUEST, queueOnFailure = true, credentials, budget = 5_000 }: Options = {}) =>
  sendOrQueue(
    request,
    { queueOnFailure },
    credentials ?? Promise.resolve({ url: stage.braze.url, apiKey: API_KEY }),
    runtime,
    createDeadline(budget),
  );

const timed = async <T>(work: Promise<T>) => {
  const startedAt = performance.now();
  return { result: await work, ms: performance.now() - startedAt };
};

const failing = (error: Error): Promise<never> => {
  const credentials = Promise.reject(error);
  credentials.catch(() => {});
  return credentials;
};

describe('a request', () => {
  test('is accepted with Braze’s answer', async () => {
    expect(await send()).toMatchObject({
      kind: 'accepted',
      accepted: { errors: [], processed: { attributes_processed: 1 } },
      exchange: { status: 201, attempts: 1 },
    });
  });

  test('is queued as a message that can be sent again, without the key', async () => {
    stage.braze.fault('503');
    expect(await send()).toMatchObject({ kind: 'queued', exchange: { status: 503, attempts: 3 } });
    const [message, ...more] = await stage.undelivered.drain();
    expect(more).toEqual([]);
    expect(message?.reason).toBe('busy');
    expect(JSON.parse(message?.body ?? '')).toEqual({ version: 2, reason: 'busy', ...TRACK_REQUEST });
    expect(message?.body).not.toContain(API_KEY);
  });

  test('that is not queued on failure is unavailable', async () => {
    stage.braze.fault('503');
    expect(await send({ queueOnFailure: false })).toMatchObject({ kind: 'unavailable', exchange: { status: 503 } });
    expect(await stage.undelivered.drain()).toEqual([]);
  });
});

describe('the client of SQS', () => {
  const loadedDuring = async (latencyMs: number, ms: number, queueOnFailure = true) => {
    const slow = await startBraze({ apiKey: API_KEY, latencyMs });
    const asked: string[] = [];
    const spied = {
      ...runtime,
      getSqs: (url: string) => {
        asked.push(url);
        throw new ConfigurationError('The environment variable AWS_REGION is missing.');
      },
    };
    const credentials = Promise.resolve({ url: slow.url, apiKey: API_KEY });
    const result = await sendOrQueue(TRACK_REQUEST, { queueOnFailure }, credentials, spied, createDeadline(ms));
    await slow.close();
    expect(result).toMatchObject({ kind: 'accepted' });
    return asked;
  };

  test('is loaded while a call waits for Braze longer than usual', async () => {
    expect(await loadedDuring(1_100, 5_000)).toEqual([stage.undelivered.url]);
  });

  test('is not loaded if Braze is up, or for a request that is never queued', async () => {
    expect(await loadedDuring(0, 5_000)).toEqual([]);
    expect(await loadedDuring(1_100, 5_000, false)).toEqual([]);
  });

  test('is not loaded if the stage has no queue', async () => {
    stage.environment({ UNDELIVERED_QUEUE_URL: '', DEAD_LETTER_QUEUE_URL: '' });
    runtime = stage.createRuntime();
    expect(await loadedDuring(1_100, 5_000)).toEqual([]);
  });
});

describe('a request that Braze may have processed', () => {
  test('is queued if it is idempotent', async () => {
    stage.braze.fault('500-after');
    expect(await send()).toMatchObject({ kind: 'queued', exchange: { status: 500, attempts: 3 } });
    expect(await stage.undelivered.drain()).toMatchObject([{ reason: 'unknown' }]);
  });

  test('is dead-lettered if it is not idempotent', async () => {
    stage.braze.fault('500-after');
    expect(await send({ request: PURCHASE_REQUEST })).toMatchObject({
      kind: 'in_doubt',
      exchange: { status: 500, attempts: 1 },
    });
    expect(await stage.deadLetters.drain()).toMatchObject([{ reason: 'in_doubt' }]);
    expect(await stage.undelivered.drain()).toEqual([]);
  });

  test('is unavailable if it is not idempotent and cannot be dead-lettered', async () => {
    stage.environment({ DEAD_LETTER_QUEUE_URL: '' });
    runtime = stage.createRuntime();
    stage.braze.fault('500-after');
    expect(await send({ request: PURCHASE_REQUEST })).toMatchObject({
      kind: 'unavailable',
      exchange: { status: 500 },
    });
  });
});

describe('without credentials', () => {
  test('a request is queued while SSM is unavailable', async () => {
    const cause = new ParametersUnavailableError('SSM could not be read.');
    expect(await send({ credentials: failing(cause) })).toEqual({ kind: 'queued', cause });
    expect(await stage.undelivered.drain()).toMatchObject([{ reason: 'busy' }]);
  });

  test('a request is queued in time when SSM hangs', async () => {
    const { result, ms } = await timed(send({ credentials: new Promise(() => {}), budget: 400 }));
    expect(result).toMatchObject({ kind: 'queued', cause: { name: 'ParametersUnavailableError' } });
    expect(ms).toBe(300);
    expect(await stage.undelivered.drain()).toHaveLength(1);
  });

  test('a request is dead-lettered while a parameter is wrong', async () => {
    const cause = new ConfigurationError('The parameter p is missing.');
    expect(await send({ credentials: failing(cause) })).toEqual({
      kind: 'misconfigured',
      problem: 'The parameter p is missing.',
      cause,
      isDeadLettered: true,
    });
    expect(await stage.deadLetters.drain()).toMatchObject([{ reason: 'misconfigured' }]);
  });
});

describe('the circuit breaker', () => {
  test('opens after failures, and then nothing is sent', async () => {
    for (let call = 0; call < 5; call += 1) runtime.breaker.recordFailure();
    const { result, ms } = await timed(send());
    expect(result).toEqual({ kind: 'queued', cause: undefined });
    expect(ms).toBe(0);
    expect(stage.braze.requests).toHaveLength(0);
  });

  test.each(['503', '500', 'reset'] as const)('counts %s as a failure', async (fault) => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    stage.braze.fault(fault);
    await send({ request: PURCHASE_REQUEST, budget: 150 });
    expect(runtime.breaker.tryAcquire()).toBe(false);
  });

  test('does not count a rate limit as a failure', async () => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    stage.braze.fault('429:retry-after:600');
    await send({ request: PURCHASE_REQUEST, budget: 150 });
    expect(runtime.breaker.tryAcquire()).toBe(true);
  });

  test.each(['partial', '400', '401', '403'] as const)('counts %s as a success, because Braze is up', async (fault) => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    if (fault === '400')
      await send({ request: { ...TRACK_REQUEST, request: { ...TRACK_REQUEST.request, attributes: [] } } });
    else {
      stage.braze.fault(fault);
      await send();
    }
    runtime.breaker.recordFailure();
    expect(runtime.breaker.tryAcquire()).toBe(true);
  });

  test('does not count a timeout as a failure if Braze had too little time', async () => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    stage.braze.fault('hang');
    expect(await send({ request: PURCHASE_REQUEST, budget: 600 })).toMatchObject({
      kind: 'in_doubt',
      exchange: { attempts: 1 },
    });
    expect(runtime.breaker.tryAcquire()).toBe(true);
  });

  test('counts a timeout as a failure if the stage gives Braze no more time', async () => {
    stage.environment({ TIME_BUDGET_MS: '500' });
    runtime = stage.createRuntime();
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    stage.braze.fault('hang');
    await send({ request: PURCHASE_REQUEST, budget: 500 });
    expect(runtime.breaker.tryAcquire()).toBe(false);
  });

  test('does not count a call whose deadline passed before its first attempt', async () => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    expect(await send({ budget: 40 })).toMatchObject({ exchange: { attempts: 0 } });
    expect(runtime.breaker.tryAcquire()).toBe(true);
    expect(stage.braze.requests).toHaveLength(0);
  });
});
