import type { Fault } from '../../../emulators/braze/faults.ts';
import { type BrazeEmulator, startBraze } from '../../../emulators/braze/server.ts';
import { createDeadline } from '../../../lib/deadline.ts';
import { deliver } from '../../../lib/delivery/deliver.ts';
import { ParametersUnavailableError } from '../../../lib/errors.ts';
import { sendOnce } from '../../../lib/http.ts';
import { CLOSED_URL } from '../../support/raw-server.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

const KEY = 'the-key';
const ATTRIBUTES = '{"attributes":[{"external_id":"ann","first_name":"Ann"}]}';

useVirtualTime();

let braze: BrazeEmulator;

beforeAll(async () => {
  braze = await startBraze({ apiKey: KEY });
});
beforeEach(() => {
  braze.reset();
  braze.apiKey = KEY;
  // Jitter is a matter of chance; here the shortest.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => braze.close());

interface Options {
  readonly isIdempotent?: boolean;
  readonly budget?: number;
  readonly url?: string;
  readonly refreshCredentials?: Parameters<typeof deliver>[3];
  readonly policy?: Parameters<typeof deliver>[5];
}

const noReread = () => Promise.reject(new Error('nobody asked for this'));

const send = ({
  isIdempotent = false,
  budget = 5_000,
  url = braze.url,
  refreshCredentials = noReread,
  policy,
}: Options = {}) =>
  deliver(
    sendOnce,
    { method: 'POST', path: 'users/track', json: ATTRIBUTES, isIdempotent },
    { url, apiKey: KEY },
    refreshCredentials,
    createDeadline(budget),
    policy,
  );

const timed = async <T>(work: Promise<T>): Promise<{ readonly result: T; readonly took: number }> => {
  const began = performance.now();
  return { result: await work, took: performance.now() - began };
};

describe('an accepted request', () => {
  test('is sent once', async () => {
    expect(await send()).toEqual({
      response: {
        kind: 'accepted',
        accepted: {
          status: 201,
          errors: [],
          processed: { attributes_processed: 1 },
          body: { message: 'success', attributes_processed: 1 },
        },
      },
      status: 201,
      attempts: 1,
      brazeMs: 0,
      timedOutAfterMs: 0,
    });
    expect(braze.requests).toHaveLength(1);
    expect(braze.profile({ external_id: 'ann' })).toMatchObject({ attributes: { first_name: 'Ann' } });
  });

  test('can have errors for some objects', async () => {
    braze.fault('refused');
    expect(await send()).toMatchObject({
      response: { kind: 'accepted', accepted: { errors: [{ input_array: 'attributes', index: 0 }], processed: {} } },
      status: 201,
      attempts: 1,
    });
  });
});

describe('a rejected request is not retried', () => {
  test.each<[Fault, string, number]>([
    ['413', 'rejected', 413],
    ['403', 'forbidden', 403],
    ['404', 'forbidden', 404],
    ['redirect', 'forbidden', 302],
  ])('%s: %s', async (fault, kind, status) => {
    braze.fault(fault);
    expect(await send({ isIdempotent: true })).toMatchObject({ response: { kind }, status, attempts: 1 });
    expect(braze.requests).toHaveLength(1);
  });
});

describe('a request that Braze did not process', () => {
  test('is retried twice at most', async () => {
    braze.fault('503');
    expect(await send()).toMatchObject({ response: { kind: 'busy' }, status: 503, attempts: 3 });
    expect(braze.requests).toHaveLength(3);
  });

  test('is retried after up to 200 ms, and then up to 400 ms', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    braze.fault('503', 2);
    const { result, took } = await timed(send());
    expect(result).toMatchObject({ response: { kind: 'accepted' }, attempts: 3 });
    expect(took).toBe(300);
  });

  test.each<Fault>(['503', '429:x-ratelimit-retry-after:0'])('is accepted once %s is over', async (fault) => {
    braze.fault(fault, 2);
    expect(await send()).toMatchObject({ response: { kind: 'accepted' }, status: 201, attempts: 3 });
    expect(braze.requests.map(({ status }) => status)).toEqual([
      fault === '503' ? 503 : 429,
      fault === '503' ? 503 : 429,
      201,
    ]);
  });

  test('is retried twice if the port is closed', async () => {
    expect(await send({ url: CLOSED_URL })).toEqual({
      response: { kind: 'busy' },
      status: undefined,
      attempts: 3,
      brazeMs: 0,
      timedOutAfterMs: 0,
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
  });

  test('is retried as often as the policy says', async () => {
    braze.fault('503');
    expect(await send({ policy: { attemptMs: 1_000, retries: 0 } })).toMatchObject({ attempts: 1 });
    expect(braze.requests).toHaveLength(1);
  });

  test('is not retried if too little time is left', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.9);
    braze.fault('503');
    const { result, took } = await timed(send({ budget: 200 }));
    expect(result).toMatchObject({ response: { kind: 'busy' }, status: 503, attempts: 1 });
    expect(took).toBe(0);
  });
});

describe('a 429', () => {
  test.each<Fault>(['429:x-ratelimit-retry-after:0.3', '429:retry-after:0.3', '429:reset-delta:0.3'])(
    'is retried after the time in its headers: %s',
    async (fault) => {
      braze.fault(fault, 1);
      const { result, took } = await timed(send());
      expect(result).toMatchObject({ response: { kind: 'accepted' }, attempts: 2 });
      expect(took).toBe(300);
      expect(result.brazeMs).toBe(0);
    },
  );

  test.each<Fault>(['429:retry-after-date:1', '429:reset-epoch:0'])(
    'is retried at the time in its headers: %s',
    async (fault) => {
      braze.fault(fault, 1);
      expect(await send()).toMatchObject({ response: { kind: 'accepted' }, attempts: 2 });
      const [first, second] = braze.requests.map(({ at }) => Math.floor(at / 1_000));
      expect(second).toBe(Number(first) + 1);
    },
  );

  test.each<Fault>(['429:empty', '429:none'])('without a delay is retried soon: %s', async (fault) => {
    braze.fault(fault);
    const { result, took } = await timed(send());
    expect(result).toMatchObject({ response: { kind: 'busy' }, status: 429, attempts: 3 });
    expect(took).toBe(0);
  });

  test.each<Fault>([
    '429:x-ratelimit-retry-after:60',
    '429:retry-after:60',
    '429:retry-after-date:60',
    '429:reset-epoch:60',
    '429:reset-delta:60',
  ])('that asks for more time than is left ends at once: %s', async (fault) => {
    braze.fault(fault);
    const { result, took } = await timed(send());
    expect(result).toMatchObject({ response: { kind: 'busy' }, status: 429, attempts: 1 });
    expect(took).toBe(0);
    expect(braze.requests).toHaveLength(1);
  });
});

describe('a request that Braze may have processed', () => {
  const faults: Fault[] = [
    '500',
    '500-after',
    '502',
    '502-after',
    '504',
    '504-after',
    'reset',
    'reset-after',
    'html',
    'odd-message',
  ];

  test.each(faults)('is not retried: %s', async (fault) => {
    braze.fault(fault);
    expect(await send()).toMatchObject({ response: { kind: 'unknown' }, attempts: 1 });
    expect(braze.requests).toHaveLength(1);
  });

  test.each(faults)('is retried twice if it is idempotent: %s', async (fault) => {
    braze.fault(fault);
    expect(await send({ isIdempotent: true })).toMatchObject({ response: { kind: 'unknown' }, attempts: 3 });
    expect(braze.requests).toHaveLength(3);
  });

  test.each(faults)('is accepted if it is idempotent, once %s is over', async (fault) => {
    braze.fault(fault, 1);
    expect(await send({ isIdempotent: true })).toMatchObject({ response: { kind: 'accepted' }, attempts: 2 });
  });

  test('has the cause', async () => {
    braze.fault('reset');
    expect((await send()).cause).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the time of a request', () => {
  test.each<Fault>(['hang', 'drip'])('ends with the deadline, with %s', async (fault) => {
    braze.fault(fault);
    for (const isIdempotent of [false, true]) {
      const { result, took } = await timed(send({ budget: 200, isIdempotent }));
      expect(result).toMatchObject({ response: { kind: 'unknown' }, attempts: 1 });
      expect(took).toBe(200);
    }
  });

  test('ends after three seconds for one attempt', async () => {
    braze.fault('hang', 1);
    const { result, took } = await timed(send({ isIdempotent: true }));
    expect(result).toMatchObject({ response: { kind: 'accepted' }, attempts: 2 });
    expect(took).toBe(3_000);
  });

  test.each([0, 20])('is too short to send anything with %d ms, and nothing is in doubt', async (budget) => {
    expect(await send({ budget })).toEqual({
      response: { kind: 'busy' },
      status: undefined,
      attempts: 0,
      brazeMs: 0,
      timedOutAfterMs: 0,
    });
    expect(braze.requests).toEqual([]);
  });
});

describe('a rejected key', () => {
  test('is read again once, and the request is sent with the new one', async () => {
    braze.apiKey = 'the-next-key';
    const refused: unknown[] = [];
    const refreshCredentials = async (access: unknown) => {
      refused.push(access);
      return { url: braze.url, apiKey: 'the-next-key' };
    };
    expect(await send({ refreshCredentials })).toMatchObject({
      response: { kind: 'accepted' },
      status: 201,
      attempts: 2,
    });
    expect(refused).toEqual([{ url: braze.url, apiKey: KEY }]);
    expect(braze.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer the-key',
      'Bearer the-next-key',
    ]);
  });

  test('can be replaced together with the URL', async () => {
    const next = await startBraze({ apiKey: 'the-next-key' });
    braze.apiKey = 'gone';
    const refreshCredentials = async () => ({ url: next.url, apiKey: 'the-next-key' });
    expect(await send({ refreshCredentials })).toMatchObject({ response: { kind: 'accepted' } });
    expect(next.requests).toHaveLength(1);
    await next.close();
  });

  test('is unauthorized if the next one is rejected, too', async () => {
    braze.apiKey = 'gone';
    let reads = 0;
    const refreshCredentials = async () => {
      reads += 1;
      return { url: braze.url, apiKey: `key-${reads}` };
    };
    expect(await send({ refreshCredentials })).toMatchObject({
      response: { kind: 'unauthorized' },
      status: 401,
      attempts: 2,
    });
    expect(reads).toBe(1);
    expect(braze.requests).toHaveLength(2);
  });

  test('is unauthorized after too many reads', async () => {
    braze.apiKey = 'gone';
    const refreshCredentials = async () => undefined;
    expect(await send({ refreshCredentials })).toMatchObject({
      response: { kind: 'unauthorized' },
      status: 401,
      attempts: 1,
    });
  });

  test('is unauthorized if reading again fails with a ConfigurationError, which is the cause', async () => {
    braze.apiKey = 'gone';
    const cause = new Error('SSM is down');
    expect(await send({ refreshCredentials: () => Promise.reject(cause) })).toMatchObject({
      response: { kind: 'unauthorized' },
      status: 401,
      attempts: 1,
      cause,
    });
  });

  test('is retryable if SSM cannot be read now', async () => {
    braze.apiKey = 'gone';
    const cause = new ParametersUnavailableError('SSM could not be read.');
    expect(await send({ refreshCredentials: () => Promise.reject(cause) })).toMatchObject({
      response: { kind: 'busy' },
      status: 401,
      attempts: 1,
      cause,
    });
  });

  test('does not use up retries', async () => {
    braze.apiKey = 'the-next-key';
    braze.fault('503', 1);
    braze.fault('401', 1);
    braze.fault('503', 1);
    const refreshCredentials = async () => ({ url: braze.url, apiKey: 'the-next-key' });
    expect(await send({ refreshCredentials })).toMatchObject({ response: { kind: 'accepted' }, attempts: 4 });
  });

  test('is not in the result', async () => {
    braze.apiKey = 'gone';
    const delivered = await send({ refreshCredentials: async () => ({ url: braze.url, apiKey: 'the-next-key' }) });
    expect(JSON.stringify(delivered)).not.toContain('key');
  });
});
