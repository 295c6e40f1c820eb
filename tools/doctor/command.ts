import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { callAws, clientOptions, toAwsFailure } from '../aws.ts';
import { defineCommand } from '../cli.ts';
import { readNodes } from '../nodes.ts';
import { readScope, SCOPE_OPTIONS, SCOPE_USAGE } from '../scope.ts';
import type { Stage } from '../service.ts';
import { checkBraze, type ProbedNode } from './braze.ts';
import { type Check, fail, ok, plural, type Status, skipped, warn } from './check.ts';
import { checkEntry } from './entry.ts';
import { checkIdentities } from './identities.ts';
import { checkParameters } from './parameters.ts';
import { checkSettings, checkStack, checkWaiting, readVariables } from './stack.ts';

const USAGE = `Checks whether a stage is ready, and says what to do where it is not. It changes and sends nothing.

  npm run doctor -- --stage sandbox [--region REGION] [--json]

${SCOPE_USAGE}
  --json                 {"stage", "region", "ready", "checks": [{"check", "status", "detail"}]}

It checks what CloudFormation does not guarantee. Whether the deployed resources were changed by hand,
"aws cloudformation detect-stack-drift" says.

Exit code: 0 ready (no check failed), 1 not ready, 2 the command line could not be parsed.`;

const OPTIONS = {
  ...SCOPE_OPTIONS,
  json: { type: 'boolean', default: false },
} as const;

/** Fails only where no other AWS call could work either. */
const checkCredentials = async (region: string): Promise<Check> => {
  const check = 'credentials';
  const client = new STSClient(clientOptions(region));
  try {
    const { Account, Arn } = await callAws((options) => client.send(new GetCallerIdentityCommand({}), options));
    return ok(check, `Account ${Account} in ${region}, as ${Arn}.`);
  } catch (error) {
    const { kind, sentence } = toAwsFailure(error, 'sts:GetCallerIdentity');
    return kind === 'credentials' ? fail(check, sentence) : warn(check, sentence);
  }
};

/** All checks of a stage, in the order in which one depends on another. */
const runChecks = async (stage: Stage, region: string, nodes: readonly ProbedNode[]): Promise<readonly Check[]> => {
  const credentials = await checkCredentials(region);
  if (credentials.status === 'fail') return [credentials, skipped('everything else', 'Needs valid AWS credentials.')];
  const [{ checks: parameters, configured }, { check: stack, outputs }, deployed] = await Promise.all([
    checkParameters(stage, region),
    checkStack(stage, region),
    readVariables(stage, region, 'track-user'),
  ]);
  const [braze, entry, ...waiting] = await Promise.all([
    checkBraze(configured, nodes),
    checkEntry(outputs.get('NodesUrl'), configured, stack),
    checkWaiting('undelivered messages', 'UndeliveredQueueUrl', outputs, stack, region),
    checkWaiting('dead letters', 'DeadLetterQueueUrl', outputs, stack, region),
  ]);
  const settings = [checkSettings(deployed), checkIdentities(deployed, nodes, configured)];
  return [credentials, ...parameters, ...braze, stack, ...settings, ...entry, ...waiting];
};

const count = (checks: readonly Check[], status: Status): number =>
  checks.filter((check) => check.status === status).length;

const toReport = (checks: readonly Check[], stage: Stage, ready: boolean): string => {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const lines = checks.map(({ check, status, detail }) => `${status.padEnd(8)}${check.padEnd(width + 2)}${detail}`);
  const unseen = count(checks, 'skipped');
  const counts = [
    `${count(checks, 'ok')} ok`,
    plural(count(checks, 'warn'), 'warning'),
    plural(count(checks, 'fail'), 'failure'),
    `${unseen} skipped`,
  ].join(', ');
  const verdict = ready ? `is ready${unseen > 0 ? ', as far as it could be checked' : ''}` : 'is not ready';
  return [...lines, '', `The stage ${stage} ${verdict}: ${counts}.`].join('\n');
};

/** Prints the state of a stage; the exit code says whether it is ready. */
export const doctor = defineCommand(
  { usage: USAGE, options: OPTIONS },
  async (args, { stdout }, nodes?: readonly ProbedNode[]): Promise<number> => {
    const { stage, region, line } = await readScope(args);
    const { json } = args.values;
    if (!json) stdout.write(`${line}\n\n`);
    const checks = await runChecks(stage, region, nodes ?? (await readNodes()).nodes);
    const ready = count(checks, 'fail') === 0;
    const report = json
      ? JSON.stringify({ region, stage, ready, checks }, undefined, 2)
      : toReport(checks, stage, ready);
    stdout.write(`${report}\n`);
    return ready ? 0 : 1;
  },
);
