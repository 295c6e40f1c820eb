import { startBraze } from '../../../emulators/braze/server.ts';
import type { BrazeCredentials } from '../../../lib/braze/credentials.ts';
import { createDeadline } from '../../../lib/deadline.ts';
import { type PendingRequest, sendOrQueue } from '../../../lib/delivery/send-or-queue.ts';
import { ConfigurationError, ParametersUnavailableError } from '../../../lib/errors.ts';
import type { Runtime } from '../../../lib/runtime.ts';
import { API_KEY, startStage, type TestStage } from '../../support/stage.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

let deployed: TestStage;
let runtime: Runtime;

beforeAll(async () => {
  deployed = await startStage();
});
beforeEach(async () => {
  await deployed.reset();
  runtime = deployed.createRuntime();
});
afterAll(() => deployed.close());

const said: PendingRequest = {
  node: 'track-user',
  stage: 'sandbox',
  time: '2026-05-01T10:00:00.000Z',
  method: 'POST',
  path: 'users/track',
  idempotent: true,
  request: { attributes: [{ external_id: 'ann', first_name: 'Ann' }], partner: 'pypestream' },
};
const bought: PendingRequest = {
  ...said,
  idempotent: false,
  request: {
    purchases: [{ external_id: 'ann', product_id: 'p', currency: 'EUR', price: 1, time: '2026-05-01T10:00:00Z' }],
    partner: 'pypestream',
  },
};

interface Terms {
  readonly outgoing?: PendingRequest;
  readonly queueOnFailure?: boolean;
  readonly access?: Promise<BrazeCredentials>;
  readonly budget?: number;
}

const go = ({ outgoing = said, queueOnFailure = true, access, budget = 5_000 }: Terms = {}) =>
  sendOrQueue(
    outgoing,
    { queueOnFailure },
    access ?? Promise.resolve({ url: deployed.braze.url, apiKey: API_KEY }),
    runtime,
    createDeadline(budget),
  );

const timed = async <T>(work: Promise<T>) => {
  const began = performance.now();
  return { result: await work, took: performance.now() - began };
};

const failing = (error: Error): Promise<never> => {
  const access = Promise.reject(error);
  access.catch(() => {});
  return access;
};

