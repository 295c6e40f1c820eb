import { performance as realPerformance } from 'node:perf_hooks';

const realSetTimeout = setTimeout;

/** How many rounds of the event loop without any event there are before time goes on. */
const QUIET_ROUNDS = 4;

const LONGEST_DEADLINE_MS = 60_000;

/** Waits until no socket of this process has anything to say. */
const quiet = async (): Promise<void> => {
  let events = -1;
  for (let rounds = 0; rounds < QUIET_ROUNDS; rounds += 1) {
    // The last round sleeps: on a busy machine the kernel may need the processor to hand on what was written.
    await new Promise<unknown>((resolve) =>
      rounds === QUIET_ROUNDS - 1 ? realSetTimeout(resolve, 0) : setImmediate(resolve),
    );
    const seen = realPerformance.nodeTiming.uvMetricsInfo.events;
    if (seen !== events) rounds = -1;
    events = seen;
  }
};

/**
 * The tests of a file, or of a `describe`, run in virtual time: timers and clocks stand still while anything happens, and
 * are put forward to the next timer once nothing does. A wait costs no time, a limit is kept to the millisecond, and a
 * busy machine changes nothing. For servers of this process: what another process does takes no virtual time.
 * With many timers, `stepMs` puts time forward by so much at once, and is how late what happens may be.
 */
export const useVirtualTime = ({ stepMs = 0 } = {}): void => {
  const { timeout } = AbortSignal;
  let isRunning = false;
  let pump: Promise<void>;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] });
    AbortSignal.timeout = (milliseconds) => {
      const controller = new AbortController();
      const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      setTimeout(() => controller.abort(reason), milliseconds);
      return controller.signal;
    };
    isRunning = true;
    pump = (async () => {
      while (isRunning) {
        await quiet();
        if (!isRunning) return;
        jest.advanceTimersToNextTimer();
        jest.advanceTimersByTime(stepMs);
      }
    })();
  });
  afterEach(async () => {
    isRunning = false;
    await pump;
    // What a test left waiting, such as retries that nobody awaits, meets its deadline before the clock is real again.
    jest.advanceTimersByTime(LONGEST_DEADLINE_MS);
    await quiet();
    AbortSignal.timeout = timeout;
    jest.useRealTimers();
  });
};
