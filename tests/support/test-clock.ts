const wallClock = Date.now;
const monotonicClock = performance.now.bind(performance);

/** Both clocks of this process, which a test may put forward or, for the wall clock, set to anything. */
export const startTestClock = () => {
  let monotonicMs = 0;
  let wallMs = 0;
  performance.now = () => monotonicClock() + monotonicMs;
  Date.now = () => wallClock() + wallMs;
  return {
    /** Time passes. */
    advance: (milliseconds: number): void => {
      monotonicMs += milliseconds;
      wallMs += milliseconds;
    },
    /** Somebody sets the wall clock. */
    jump: (milliseconds: number): void => {
      wallMs += milliseconds;
    },
    stop: (): void => {
      performance.now = monotonicClock;
      Date.now = wallClock;
    },
  };
};
