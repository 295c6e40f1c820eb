/** Monotonic milliseconds. The playground replaces this file with a clock that skips waits. */
export const monotonicNow = (): number => performance.now();

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
