import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { call, clientSettings, failureOf } from '../aws.ts';
import { type Stage, stackOf } from '../service.ts';
import { type Check, fail, ok, unanswered, warn } from './check.ts';

const RUNTIME = 'nodejs24.x';

const checkFunction = async (client: LambdaClient, stage: Stage, node: string): Promise<Check> => {
  const check = `function ${node}`;
  const name = `${stackOf(stage)}-${node}`;
  try {
    const found = await call((options) =>
      client.send(new GetFunctionConfigurationCommand({ FunctionName: name }), options),
    );
    const { Runtime = 'unknown', LastModified = 'unknown', CodeSha256 = 'unknown', State, LastUpdateStatus } = found;
    if (Runtime !== RUNTIME) return fail(check, `It runs on ${Runtime} and needs ${RUNTIME}: deploy again.`);
    if (State === 'Failed' || LastUpdateStatus === 'Failed') {
      return fail(check, 'Lambda could not put its last version into service: deploy again.');
    }
    const version = `${Runtime}, last modified ${LastModified}, code SHA-256 ${CodeSha256}`;
    return State === 'Pending' || LastUpdateStatus === 'InProgress'
      ? warn(check, `It is being updated just now; ${version}.`)
      : ok(check, `${version}.`);
  } catch (error) {
    const action = 'lambda:GetFunctionConfiguration';
    return failureOf(error, action).name === 'ResourceNotFoundException'
      ? fail(check, `There is no function ${name}: deploy again.`)
      : unanswered(check, error, action);
  }
};

/** Every node of this working copy, as it is deployed. */
export const checkFunctions = (stage: Stage, region: string, nodes: readonly string[]): Promise<readonly Check[]> => {
  const client = new LambdaClient(clientSettings(region));
  return Promise.all(nodes.map((node) => checkFunction(client, stage, node)));
};
