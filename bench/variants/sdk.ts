// In place of lib/aws.ts: the same calls by the SDK's clients. `TOLD` is replaced when this is bundled.
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as v from 'valibot';
import type { AwsOperation, AwsVariables } from '../../lib/aws.ts';

declare const TOLD: boolean;

export class AwsError extends Error {
  readonly isPassing = false;
}

export const callAws = async <Output>(
  { service, output }: AwsOperation<Output>,
  input: object,
  { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_ENDPOINT_URL_SSM }: AwsVariables,
): Promise<Output> => {
  const told = {
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    defaultsMode: 'standard' as const,
    maxAttempts: 3,
    retryMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
  };
  const configuration = {
    ...(TOLD && told),
    ...(AWS_ENDPOINT_URL_SSM !== undefined && { endpoint: AWS_ENDPOINT_URL_SSM }),
  };
  if (service === 'sqs') {
    const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
    const command = new SendMessageCommand({ QueueUrl: '', MessageBody: '', ...input });
    return v.parse(output, JSON.stringify(await new SQSClient(configuration).send(command)));
  }
  const command = new GetParametersCommand({ Names: [], ...input });
  return v.parse(output, JSON.stringify(await new SSMClient(configuration).send(command)));
};
