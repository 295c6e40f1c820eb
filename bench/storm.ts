import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startLocalStage } from '../emulators/local-stage.ts';
import { trackUser } from '../handlers/track-user.ts';
import { sleep } from '../lib/clock.ts';
import { readSettings } from '../lib/config/env.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { createRuntime } from '../lib/runtime.ts';

/** A cold-start storm: so many execution environments begin within `spreadMs`, each with one conversation. */
export interface Storm {
  readonly environments: number;
  /** SSM's token bucket: reads a second, and how many it has saved up at the beginning. */
  readonly rate: number;
  readonly burst: number;
  /** Cold starts of a fleet end one after the other; 0 for all in one instant. */
  readonly spreadMs: number;
}

/** What came of it. */
export interface Result {
  /** How many conversations were answered with each outcome. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** How long each conversation waited, in milliseconds, the shortest first. */
  readonly waits: readonly number[];
  /** How many conversations waited longer than their budget, on a clock that stands still while this process does. */
  readonly late: number;
  /** How many reads SSM was asked for, throttled ones included. */
  readonly reads: number;
  /** The longest time in milliseconds that this process stood still; if it is long, the other figures are the machine's. */
  readonly stall: number;
}

const BUDGET_MS = 6_000;
/** What a busy process may add to each of two timers. */
const LATE_MS = 100;

/** Runs a storm on emulators of Braze, SSM and SQS. */
export const runColdStarts = async ({ environments, rate, burst, spreadMs }: Storm): Promise<Result> => {
  const stage = await startLocalStage({
    trackLimit: Number.POSITIVE_INFINITY,
    ssmRate: { ratePerSecond: rate, burst },
  });
  const settings = readSettings({ ...stage.variables, TIME_BUDGET_MS: String(BUDGET_MS) });

  const delays = monitorEventLoopDelay();
  delays.enable();
  const outcomes = new Map<string, number>();
  const waits: number[] = [];
  let late = 0;
  const start = async (nth: number): Promise<void> => {
    await sleep((spreadMs * nth) / environments);
    const startedAt = performance.now();
    const handler = createHandler(trackUser, createRuntime(settings, { write: () => {} }));
    const answering = handler({ payload: { external_id: `u${nth}`, event: { name: 'came' } } });
    let limit = setTimeout(() => {
      limit = setTimeout(() => (late += 1), LATE_MS);
    }, BUDGET_MS);
    const answer = await answering;
    clearTimeout(limit);
    waits.push(performance.now() - startedAt);
    const outcome = 'outcome' in answer ? answer.outcome : '';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  };
  try {
    await Promise.all(Array.from({ length: environments }, (_, nth) => start(nth)));
    const sorted = waits.toSorted((a, b) => a - b);
    return { outcomes, waits: sorted, late, reads: stage.ssm.reads.length, stall: delays.max / 1e6 };
  } finally {
    delays.disable();
    await stage.close();
  }
};
