import { afterArrivals, monotonicNow } from './clock.ts';

/** How long a call may still take, on the monotonic clock. */
export interface Deadline {
  /** At least 0. */
  remainingMs(): number;
  /** A deadline `reserveMs` earlier, so that time is left for what follows. */
  earlierBy(reserveMs: number): Deadline;
  /** Aborts when the deadline passes. */
  signal(): AbortSignal;
}

/** Node fires longer timers immediately. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const createDeadline = (milliseconds: number): Deadline => {
  const end = monotonicNow() + Math.min(milliseconds, MAX_TIMER_MS);
  return {
    remainingMs: () => Math.max(0, end - monotonicNow()),
    earlierBy: (reserveMs) => createDeadline(end - monotonicNow() - reserveMs),
    signal: () => AbortSignal.timeout(Math.ceil(Math.max(0, end - monotonicNow()))),
  };
};

/** Time for returning the answer before Lambda's own timeout. */
const LAMBDA_MARGIN_MS = 500;

/** Until shortly before Lambda ends the invocation, but at most `maxMs`. */
export const toInvocationDeadline = (
  lambda: { readonly getRemainingTimeInMillis?: () => number } | undefined,
  maxMs: number,
): Deadline =>
  createDeadline(
    Math.min(maxMs, (lambda?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY) - LAMBDA_MARGIN_MS),
  );

/** The promise's value, or the result of `onExpired` if the deadline passes first. The promise is not cancelled. */
export const withDeadline = async <T, L>(
  deadline: Deadline,
  promise: Promise<T>,
  onExpired: () => L,
): Promise<T | L> => {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<L>((resolve, reject) => {
    const expire = () => {
      try {
        resolve(onExpired());
      } catch (error) {
        reject(error);
      }
    };
    timer = setTimeout(() => afterArrivals(expire), deadline.remainingMs());
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * A random backoff below a bound that doubles with each failure.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const drawBackoffMs = (failures: number, baseMs: number, maxMs: number): number =>
  Math.random() * Math.min(maxMs, baseMs * 2 ** (failures - 1));
