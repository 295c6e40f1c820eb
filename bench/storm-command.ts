import { parseArgs } from 'node:util';
import { runColdStarts, type Storm } from './storm.ts';

const USAGE = `npm run storm -- [--environments <n>] [--rate <n>] [--burst <n>] [--spread <ms>]

Lets that many execution environments of track-user start cold against an SSM that answers only so many
reads a second, on emulators in this process, and prints the outcomes of their conversations, and how many of
them ended after their time budget. Where the last column, the longest time that this process stood
still, is more than 300 ms or so, the others tell more of this machine than of the nodes.

  --environments <n>  default: 100, 250 and 500, one row each
  --rate <n>          reads a second that SSM answers; default: 40, the quota of an account that has not asked for more
  --burst <n>         reads that SSM answers at once; default: one second's worth
  --spread <ms>       the time within which they all begin; default: 1000`;

const COLUMNS = [
  'environments',
  'rate',
  'burst',
  'sent',
  'queued',
  'other',
  'late',
  'p50',
  'p99',
  'reads',
  'stall',
] as const;

const row = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padStart(13)).join('');

/** The storm's line of the table. */
const runToRow = async (storm: Storm): Promise<string> => {
  const { outcomes, waits, late, reads, stall } = await runColdStarts(storm);
  const share = (count: number) => `${((100 * count) / storm.environments).toFixed(1)} %`;
  const [sent, queued] = [outcomes.get('sent') ?? 0, outcomes.get('queued') ?? 0];
  const quantile = (part: number) => `${Math.round(waits[Math.floor(part * (waits.length - 1))] ?? 0)} ms`;
  const others = share(storm.environments - sent - queued);
  const { environments, rate, burst } = storm;
  const shares = [share(sent), share(queued), others, share(late)];
  return row([environments, rate, burst, ...shares, quantile(0.5), quantile(0.99), reads, `${Math.round(stall)} ms`]);
};

const numberIn = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new Error(`${text} is no number.`);
  return number;
};

const run = async (): Promise<number> => {
  const text = { type: 'string' } as const;
  const options = { environments: text, rate: text, burst: text, spread: text };
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const [environments, rate = 40] = [numberIn(values.environments), numberIn(values.rate)];
  const [burst = rate, spreadMs = 1_000] = [numberIn(values.burst), numberIn(values.spread)];

  process.setSourceMapsEnabled(false);
  // The first storm of a process pays for what is loaded and compiled once.
  await runColdStarts({ environments: 50, rate: 1_000, burst: 1_000, spreadMs: 500 });
  console.log(row(COLUMNS));
  for (const count of environments === undefined ? [100, 250, 500] : [environments]) {
    console.log(await runToRow({ environments: count, rate, burst, spreadMs }));
  }
  return 0;
};

try {
  process.exitCode = await run();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 2;
}
