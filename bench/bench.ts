import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Bundle, compared, nodes } from './bundles.ts';
import {
  type ColdStart,
  coldStart,
  ExecutionEnvironment,
  expectSuccess,
  type Usage,
  type Variables,
} from './environment.ts';
import { startRuntimeApi } from './runtime-api.ts';
import { type Servers, startServers } from './servers.ts';
import { NODE, ROOT, type Runtime, setUp } from './setup.ts';
import { soak } from './soak.ts';
import { mapSeries, median, p99, table } from './statistics.ts';
import { buildVariants } from './variants.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    variants: { type: 'boolean', default: false },
  },
});

const COLD_STARTS = options.quick ? 7 : options.variants ? 30 : 60;
const WARM_ROUNDS = options.quick ? 4 : 20;
const WARM_PER_ROUND = options.quick ? 100 : 250;
const QUEUED_MESSAGES = 5_000;
const PER_BATCH = 100;
/** What 512 MB get: 1,769 MB are one vCPU. Initialisation is reported not to be throttled. */
const LAMBDA_SHARE = 0.3;
const SOAK_INVOCATIONS = options.quick ? 4_000 : 50_000;

const event = readFileSync(new URL('event.json', import.meta.url), 'utf8');
/** The same, from a person who gave a telephone number: libphonenumber is loaded. */
const withPhone = event.replace('"home_city"', '"phone": "+442071838750", "home_city"');

const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const ratio = (value: number, base: number | undefined): string => `${(value / (base ?? Number.NaN)).toFixed(2)} ×`;
const kb = (bytes: number): string => (bytes / 1_024).toFixed(0);

interface Variant {
  readonly name: string;
  readonly bundle: Bundle;
  readonly event: string;
  /** Of its own, beside the servers's. */
  readonly variables?: Variables;
}

/** Each in turn, and each time another one first, so that what the machine does meanwhile hits all alike. */
const interleaved = async <R>(
  variants: readonly Variant[],
  rounds: number,
  one: (variant: Variant) => Promise<R>,
): Promise<ReadonlyMap<string, readonly R[]>> => {
  const results = new Map<string, R[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % variants.length;
    for (const variant of [...variants.slice(first), ...variants.slice(0, first)]) {
      const result = await one(variant);
      // The first round warms the machine's file cache.
      if (round > 0) results.get(variant.name)?.push(result);
    }
  }
  return results;
};

const sizes = (bundles: readonly Bundle[]): string =>
  table(
    ['size', 'KB of a cold start', 'zipped', 'zip KB with what is loaded when needed'],
    bundles.map(({ name, bytes, loadedZipBytes, zipBytes }) => [name, kb(bytes), kb(loadedZipBytes), kb(zipBytes)]),
  );

const measureCold = async (
  variants: readonly Variant[],
  runtime: Runtime,
  servers: Servers,
  share = 1,
): Promise<string> => {
  const results = await interleaved<ColdStart>(variants, COLD_STARTS, (variant) =>
    coldStart(variant.bundle, runtime, { ...servers.variables, ...variant.variables }, variant.event, share),
  );
  const rows = [...results].map(([name, starts]) => {
    const times = starts.map((start) => start.ms);
    return { name, middle: median(times), worst: p99(times), cpu: median(starts.map(({ cpuMs }) => cpuMs)) };
  });
  const [baseline, conventional] = ['baseline', 'conventional'].map((name) => rows.find((row) => row.name === name));
  return table(
    [
      share < 1 ? `cold start, ${share} of a processor after initialisation` : 'cold start',
      'median ms',
      'p99 ms',
      '÷ baseline',
      '÷ conventional',
      'CPU ms',
      'CPU ÷ baseline',
    ],
    rows.map(({ name, middle, worst, cpu }) => [
      name,
      ms(middle),
      ms(worst),
      ratio(middle, baseline?.middle),
      ratio(middle, conventional?.middle),
      ms(cpu),
      ratio(cpu, baseline?.cpu),
    ]),
  );
};

interface Warm {
  readonly times: readonly number[];
  readonly used: Usage;
}

const measureWarm = async (variants: readonly Variant[], runtime: Runtime, servers: Servers): Promise<string> => {
  const running = await mapSeries(variants, async ({ name, bundle }) => {
    const api = await startRuntimeApi();
    return { name, api, environment: ExecutionEnvironment.start(api, bundle, runtime, servers.variables, true) };
  });
  try {
    const results = await interleaved<Warm>(variants, WARM_ROUNDS, async (variant) => {
      const environment = running.find(({ name }) => name === variant.name)?.environment;
      if (environment === undefined) throw new Error(`${variant.name} does not run`);
      const times: number[] = [];
      expectSuccess(await environment.invoke(variant.event), variant.bundle);
      const before = await environment.used();
      for (let count = 0; count < WARM_PER_ROUND; count += 1) {
        const began = performance.now();
        await environment.invoke(variant.event);
        times.push(performance.now() - began);
      }
      const after = await environment.used();
      return { times, used: { ...after, cpuMs: (after.cpuMs - before.cpuMs) / WARM_PER_ROUND } };
    });
    const rows = [...results].map(([name, rounds]) => {
      const times = rounds.flatMap((round) => round.times);
      const cpu = median(rounds.map(({ used }) => used.cpuMs));
      return { name, middle: median(times), worst: p99(times), cpu, peak: rounds.at(-1)?.used.peakMb ?? Number.NaN };
    });
    const baseline = rows.find(({ name }) => name === 'baseline');
    return table(
      ['warm', 'median ms', 'p99 ms', 'over baseline ms', 'CPU ms', 'CPU ÷ baseline', 'peak MB'],
      rows.map(({ name, middle, worst, cpu, peak }) => [
        name,
        ms(middle),
        ms(worst),
        ms(middle - (baseline?.middle ?? Number.NaN)),
        ms(cpu),
        ratio(cpu, baseline?.cpu),
        peak.toFixed(0),
      ]),
    );
  } finally {
    for (const { environment, api } of running) {
      await environment.end();
      api.close();
    }
  }
};

