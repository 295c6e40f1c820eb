import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { call, clientSettings, failureOf } from '../aws.ts';
import { type Stage, stackOf } from '../service.ts';
import { type Check, fail, ok, unanswered, warn } from './check.ts';

/** The outputs of the stack that the other checks start from. */
export interface Deployed {
  readonly nodesUrl?: string | undefined;
  readonly undeliveredQueueUrl?: string | undefined;
  readonly deadLetterQueueUrl?: string | undefined;
}

const stateOf = (check: string, status: string): Check => {
  if (/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return ok(check, `Deployed (${status}).`);
  if (/_IN_PROGRESS$/.test(status)) return warn(check, `It is being changed just now (${status}).`);
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    return warn(
      check,
      'The last deployment failed and was undone; the one before it runs. See its events in CloudFormation.',
    );
  }
  return fail(check, `The deployment is broken (${status}): see its events in CloudFormation, and deploy again.`);
};

const isMissing = (error: unknown): boolean => Error.isError(error) && /does not exist/.test(error.message);

export const checkStack = async (stage: Stage, region: string) => {
  const check = 'stack';
  const name = stackOf(stage);
  const none: Deployed = {};
  const client = new CloudFormationClient(clientSettings(region));
  try {
    const { Stacks = [] } = await call((options) =>
      client.send(new DescribeStacksCommand({ StackName: name }), options),
    );
    const { StackStatus = 'unknown', Outputs = [] } = Stacks[0] ?? {};
    const output = (key: string) => Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
    const deployed: Deployed = {
      nodesUrl: output('NodesUrl'),
      undeliveredQueueUrl: output('UndeliveredQueueUrl'),
      deadLetterQueueUrl: output('DeadLetterQueueUrl'),
    };
    return { check: stateOf(check, StackStatus), deployed };
  } catch (error) {
    const action = 'cloudformation:DescribeStacks';
    if (failureOf(error, action).name === 'ValidationError' && isMissing(error)) {
      const detail = `There is no stack ${name} in ${region}: run npx serverless deploy --stage ${stage} --region ${region}`;
      return { check: fail(check, detail), deployed: none };
    }
    return { check: unanswered(check, error, action), deployed: none };
  }
};
