/** Monotonic milliseconds. The playground replaces this file with a clock that skips waits. */
export const monotonicNow = (): number => performance.now();

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Calls `work` after what has arrived at the sockets was read. Node runs timers first, so a process that was suspended
 * would time out although the response arrived in time.
 * https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick
 */
export const afterArrivals = (work: () => void): void => {
  setImmediate(work);
};
