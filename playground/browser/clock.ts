/** Takes the place of lib/clock.ts on the page: a wait takes no time, and only moves the clock on. */
let skippedMs = 0;

export const monotonicNow = (): number => performance.now() + skippedMs;

export const sleep = async (milliseconds: number): Promise<void> => {
  skippedMs += milliseconds;
};

export const afterArrivals = (work: () => void): void => work();
