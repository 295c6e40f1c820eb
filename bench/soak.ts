import type { Fault } from '../emulators/braze/faults.ts';
import { type Deployed, ExecutionEnvironment, expectSuccess, type Held } from './environment.ts';
import { startRuntimeApi } from './runtime-api.ts';
import type { Servers } from './servers.ts';
import type { Runtime } from './setup.ts';
import { growth, table } from './statistics.ts';

const SAMPLES = 20;
/** 1 % of the invocations meet a fault, one kind after the other, and all requests of such an invocation meet it. */
const FAULT_EVERY = 100;
const FAULTS: readonly Fault[] = ['503', '500', 'hang', 'reset', '429', 'partial'];
/** An invocation that meets `hang` takes nearly all of it. */
const TIME_BUDGET_MS = 1_500;

/**
 * How much each may grow. One object of 100 bytes kept per invocation is 3.75 MB between the quarters that are compared,
 * and one socket or timer kept per fault is 375. V8 enlarges the heap's reserve in steps of several MB.
 */
const MAX_GROWTH: Readonly<Record<keyof Held, number>> = { heapMb: 1, rssMb: 30, sockets: 1, timers: 1 };
const TITLES: Readonly<Record<keyof Held, string>> = {
  heapMb: 'live heap MB',
  rssMb: 'RSS MB',
  sockets: 'sockets',
  timers: 'timers',
};
const KEYS = ['heapMb', 'rssMb', 'sockets', 'timers'] as const;

const format = (key: keyof Held, value: number): string =>
  value.toFixed({ heapMb: 2, rssMb: 1, sockets: 0, timers: 0 }[key]);

const countOutcomes = (outcomes: readonly string[]): string =>
  [...new Set(outcomes)]
    .toSorted()
    .map((outcome) => `${outcome} ${outcomes.filter((one) => one === outcome).length}`)
    .join(', ');

/** Many warm invocations of one environment, some of them with a fault, and whether what it holds stays flat. */
export const soak = async (
  deployed: Deployed,
  runtime: Runtime,
  servers: Servers,
  event: string,
  invocations: number,
): Promise<{ readonly report: string; readonly isFlat: boolean }> => {
  const api = await startRuntimeApi();
  const variables = { ...servers.variables, TIME_BUDGET_MS: String(TIME_BUDGET_MS) };
  const environment = ExecutionEnvironment.start(api, deployed, runtime, variables, true);
  const samples: { readonly done: number; readonly held: Held }[] = [];
  const outcomes = new Map<Fault, string[]>(FAULTS.map((fault) => [fault, []]));

  const invokeWithFault = async (fault: Fault): Promise<void> => {
    await servers.setFault(fault);
    const answer = JSON.parse(await environment.invoke(event));
    await servers.setFault();
    outcomes.get(fault)?.push(answer.outcome);
  };

  try {
    await environment.invoke(event);
    for (let done = 1; done <= invocations; done += 1) {
      const nth = done / FAULT_EVERY - 0.5;
      const fault = Number.isInteger(nth) ? FAULTS[nth % FAULTS.length] : undefined;
      if (fault === undefined) expectSuccess(await environment.invoke(event), deployed);
      else await invokeWithFault(fault);
      if (done % (invocations / SAMPLES) === 0) samples.push({ done, held: await environment.held() });
    }
  } finally {
    await environment.end();
    api.close();
  }

  const growths = KEYS.map((key) => ({ key, grown: growth(samples.map(({ held }) => held[key])) }));
  const isFlat = growths.every(({ key, grown }) => grown <= MAX_GROWTH[key]);
  const report = [
    table(
      ['fault', 'invocations', 'outcomes'],
      [...outcomes].map(([fault, list]) => [fault, String(list.length), countOutcomes(list)]),
    ),
    table(
      ['invocations', ...KEYS.map((key) => TITLES[key])],
      samples.map(({ done, held }) => [String(done), ...KEYS.map((key) => format(key, held[key]))]),
    ),
    table(
      ['from the first quarter to the last', 'growth of the median', 'at most', 'flat'],
      growths.map(({ key, grown }) => [
        TITLES[key],
        format(key, grown),
        format(key, MAX_GROWTH[key]),
        grown <= MAX_GROWTH[key] ? 'yes' : 'NO',
      ]),
    ),
    isFlat ? 'Everything stayed flat.' : 'FAILED: not everything stayed flat.',
  ].join('\n\n');
  return { report, isFlat };
};