/** A batch as SQS hands it to Lambda: messages of a person each. */
const createBatch = (first: number): string => {
  const [record] = JSON.parse(readFileSync(path.join(ROOT, 'events/redeliver.json'), 'utf8')).Records;
  const Records = Array.from({ length: PER_BATCH }, (_, index) => ({
    ...record,
    messageId: `message-${first + index}`,
    body: record.body.replace('customer-20417', `customer-${first + index}`),
  }));
  return JSON.stringify({ Records });
};

const measureRedelivery = async (bundle: Bundle, runtime: Runtime, servers: Servers): Promise<string> => {
  const batches = Array.from({ length: QUEUED_MESSAGES / PER_BATCH }, (_, index) => createBatch(index * PER_BATCH));
  const api = await startRuntimeApi();
  const environment = ExecutionEnvironment.start(api, bundle, runtime, servers.variables);
  try {
    await environment.invoke(createBatch(QUEUED_MESSAGES));
    await servers.received();
    const began = performance.now();
    for (const batch of batches) {
      const answer = await environment.invoke(batch);
      if (answer !== '{"batchItemFailures":[]}') throw new Error(`redeliver answered ${answer}`);
    }
    const seconds = (performance.now() - began) / 1_000;
    const { requests, objects, refused } = await servers.received();
    return table(
      ['redelivery', 'objects', 'requests', 'refused', 'seconds', 'objects/s'],
      [['redeliver', objects, requests, refused, seconds.toFixed(2), Math.round(objects / seconds)].map(String)],
    );
  } finally {
    await environment.end();
    api.close();
  }
};

const machine = (runtime: Runtime): string => {
  const node = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim();
  const cpus = os.cpus();
  const flags = process.argv.slice(2);
  return [
    `Command: \`npm run bench${flags.length > 0 ? ` -- ${flags.join(' ')}` : ''}\`.`,
    `Machine: ${cpus.length} × ${cpus[0]?.model.trim()}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GB,`,
    `${os.type()} ${os.release()}, load ${os.loadavg()[0]?.toFixed(1)}.`,
    `Node ${node}, aws-lambda-ric 4.0.2 (${runtime.client} client), braze-api 2.13.4, zod 4.6.7.`,
    'Everything on loopback, without TLS. Read the ratios; the milliseconds are this machine’s.',
  ].join('\n');
};

const runtime = setUp();
const deployed = await nodes();
const others = await compared(['baseline', 'conventional', 'braze-api']);
const findBundle = (name: string): Bundle => {
  const found = [...deployed, ...others].find((bundle) => bundle.name === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
};
const variants: readonly Variant[] = [
  ...others.map((bundle) => ({ name: bundle.name, bundle, event })),
  { name: 'track-user', bundle: findBundle('track-user'), event },
  { name: 'track-user, with a phone', bundle: findBundle('track-user'), event: withPhone },
];

const servers = await startServers();
try {
  const parts = [`# Results of the bench\n\n${machine(runtime)}`];
  const say = (part: string) => {
    console.log(`\n${part}`);
    parts.push(part);
  };
  console.log(`\n${parts[0]}`);
  if (options.soak) {
    const { report, isFlat } = await soak(findBundle('track-user'), runtime, servers, event, SOAK_INVOCATIONS);
    say(report);
    if (!isFlat) process.exitCode = 1;
  } else if (options.variants) {
    const different = (await buildVariants()).map((variant) => ({ ...variant, event }));
    say(
      sizes([
        ...deployed.filter(({ name }) => name === 'track-user'),
        ...different.map(({ name, bundle }) => ({ ...bundle, name })),
      ]),
    );
    const compared = [
      ...variants.filter(({ name }) => /^(?:baseline|conventional|track-user)$/.test(name)),
      ...different,
    ];
    say(await measureCold(compared, runtime, servers));
    say(await measureCold(compared, runtime, servers, LAMBDA_SHARE));
  } else {
    say(sizes([...others, ...deployed]));
    say(await measureCold(variants, runtime, servers));
    say(await measureCold(variants, runtime, servers, LAMBDA_SHARE));
    say(await measureWarm(variants, runtime, servers));
    say(await measureRedelivery(findBundle('redeliver'), runtime, servers));
  }
  const file = `results${options.soak ? '-soak' : ''}${options.variants ? '-variants' : ''}.md`;
  writeFileSync(new URL(file, import.meta.url), `${parts.join('\n\n')}\n`);
} finally {
  servers.close();
}
