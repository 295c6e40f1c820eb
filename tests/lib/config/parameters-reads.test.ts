import { sleep } from '../../../lib/clock.ts';
import { readSettings } from '../../../lib/config/env.ts';
import { ParameterStore } from '../../../lib/config/parameters.ts';
import { createDeadline } from '../../../lib/deadline.ts';

const settings = readSettings({ STAGE: 'sandbox', PARAMETER_PATH: '/a-brand/sandbox' });
const OLD_SECRET = 'a secret of the entry that is long enough';
const NEW_SECRET = 'the secret that is to replace that one';
const TTL_MS = 300_000;

/** In real time, beside parameters.test.ts, because only the wall clock moves. What SSM holds; `slow` is the read that answers only after `release`, with what SSM held when it began. */
const createSsm = (slow = 0, delayMs = 0) => {
  const held = { key: 'old-key', secret: OLD_SECRET, isDown: false };
  const { promise, resolve: release } = Promise.withResolvers<void>();
  let reads = 0;
  const store = new ParameterStore(settings, async () => {
    reads += 1;
    const values = [
      ['braze_url', 'https://rest.fra-01.braze.eu'],
      ['braze_api_key', held.key],
      ['node_secret', held.secret],
    ] as const;
    if (held.isDown) throw new Error('SSM is down');
    if (reads === slow) await promise;
    await sleep(delayMs);
    return new Map(values);
  });
  return { held, store, release };
};

afterEach(() => jest.restoreAllMocks());

test('a 401 while SSM is down does not cost the secrets of the entry', async () => {
  const { held, store } = createSsm();
  await store.getCredentials(createDeadline(1_000));
  held.isDown = true;
  await expect(store.refreshAfter401('old-key', createDeadline(100))).rejects.toThrow('SSM could not be read.');
  expect(await store.getNodeSecrets(createDeadline(1_000))).toEqual([OLD_SECRET]);
  await expect(store.getCredentials(createDeadline(100))).rejects.toThrow('SSM could not be read.');
});

test('a 401 that joins a read from before a rotation is followed by another read', async () => {
  const { held, store, release } = createSsm(2);
  await store.getCredentials(createDeadline(1_000));
  const expired = Date.now() + TTL_MS + 1;
  jest.spyOn(Date, 'now').mockReturnValue(expired);
  await store.getCredentials(createDeadline(1_000));
  held.key = 'new-key';
  const refreshed = store.refreshAfter401('old-key', createDeadline(1_000));
  release();
  expect(await refreshed).toMatchObject({ apiKey: 'new-key' });
});

test('a read that was frozen with the environment does not make a revoked secret valid', async () => {
  const { held, store, release } = createSsm(2);
  await store.getNodeSecrets(createDeadline(1_000));
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now + TTL_MS + 1);
  await store.getNodeSecrets(createDeadline(1_000));
  held.secret = NEW_SECRET;
  clock.mockReturnValue(now + 10 * TTL_MS);
  release();
  expect(await store.getNodeSecrets(createDeadline(1_000))).toEqual([NEW_SECRET]);
});

test('what was prefetched before the environment was frozen is read again', async () => {
  const { held, store, release } = createSsm(1);
  store.prefetch();
  held.secret = NEW_SECRET;
  const later = Date.now() + 10 * TTL_MS;
  jest.spyOn(Date, 'now').mockReturnValue(later);
  setTimeout(release, 5);
  expect(await store.getNodeSecrets(createDeadline(1_000))).toEqual([NEW_SECRET]);
});

test('a call that waits for two reads reports the time once', async () => {
  const { store } = createSsm(0, 50);
  store.prefetch();
  const later = Date.now() + 10 * TTL_MS;
  jest.spyOn(Date, 'now').mockReturnValue(later);
  const startedAt = performance.now();
  await store.getNodeSecrets(createDeadline(5_000));
  const elapsed = performance.now() - startedAt;
  expect(store.takeSsmWaitMs()).toBeLessThanOrEqual(Math.ceil(elapsed));
});