describe('a request', () => {
  test('is accepted with Braze’s answer', async () => {
    expect(await go()).toMatchObject({
      kind: 'accepted',
      accepted: { errors: [], processed: { attributes_processed: 1 } },
      exchange: { status: 201, attempts: 1 },
    });
  });

  test('is queued as a message that can be sent again, without the key', async () => {
    deployed.braze.fault('503');
    expect(await go()).toMatchObject({ kind: 'queued', exchange: { status: 503, attempts: 3 } });
    const [lying, ...more] = await deployed.undelivered.drain();
    expect(more).toEqual([]);
    expect(lying?.reason).toBe('busy');
    expect(JSON.parse(lying?.body ?? '')).toEqual({ version: 2, reason: 'busy', ...said });
    expect(lying?.body).not.toContain(API_KEY);
  });

  test('that is not queued on failure is unavailable', async () => {
    deployed.braze.fault('503');
    expect(await go({ queueOnFailure: false })).toMatchObject({ kind: 'unavailable', exchange: { status: 503 } });
    expect(await deployed.undelivered.drain()).toEqual([]);
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
    const result = await sendOrQueue(said, { queueOnFailure }, credentials, spied, createDeadline(ms));
    await slow.close();
    expect(result).toMatchObject({ kind: 'accepted' });
    return asked;
  };

  test('is loaded while a call waits for Braze longer than usual', async () => {
    expect(await loadedDuring(1_100, 5_000)).toEqual([deployed.undelivered.url]);
  });

  test('is not loaded if Braze is up, or for a request that is never queued', async () => {
    expect(await loadedDuring(0, 5_000)).toEqual([]);
    expect(await loadedDuring(1_100, 5_000, false)).toEqual([]);
  });

  test('is not loaded if the stage has no queue', async () => {
    deployed.environment({ UNDELIVERED_QUEUE_URL: '', DEAD_LETTER_QUEUE_URL: '' });
    runtime = deployed.createRuntime();
    expect(await loadedDuring(1_100, 5_000)).toEqual([]);
  });
});

describe('a request that Braze may have processed', () => {
  test('is queued if it is idempotent', async () => {
    deployed.braze.fault('500-after');
    expect(await go()).toMatchObject({ kind: 'queued', exchange: { status: 500, attempts: 3 } });
    expect(await deployed.undelivered.drain()).toMatchObject([{ reason: 'unknown' }]);
  });

  test('is dead-lettered if it is not idempotent', async () => {
    deployed.braze.fault('500-after');
    expect(await go({ outgoing: bought })).toMatchObject({ kind: 'in_doubt', exchange: { status: 500, attempts: 1 } });
    expect(await deployed.deadLetters.drain()).toMatchObject([{ reason: 'in_doubt' }]);
    expect(await deployed.undelivered.drain()).toEqual([]);
  });

  test('is unavailable if it is not idempotent and cannot be dead-lettered', async () => {
    deployed.environment({ DEAD_LETTER_QUEUE_URL: '' });
    runtime = deployed.createRuntime();
    deployed.braze.fault('500-after');
    expect(await go({ outgoing: bought })).toMatchObject({ kind: 'unavailable', exchange: { status: 500 } });
  });
});

describe('without credentials', () => {
  test('a request is queued while SSM is unavailable', async () => {
    const cause = new ParametersUnavailableError('SSM could not be read.');
    expect(await go({ access: failing(cause) })).toEqual({ kind: 'queued', cause });
    expect(await deployed.undelivered.drain()).toMatchObject([{ reason: 'busy' }]);
  });

  test('a request is queued in time when SSM hangs', async () => {
    const { result, took } = await timed(go({ access: new Promise(() => {}), budget: 400 }));
    expect(result).toMatchObject({ kind: 'queued', cause: { name: 'ParametersUnavailableError' } });
    expect(took).toBe(300);
    expect(await deployed.undelivered.drain()).toHaveLength(1);
  });

  test('a request is dead-lettered while a parameter is wrong', async () => {
    const cause = new ConfigurationError('The parameter p is missing.');
    expect(await go({ access: failing(cause) })).toEqual({
      kind: 'misconfigured',
      problem: 'The parameter p is missing.',
      cause,
      isDeadLettered: true,
    });
    expect(await deployed.deadLetters.drain()).toMatchObject([{ reason: 'misconfigured' }]);
  });
});

describe('the circuit breaker', () => {
  test('opens after failures, and then nothing is sent', async () => {
    for (let call = 0; call < 5; call += 1) runtime.breaker.recordFailure();
    const { result, took } = await timed(go());
    expect(result).toEqual({ kind: 'queued', cause: undefined });
    expect(took).toBe(0);
    expect(deployed.braze.requests).toHaveLength(0);
  });

  test.each(['503', '500', 'reset'] as const)('counts %s as a failure', async (fault) => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    deployed.braze.fault(fault);
    await go({ outgoing: bought, budget: 150 });
    expect(runtime.breaker.tryAcquire()).toBe(false);
  });

  test('does not count a rate limit as a failure', async () => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    deployed.braze.fault('429:retry-after:600');
    await go({ outgoing: bought, budget: 150 });
    expect(runtime.breaker.tryAcquire()).toBe(true);
  });

  test.each(['partial', '400', '401', '403'] as const)('counts %s as a success, because Braze is up', async (fault) => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    if (fault === '400') await go({ outgoing: { ...said, request: { ...said.request, attributes: [] } } });
    else {
      deployed.braze.fault(fault);
      await go();
    }
    runtime.breaker.recordFailure();
    expect(runtime.breaker.tryAcquire()).toBe(true);
  });

  test('does not count a timeout as a failure if Braze had too little time', async () => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    deployed.braze.fault('hang');
    expect(await go({ outgoing: bought, budget: 600 })).toMatchObject({ kind: 'in_doubt', exchange: { attempts: 1 } });
    expect(runtime.breaker.tryAcquire()).toBe(true);
  });

  test('counts a timeout as a failure if the stage gives Braze no more time', async () => {
    deployed.environment({ TIME_BUDGET_MS: '500' });
    runtime = deployed.createRuntime();
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    deployed.braze.fault('hang');
    await go({ outgoing: bought, budget: 500 });
    expect(runtime.breaker.tryAcquire()).toBe(false);
  });

  test('does not count a call whose deadline passed before its first attempt', async () => {
    for (let call = 0; call < 4; call += 1) runtime.breaker.recordFailure();
    expect(await go({ budget: 40 })).toMatchObject({ exchange: { attempts: 0 } });
    expect(runtime.breaker.tryAcquire()).toBe(true);
    expect(deployed.braze.requests).toHaveLength(0);
  });
});
