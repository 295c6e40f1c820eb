import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsError, callAws, clientOptions } from '../aws.ts';
import { defineCommand } from '../cli.ts';
import { readNodes } from '../nodes.ts';
import { readScope, SCOPE_OPTIONS, SCOPE_USAGE } from '../scope.ts';
import type { Stage } from '../service.ts';
import { checkBraze, type ProbedNode } from './braze.ts';
import { type Finding, type Findings, fail, judge, ok, STATUSES, type Status, skipped, warn } from './check.ts';
import { checkQueue, checkStack, judgeIdentities, judgeSettings, readVariables } from './deployment.ts';
import { checkEntry } from './entry.ts';
import { checkParameters } from './parameters.ts';

const USAGE = `Checks whether a stage is ready, and says what to do where it is not. It changes and sends nothing.

  npm run doctor -- --stage sandbox [--region REGION] [--json]

${SCOPE_USAGE}
  --json                 {"stage", "region", "ready", "checks": [{"check", "status", "detail"}]}

It checks what CloudFormation does not guarantee. Whether the deployed resources were changed by hand,
"aws cloudformation detect-stack-drift" says.

Exit code: 0 ready (no check failed), 1 not ready, 2 the command line could not be parsed.`;

const OPTIONS = { ...SCOPE_OPTIONS, json: { type: 'boolean', default: false } } as const;

/** Fails only where no other AWS call could work either. */
const checkCredentials = async (region: string): Promise<Finding> => {
  const client = new STSClient(clientOptions(region));
  const send = (options: object) => client.send(new GetCallerIdentityCommand({}), options);
  try {
    const { Account, Arn } = await callAws('sts:GetCallerIdentity', send);
    return ok(`Account ${Account} in ${region}, as ${Arn}.`);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.kind === 'credentials' ? fail(error.message) : warn(error.message);
  }
};

const UNDELIVERED_ADVICE = 'They are retried automatically; if the number does not fall, see the log of redeliver.';
const DEAD_LETTERS_ADVICE = 'See their reasons with npm run dead-letters, then redrive or discard them.';

/** All checks of a stage, in the order in which one depends on another. */
const runChecks = async (stage: Stage, region: string, nodes: readonly ProbedNode[]): Promise<Findings> => {
  const credentials = await checkCredentials(region);
  if (credentials.status === 'fail') return { credentials, 'everything else': skipped('Needs valid AWS credentials.') };
  const [{ findings: parameters, wellFormed }, { finding: stack, findOutput }, variables] = await Promise.all([
    checkParameters(stage, region),
    checkStack(stage, region),
    readVariables(stage, region),
  ]);
  const [braze, entry, undelivered, deadLetters] = await Promise.all([
    checkBraze(wellFormed, nodes),
    checkEntry(findOutput('NodesUrl'), wellFormed),
    checkQueue(findOutput('UndeliveredQueueUrl'), region, UNDELIVERED_ADVICE),
    checkQueue(findOutput('DeadLetterQueueUrl'), region, DEAD_LETTERS_ADVICE),
  ]);
  return {
    credentials,
    ...parameters,
    ...braze,
    stack,
    settings: judge(variables, judgeSettings),
    identities: judge(variables, (values) => judgeIdentities(values, nodes, wellFormed.has('link_secret'))),
    ...entry,
    'undelivered messages': undelivered,
    'dead letters': deadLetters,
  };
};

/** Prints the state of a stage; the exit code says whether it is ready. */
export const doctor = defineCommand(
  { usage: USAGE, options: OPTIONS },
  async (args, { stdout }, nodes?: readonly ProbedNode[]): Promise<number> => {
    const { stage, region, line } = await readScope(args);
    const { json } = args.values;
    if (!json) stdout.write(`${line}\n\n`);
    const findings = await runChecks(stage, region, nodes ?? (await readNodes()).nodes);
    const checks = Object.entries(findings).map(([check, finding]) => ({ check, ...finding }));
    const count = (status: Status) => checks.filter((check) => check.status === status).length;
    const ready = count('fail') === 0;
    if (json) {
      stdout.write(`${JSON.stringify({ region, stage, ready, checks }, undefined, 2)}\n`);
    } else {
      const width = Math.max(...checks.map(({ check }) => check.length)) + 2;
      for (const { check, status, detail } of checks) {
        stdout.write(`${status.padEnd(8)}${check.padEnd(width)}${detail}\n`);
      }
      const doubt = count('skipped') > 0 ? ', as far as it could be checked' : '';
      const verdict = ready ? `is ready${doubt}` : 'is not ready';
      const counts = STATUSES.map((status) => `${count(status)} ${status}`).join(', ');
      stdout.write(`\nThe stage ${stage} ${verdict}: ${counts}.\n`);
    }
    return ready ? 0 : 1;
  },
);
