import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { callAws, clientOptions, describeStack } from '../aws.ts';
import type { Stage } from '../service.ts';
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

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** How many messages wait in a queue. */
export const checkQueue = async (url: Read<string>, region: string, advice: string): Promise<Finding> => {
  if (url.kind === 'unread') return url.finding;
  const client = new SQSClient({ ...clientOptions(region), useQueueUrlAsEndpoint: false });
  const command = new GetQueueAttributesCommand({ QueueUrl: url.value, AttributeNames: [...COUNTS] });
  const sentences = { QueueDoesNotExist: 'The queue does not exist: deploy again.' };
  const call = callAws('sqs:GetQueueAttributes', (options) => client.send(command, options), { sentences });
  return judge(await read(call), ({ Attributes = {} }) => {
    const messages = Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
    return messages === 0 ? ok('None.') : warn(`Waiting: ${messages}. ${advice}`);
  });
};
