import { monotonicNow } from './clock.ts';

/** How long the conversation can still wait, on a clock that no one sets. */
export interface Deadline {
  /** Milliseconds left; never negative. */
  remainingMs(): number;
  /** The part of this deadline that ends `reserve` milliseconds earlier, so that something can follow. */
  earlierBy(reserve: number): Deadline;
  /** Aborts when the deadline passes. */
  signal(): AbortSignal;
}

/** Node fires a timer that is longer at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const deadlineIn = (milliseconds: number): Deadline => {
  const end = monotonicNow() + Math.min(milliseconds, MAX_TIMER_MS);
  return {
    remainingMs: () => Math.max(0, end - monotonicNow()),
    earlierBy: (reserve) => deadlineIn(end - monotonicNow() - reserve),
    signal: () => AbortSignal.timeout(Math.ceil(Math.max(0, end - monotonicNow()))),
  };
};

/** What Lambda needs to hand the answer on before its own limit. */
const LAMBDA_MARGIN_MS = 500;

/** Until shortly before Lambda ends the invocation, but at most `maxMs`. */
export const invocationDeadline = (
  lambda: { readonly getRemainingTimeInMillis?: () => number } | undefined,
  maxMs: number,
): Deadline =>
  deadlineIn(Math.min(maxMs, (lambda?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY) - LAMBDA_MARGIN_MS));

/** The promise's value, or what `onExpired` gives if the deadline ends first. The promise itself runs on. */
export const withDeadline = async <T, L>(
  deadline: Deadline,
  promise: Promise<T>,
  onExpired: () => L,
): Promise<T | L> => {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<L>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(onExpired());
      } catch (error) {
        reject(error);
      }
    }, deadline.remainingMs());
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
};

/** A wait that spreads callers evenly: anything up to a bound that doubles with each failure ("full jitter"). */
export const fullJitter = (failures: number, base: number, maxMs: number): number =>
  Math.random() * Math.min(maxMs, base * 2 ** (failures - 1));
