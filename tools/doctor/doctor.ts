import { parseArgs } from 'node:util';
import { regionOf } from '../aws.ts';
import { exitCodeOf, type Streams } from '../cli.ts';
import { COMMON, scopeOf, understood } from '../command-line.ts';
import { readDeclarations, type Shipped } from '../nodes.ts';
import type { Stage } from '../service.ts';
import { checkAlarms } from './alarms.ts';
import { checkBraze } from './braze.ts';
import { type Check, plural, type Status, skipped } from './check.ts';
import { checkCredentials } from './credentials.ts';
import { checkEntry } from './entry.ts';
import { checkFunctions } from './functions.ts';
import { checkParameters } from './parameters.ts';
import { checkQueues } from './queues.ts';
import { checkStack } from './stack.ts';

const USAGE = `Checks whether a stage is ready, and says what to do where it is not. It writes and sends nothing.

  npm run doctor -- --stage sandbox [--region REGION] [--json]

  --stage sandbox|prod   which stage
  --region REGION        default: AWS_REGION, else the region of the AWS profile
  --json                 {"stage", "region", "ready", "checks": [{"check", "status", "detail"}]}

Exit code: 0 ready (no check failed), 1 not ready, 2 the command line is not understood.`;

const OPTIONS = { ...COMMON, json: { type: 'boolean', default: false } } as const;

/** The nodes of this working copy. */
const shipped = async (): Promise<readonly Shipped[]> => {
  const { nodes, fed } = await readDeclarations();
  return [...nodes, ...fed];
};

/** Every check of a stage, in the order in which one depends on another. */
export const inspect = async (stage: Stage, region: string, nodes: readonly Shipped[]): Promise<readonly Check[]> => {
  const credentials = await checkCredentials(region);
  if (credentials.status === 'fail') {
    return [credentials, skipped('everything else', 'Needs AWS credentials that work.')];
  }
  const [{ checks: parameters, configured }, { check: stack, deployed }, functions, alarms] = await Promise.all([
    checkParameters(stage, region),
    checkStack(stage, region),
    checkFunctions(
      stage,
      region,
      nodes.map(({ node }) => node),
    ),
    checkAlarms(stage, region),
  ]);
  const [braze, entry, queues] = await Promise.all([
    checkBraze(configured, nodes),
    checkEntry(deployed, configured, stack),
    checkQueues(deployed, stack, region),
  ]);
  return [credentials, ...parameters, ...braze, stack, ...functions, ...entry, ...queues, alarms];
};

const countOf = (checks: readonly Check[], status: Status): number =>
  checks.filter((check) => check.status === status).length;

const reportOf = (checks: readonly Check[], stage: Stage, ready: boolean): string => {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const lines = checks.map(({ check, status, detail }) => `${status.padEnd(8)}${check.padEnd(width + 2)}${detail}`);
  const unseen = countOf(checks, 'skipped');
  const counts = [
    `${countOf(checks, 'ok')} ok`,
    plural(countOf(checks, 'warn'), 'warning'),
    plural(countOf(checks, 'fail'), 'failure'),
    `${unseen} skipped`,
  ].join(', ');
  const verdict = ready ? `is ready${unseen > 0 ? ', as far as it could be checked' : ''}` : 'is not ready';
  return [...lines, '', `The stage ${stage} ${verdict}: ${counts}.`].join('\n');
};

/** Prints the state of a stage; returns the exit code, which says whether it is ready. */
export const doctor = (argv: readonly string[], streams: Streams, nodes?: readonly Shipped[]): Promise<number> =>
  exitCodeOf(streams, async () => {
    const options = understood(() => parseArgs({ args: [...argv], options: OPTIONS }).values, USAGE);
    const { stage, region: saidRegion } = scopeOf(options, USAGE);
    const region = await regionOf(saidRegion);
    const checks = await inspect(stage, region, nodes ?? (await shipped()));
    const ready = countOf(checks, 'fail') === 0;
    const report = options.json
      ? JSON.stringify({ stage, region, ready, checks }, undefined, 2)
      : reportOf(checks, stage, ready);
    streams.stdout.write(`${report}\n`);
    return ready ? 0 : 1;
  });
