import { sleep } from '../../lib/clock.ts';
import { createDeadline, drawBackoffMs, withDeadline } from '../../lib/deadline.ts';
import { useVirtualTime } from '../support/virtual-time.ts';

useVirtualTime();

const never = new Promise<never>(() => {});

describe('a budget', () => {
  test('runs down with the clock', async () => {
    const budget = createDeadline(1_000);
    await sleep(50);
    expect(budget.remainingMs()).toBeLessThan(955);
    expect(budget.remainingMs()).toBeGreaterThanOrEqual(0);
  });

  test.each([0, -1, -5_000, Number.NEGATIVE_INFINITY])('of %d ms is empty, and never negative', (milliseconds) => {
    expect(createDeadline(milliseconds).remainingMs()).toBe(0);
  });

  test('without an end still fits a timer', async () => {
    await expect(
      withDeadline(createDeadline(Number.POSITIVE_INFINITY), sleep(20), () => 'late'),
    ).resolves.toBeUndefined();
  });

  test('has a part that ends earlier', () => {
    const whole = createDeadline(60_000);
    const part = whole.earlierBy(40_000);
    expect(part.remainingMs()).toBeLessThanOrEqual(20_000);
    expect(part.remainingMs()).toBeGreaterThan(10_000);
  });

  test('has an empty part where more is reserved than is left', () => {
    expect(createDeadline(1_000).earlierBy(2_000).remainingMs()).toBe(0);
  });
});

describe('within a budget', () => {
  test('gives what the promise gives in time', async () => {
    expect(await withDeadline(createDeadline(1_000), Promise.resolve('in time'), () => 'late')).toBe('in time');
  });

  test('fails as the promise fails in time', async () => {
    await expect(
      withDeadline(createDeadline(1_000), Promise.reject(new Error('failed')), () => 'late'),
    ).rejects.toThrow('failed');
  });

  test('returns the result of onExpired after the deadline', async () => {
    expect(await withDeadline(createDeadline(30), never, () => 'late')).toBe('late');
  });

  test('fails with what is thrown for being late', async () => {
    const late = () => {
      throw new Error('too late');
    };
    await expect(withDeadline(createDeadline(0), never, late)).rejects.toThrow('too late');
  });

  test('takes no notice of a promise that fails after the end', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const failing = sleep(20).then(() => Promise.reject(new Error('nobody waits any more')));
    expect(await withDeadline(createDeadline(1), failing, () => 'late')).toBe('late');
    await sleep(40);
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  test('leaves no timer behind that would keep the process alive', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await withDeadline(createDeadline(60_000), Promise.resolve(), () => 'late');
    expect(timers()).toBe(before);
  });
});

describe('full jitter', () => {
  test.each([
    [1, 200],
    [2, 400],
    [3, 800],
    [4, 1_000],
    [50, 1_000],
  ])('after failure %d waits anything up to %d ms', (failures, most) => {
    const waits = Array.from({ length: 2_000 }, () => drawBackoffMs(failures, 200, 1_000));
    expect(Math.min(...waits)).toBeLessThan(most * 0.05);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeGreaterThan(most * 0.95);
    expect(Math.max(...waits)).toBeLessThan(most);
  });
});
