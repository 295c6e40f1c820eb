import { sleep } from '../../lib/clock.ts';
import { createDeadline, drawBackoffMs, withDeadline } from '../../lib/deadline.ts';
import { useVirtualTime } from '../support/virtual-time.ts';

useVirtualTime();

const never = new Promise<never>(() => {});

describe('a deadline', () => {
  test('has less time left as the clock advances', async () => {
    const budget = createDeadline(1_000);
    await sleep(50);
    expect(budget.remainingMs()).toBeLessThan(955);
    expect(budget.remainingMs()).toBeGreaterThanOrEqual(0);
  });

  test.each([0, -1, -5_000, Number.NEGATIVE_INFINITY])(
    'in %d ms has passed, and the time left is not negative',
    (milliseconds) => {
      expect(createDeadline(milliseconds).remainingMs()).toBe(0);
    },
  );

  test('in infinite time still fits a timer', async () => {
    await expect(
      withDeadline(createDeadline(Number.POSITIVE_INFINITY), sleep(20), () => 'late'),
    ).resolves.toBeUndefined();
  });

  test('has an earlier deadline before it', () => {
    const whole = createDeadline(60_000);
    const part = whole.earlierBy(40_000);
    expect(part.remainingMs()).toBeLessThanOrEqual(20_000);
    expect(part.remainingMs()).toBeGreaterThan(10_000);
  });

  test('has no time left if more is reserved than remains', () => {
    expect(createDeadline(1_000).earlierBy(2_000).remainingMs()).toBe(0);
  });
});

describe('withDeadline', () => {
  test('returns the value of a promise that is in time', async () => {
    expect(await withDeadline(createDeadline(1_000), Promise.resolve('in time'), () => 'late')).toBe('in time');
  });

  test('fails with the error of a promise that is in time', async () => {
    await expect(
      withDeadline(createDeadline(1_000), Promise.reject(new Error('failed')), () => 'late'),
    ).rejects.toThrow('failed');
  });

  test('returns the result of onExpired after the deadline', async () => {
    expect(await withDeadline(createDeadline(30), never, () => 'late')).toBe('late');
  });

  test('fails with the error that onExpired throws', async () => {
    const late = () => {
      throw new Error('too late');
    };
    await expect(withDeadline(createDeadline(0), never, late)).rejects.toThrow('too late');
  });

  test('ignores a promise that fails after the deadline', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const failing = sleep(20).then(() => Promise.reject(new Error('nobody waits any more')));
    expect(await withDeadline(createDeadline(1), failing, () => 'late')).toBe('late');
    await sleep(40);
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  test('leaves no timer that would keep the process alive', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await withDeadline(createDeadline(60_000), Promise.resolve(), () => 'late');
    expect(timers()).toBe(before);
  });
});

describe('drawBackoffMs', () => {
  test.each([
    [1, 200],
    [2, 400],
    [3, 800],
    [4, 1_000],
    [50, 1_000],
  ])('is random after failure %d, up to %d ms', (failures, most) => {
    const waits = Array.from({ length: 2_000 }, () => drawBackoffMs(failures, 200, 1_000));
    expect(Math.min(...waits)).toBeLessThan(most * 0.05);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeGreaterThan(most * 0.95);
    expect(Math.max(...waits)).toBeLessThan(most);
  });
});
