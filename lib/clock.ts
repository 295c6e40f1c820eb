/** Monotonic milliseconds. The playground replaces this file with a clock that skips waits. */
export const monotonicNow = (): number => performance.now();

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Does something once what has arrived at the sockets was read. In the event loop timers come first, so that after a
 * while without the processor a timeout would win over an answer that came in time.
 */
export const afterArrivals = (work: () => void): void => {
  setImmediate(work);
};
