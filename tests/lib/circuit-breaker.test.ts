import { Breaker } from '../../lib/circuit-breaker.ts';

let now = 0;
let breaker: Breaker;

beforeEach(() => {
  now = 1_000_000;
  breaker = new Breaker(() => now);
});

const fail = (times: number) => {
  for (let time = 0; time < times; time += 1) breaker.failed();
};
/** Whether it admits after so many milliseconds. */
const admitsAfter = (milliseconds: number) => {
  now += milliseconds;
  return breaker.admits();
};

describe('a breaker', () => {
  test('admits at first, on the clock of the machine', () => {
    expect(new Breaker().admits()).toBe(true);
  });

  test('admits after four failures in a row', () => {
    fail(4);
    expect(breaker.admits()).toBe(true);
  });

  test('opens with the fifth failure in a row, for five seconds', () => {
    fail(5);
    expect(breaker.admits()).toBe(false);
    expect(admitsAfter(4_999)).toBe(false);
    expect(admitsAfter(1)).toBe(true);
  });

  test('counts anew after a success', () => {
    fail(4);
    breaker.succeeded();
    fail(4);
    expect(breaker.admits()).toBe(true);
    fail(1);
    expect(breaker.admits()).toBe(false);
  });

  test('lets one through to probe, and no other meanwhile', () => {
    fail(5);
    expect(admitsAfter(5_000)).toBe(true);
    expect(breaker.admits()).toBe(false);
    expect(admitsAfter(600_000)).toBe(false);
  });

  test('closes by the success of the probe', () => {
    fail(5);
    admitsAfter(5_000);
    breaker.succeeded();
    expect(breaker.admits()).toBe(true);
    expect(breaker.admits()).toBe(true);
  });

  test('rests twice as long after each failed probe, up to a minute', () => {
    fail(5);
    expect(admitsAfter(5_000)).toBe(true);
    for (const rest of [10_000, 20_000, 40_000, 60_000, 60_000]) {
      breaker.failed();
      expect(admitsAfter(rest - 1)).toBe(false);
      expect(admitsAfter(1)).toBe(true);
    }
  });

  test('rests five seconds again once it had closed', () => {
    fail(5);
    admitsAfter(5_000);
    breaker.failed();
    admitsAfter(10_000);
    breaker.succeeded();
    fail(5);
    expect(admitsAfter(4_999)).toBe(false);
    expect(admitsAfter(1)).toBe(true);
  });

  test('lets another probe where the one let through came to nothing', () => {
    fail(5);
    expect(admitsAfter(5_000)).toBe(true);
    breaker.untried();
    expect(breaker.admits()).toBe(true);
  });

  test('rests no longer for calls that had begun before it opened', () => {
    fail(8);
    expect(admitsAfter(5_000)).toBe(true);
  });
});
