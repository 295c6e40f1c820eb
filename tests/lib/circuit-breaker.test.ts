import { CircuitBreaker } from '../../lib/circuit-breaker.ts';

let now = 0;
let breaker: CircuitBreaker;

beforeEach(() => {
  now = 1_000_000;
  breaker = new CircuitBreaker(() => now);
});

const fail = (times: number) => {
  for (let time = 0; time < times; time += 1) breaker.recordFailure();
};
/** Whether a call may be made after so many milliseconds. */
const acquiresAfter = (milliseconds: number) => {
  now += milliseconds;
  return breaker.tryAcquire();
};

describe('a circuit breaker', () => {
  test('is closed at first', () => {
    expect(new CircuitBreaker().tryAcquire()).toBe(true);
  });

  test('stays closed after four failures in a row', () => {
    fail(4);
    expect(breaker.tryAcquire()).toBe(true);
  });

  test('opens with the fifth failure in a row, for five seconds', () => {
    fail(5);
    expect(breaker.tryAcquire()).toBe(false);
    expect(acquiresAfter(4_999)).toBe(false);
    expect(acquiresAfter(1)).toBe(true);
  });

  test('counts from zero again after a success', () => {
    fail(4);
    breaker.recordSuccess();
    fail(4);
    expect(breaker.tryAcquire()).toBe(true);
    fail(1);
    expect(breaker.tryAcquire()).toBe(false);
  });

  test('allows one call when half-open, and no other meanwhile', () => {
    fail(5);
    expect(acquiresAfter(5_000)).toBe(true);
    expect(breaker.tryAcquire()).toBe(false);
    expect(acquiresAfter(600_000)).toBe(false);
  });

  test('closes when the allowed call succeeds', () => {
    fail(5);
    acquiresAfter(5_000);
    breaker.recordSuccess();
    expect(breaker.tryAcquire()).toBe(true);
    expect(breaker.tryAcquire()).toBe(true);
  });

  test('stays open twice as long after each failed attempt, up to a minute', () => {
    fail(5);
    expect(acquiresAfter(5_000)).toBe(true);
    for (const openMs of [10_000, 20_000, 40_000, 60_000, 60_000]) {
      breaker.recordFailure();
      expect(acquiresAfter(openMs - 1)).toBe(false);
      expect(acquiresAfter(1)).toBe(true);
    }
  });

  test('opens for five seconds again after it was closed', () => {
    fail(5);
    acquiresAfter(5_000);
    breaker.recordFailure();
    acquiresAfter(10_000);
    breaker.recordSuccess();
    fail(5);
    expect(acquiresAfter(4_999)).toBe(false);
    expect(acquiresAfter(1)).toBe(true);
  });

  test('allows another call after the first was released', () => {
    fail(5);
    expect(acquiresAfter(5_000)).toBe(true);
    breaker.release();
    expect(breaker.tryAcquire()).toBe(true);
  });

  test('does not stay open longer for calls that began before it opened', () => {
    fail(8);
    expect(acquiresAfter(5_000)).toBe(true);
  });
});
