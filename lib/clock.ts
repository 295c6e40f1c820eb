/** Milliseconds on a clock that nobody sets, from an arbitrary start. The playground replaces this file by a clock that skips waits. */
export const monotonicNow = (): number => performance.now();

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
