import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseOptionalSettings } from '../../lib/config/optional-settings.ts';
import { callAws, clientOptions, describeStack, toAwsFailure } from '../aws.ts';
import { type Stage, toStackName } from '../service.ts';
import { type Check, fail, ok, plural, skipped, toFailedCheck, warn } from './check.ts';

const STACK = 'stack';

const judgeStatus = (status: string): Check => {
  if (/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return ok(STACK, `Deployed (${status}).`);
  if (/_IN_PROGRESS$/.test(status)) return warn(STACK, `It is being changed right now (${status}).`);
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    return warn(
      STACK,
      'The last deployment failed and was rolled back. See the events of the stack in CloudFormation.',
    );
  }
  return fail(STACK, `The deployment is broken (${status}): see its events in CloudFormation, and deploy again.`);
};

/** Whether the stack is deployed, and its outputs, from which other checks start. */
export const checkStack = async (stage: Stage, region: string) => {
  try {
    const { status, outputs } = await describeStack(stage, region);
    return { check: judgeStatus(status), outputs };
  } catch (error) {
    const action = 'cloudformation:DescribeStacks';
    const outputs: ReadonlyMap<string, string> = new Map();
    // CloudFormation has no error name of its own for a stack that does not exist.
    if (toAwsFailure(error, action).name === 'ValidationError') {
      const detail = `There is no stack ${toStackName(stage)} in ${region}: run npx serverless deploy --stage ${stage} --region ${region}`;
      return { check: fail(STACK, detail), outputs };
    }
    return { check: toFailedCheck(STACK, error, action), outputs };
  }
};

/** Why an output of the stack is missing. */
export const missingOutput = (check: string, output: string, stack: Check): Check =>
  stack.status === 'ok' || stack.status === 'warn'
    ? fail(check, `The stack has no output ${output}: deploy again.`)
    : skipped(check, 'Needs the outputs of the stack.');

const SETTINGS = 'settings';

/** The environment of a deployed function, or why it could not be read. */
export type Variables =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'unread'; readonly toCheck: (check: string) => Check };

/** The deployed settings, in the environment of one function: all functions of a stage have the same. */
export const readVariables = async (stage: Stage, region: string, node: string): Promise<Variables> => {
  const client = new LambdaClient(clientOptions(region));
  const command = new GetFunctionConfigurationCommand({ FunctionName: `${toStackName(stage)}-${node}` });
  try {
    const { Environment } = await callAws((options) => client.send(command, options));
    return { kind: 'read', values: Environment?.Variables ?? {} };
  } catch (error) {
    const action = 'lambda:GetFunctionConfiguration';
    const isMissing = toAwsFailure(error, action).name === 'ResourceNotFoundException';
    return {
      kind: 'unread',
      toCheck: (check) =>
        isMissing
          ? skipped(check, `There is no function ${node} in this stage: deploy again.`)
          : toFailedCheck(check, error, action),
    };
  }
};

/** Whether the functions can read their settings. */
export const checkSettings = (deployed: Variables): Check =>
  deployed.kind === 'read' ? judgeSettings(deployed.values) : deployed.toCheck(SETTINGS);

const judgeSettings = (variables: Readonly<Record<string, string>>): Check => {
  const { values, ignored } = parseOptionalSettings(variables);
  if (ignored.length > 0) {
    const names = ignored.join(', ');
    return warn(
      SETTINGS,
      `settings_ignored: ${names} cannot be read and counts as unset. Correct its param and deploy.`,
    );
  }
  return values.DATE_ORDER === undefined
    ? warn(
        SETTINGS,
        'DATE_ORDER is unset: a birth date such as 03/04/1980 is left out. Deploy with --param="dateOrder=DMY" or MDY.',
      )
    : ok(SETTINGS, `All readable, DATE_ORDER is ${values.DATE_ORDER}.`);
};

const ADVICE = {
  UndeliveredQueueUrl: 'they are retried automatically; if the number does not fall, see the log of redeliver',
  DeadLetterQueueUrl: 'see their reasons with npm run dead-letters, then redrive or discard them',
} as const;

/** How many messages wait in a queue. */
export const checkWaiting = async (
  check: string,
  output: keyof typeof ADVICE,
  outputs: ReadonlyMap<string, string>,
  stack: Check,
  region: string,
): Promise<Check> => {
  const QueueUrl = outputs.get(output);
  if (QueueUrl === undefined) return missingOutput(check, output, stack);
  const client = new SQSClient({ ...clientOptions(region), useQueueUrlAsEndpoint: false });
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  try {
    const { Attributes = {} } = await callAws((options) => client.send(command, options));
    const messages = [
      Attributes.ApproximateNumberOfMessages,
      Attributes.ApproximateNumberOfMessagesNotVisible,
      Attributes.ApproximateNumberOfMessagesDelayed,
    ].reduce((sum, count) => sum + Number(count ?? 0), 0);
    return messages === 0 ? ok(check, 'None.') : warn(check, `${plural(messages, 'message')}: ${ADVICE[output]}.`);
  } catch (error) {
    const action = 'sqs:GetQueueAttributes';
    return /QueueDoesNotExist|NonExistentQueue/.test(toAwsFailure(error, action).name)
      ? fail(check, 'The queue does not exist: deploy again.')
      : toFailedCheck(check, error, action);
  }
};
