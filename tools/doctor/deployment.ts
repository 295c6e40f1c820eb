import { GetFunctionConfigurationCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseNodeNames } from '../../lib/config/env.ts';
import { parseOptionalSettings } from '../../lib/config/optional-settings.ts';
import { callAws, clientOptions, describeStack } from '../aws.ts';
import { type Stage, toStackName } from '../service.ts';
import type { ProbedNode } from './braze.ts';
import { type Finding, fail, judge, ok, type Read, read, skipped, warn } from './check.ts';

const judgeStatus = (status: string): Finding => {
  if (/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return ok(`Deployed (${status}).`);
  if (status.endsWith('_IN_PROGRESS')) return warn(`It is being changed right now (${status}).`);
  const events = 'see its events in CloudFormation';
  return status === 'UPDATE_ROLLBACK_COMPLETE'
    ? warn(`The last deployment failed and was rolled back: ${events}.`)
    : fail(`The deployment is broken (${status}): ${events}, and deploy again.`);
};

/** Whether the stack is deployed, and its outputs, from which other checks start. */
export const checkStack = async (stage: Stage, region: string) => {
  const stack = await read(describeStack(stage, region));
  const finding = judge(stack, ({ status }) => judgeStatus(status));
  const findOutput = (output: string): Read<string> => {
    const value = stack.kind === 'read' ? stack.value.outputs.get(output) : undefined;
    if (value !== undefined) return { kind: 'read', value };
    const isDeployed = finding.status === 'ok' || finding.status === 'warn';
    const missing = fail(`The stack has no output ${output}: deploy again.`);
    return { kind: 'unread', finding: isDeployed ? missing : skipped('Needs the outputs of the stack.') };
  };
  return { finding, findOutput };
};

/** How many messages wait in a queue. */
export const checkQueue = async (url: Read<string>, region: string, advice: string): Promise<Finding> => {
  if (url.kind === 'unread') return url.finding;
  const client = new SQSClient({ ...clientOptions(region), useQueueUrlAsEndpoint: false });
  const command = new GetQueueAttributesCommand({ QueueUrl: url.value, AttributeNames: ['All'] });
  const missing = 'The queue does not exist: deploy again.';
  // The second is its name in the protocol that SQS had before.
  const sentences = { QueueDoesNotExist: missing, 'AWS.SimpleQueueService.NonExistentQueue': missing };
  const call = callAws('sqs:GetQueueAttributes', (options) => client.send(command, options), { sentences });
  return judge(await read(call), ({ Attributes = {} }) => {
    const counts = Object.entries(Attributes).filter(([name]) => name.startsWith('ApproximateNumberOfMessages'));
    const messages = counts.reduce((sum, [, count]) => sum + Number(count), 0);
    return messages === 0 ? ok('None.') : warn(`Waiting: ${messages}. ${advice}`);
  });
};

export type Variables = Readonly<Record<string, string>>;

/** The deployed settings, in the environment of one function: all functions of a stage have the same. */
export const readVariables = async (stage: Stage, region: string): Promise<Read<Variables>> => {
  const client = new LambdaClient(clientOptions(region));
  const command = new GetFunctionConfigurationCommand({ FunctionName: `${toStackName(stage)}-track-user` });
  const send = (options: object) =>
    client.send(command, options).catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
  const found = await read(callAws('lambda:GetFunctionConfiguration', send));
  if (found.kind === 'unread') return found;
  return found.value === undefined
    ? { kind: 'unread', finding: skipped('There is no function track-user in this stage: deploy again.') }
    : { kind: 'read', value: found.value.Environment?.Variables ?? {} };
};

/** Whether the functions can read their settings. */
export const judgeSettings = (variables: Variables): Finding => {
  const { values, ignored } = parseOptionalSettings(variables);
  if (ignored.length > 0) {
    const names = ignored.join(', ');
    return warn(`settings_ignored: ${names} cannot be read and counts as unset. Correct its param and deploy.`);
  }
  return values.DATE_ORDER === undefined
    ? warn(
        'DATE_ORDER is unset: a birth date such as 03/04/1980 is left out. Deploy with --param="dateOrder=DMY" or MDY.',
      )
    : ok(`All readable, DATE_ORDER is ${values.DATE_ORDER}.`);
};

/** Lists the nodes that act on typed identifiers, and checks whether the others can verify an identity. */
export const judgeIdentities = (
  { VERIFIED_NODES = '' }: Variables,
  nodes: readonly ProbedNode[],
  hasLinkSecret: boolean,
): Finding => {
  const verified = parseNodeNames(VERIFIED_NODES);
  if (verified.length > 0 && !hasLinkSecret) {
    const advice = 'run npm run configure with --rotate-link-secret';
    return fail(`Without a link_secret ${verified.join(', ')} answer misconfigured: ${advice}.`);
  }
  const typed = nodes.filter(({ name, identifiers }) => identifiers?.length !== 0 && !verified.includes(name));
  const names = typed.map(({ name }) => name).join(', ');
  return ok(
    typed.length === 0
      ? 'Every node that is about a person requires a verified identity.'
      : `Unless a payload has require_verified, these act on identities that anybody can type (docs/trust.md): ${names}.`,
  );
};
