import { once } from 'node:events';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CliError } from './cli.ts';
import { type Stage, toStackName } from './service.ts';

/** For one call, from looking up the credentials to the last attempt. */
const CALL_TIMEOUT_MS = 10_000;

/** Options of every client; endpoints, profiles and credentials are found as in any AWS SDK program. */
export const clientOptions = (region: string) => ({
  region,
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 4_500, throwOnRequestTimeout: true },
});

/** Makes an AWS call with a timeout that also covers the search for credentials. */
export const callAws = <T>(send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T> => {
  const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const timeout = once(abortSignal, 'abort').then(() => {
    throw abortSignal.reason;
  });
  return Promise.race([send({ abortSignal }), timeout]);
};

export interface AwsFailure {
  readonly kind: 'credentials' | 'denied' | 'retryable' | 'refused';
  /** AWS's name of the error. */
  readonly name: string;
  /** Our sentence; AWS's own text may hold values and is not in it. */
  readonly sentence: string;
}

const CREDENTIALS_ERRORS: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'No AWS credentials were found',
  TokenProviderError: 'The AWS sign-in is missing or has expired',
  ExpiredToken: 'The AWS credentials have expired',
  ExpiredTokenException: 'The AWS credentials have expired',
  RequestExpired: 'The AWS credentials have expired, or the clock of this machine is wrong',
  InvalidClientTokenId: 'AWS does not know these credentials',
  UnrecognizedClientException: 'AWS does not know these credentials',
  IncompleteSignature: 'The AWS credentials are malformed',
  InvalidSignatureException: 'The AWS secret access key or the clock of this machine is wrong',
  SignatureDoesNotMatch: 'The AWS secret access key or the clock of this machine is wrong',
};

const statusOfError = (error: object): number | undefined => {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
};

/** What became of a call that needs the IAM action `action`, in a sentence that a person can act on. */
export const toAwsFailure = (error: unknown, action: string): AwsFailure => {
  if (!Error.isError(error)) return { kind: 'refused', name: 'unknown', sentence: `${action} failed.` };
  const name = /^[\w.]{1,80}$/.test(error.name) ? error.name : 'unknown';
  const status = statusOfError(error);
  const credentials = CREDENTIALS_ERRORS[name];
  if (credentials !== undefined) {
    return { kind: 'credentials', name, sentence: `${credentials}: set AWS_PROFILE or sign in with the AWS CLI.` };
  }
  if (/^(?:AccessDenied|AuthorizationError|Unauthorized)/.test(name) || status === 403) {
    // SSM is denied with the name of the KMS action where the parameter may be read but its key not used.
    const needed = /\bkms:[A-Z]\w+/.exec(error.message)?.[0] ?? action;
    return { kind: 'denied', name, sentence: `These credentials lack the IAM action ${needed}.` };
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name) || status === 429) {
    return { kind: 'retryable', name, sentence: `AWS throttles ${action}: try again later.` };
  }
  if (status === undefined || status >= 500) {
    return {
      kind: 'retryable',
      name,
      sentence: `${action} got no answer: check the region, the network and the proxy.`,
    };
  }
  return { kind: 'refused', name, sentence: `${action} was refused by AWS (${name}).` };
};

/** Makes a failed AWS call end the command; `explain` may replace the sentence. */
export const orExit = async <T>(
  action: string,
  call: Promise<T>,
  explain?: (failure: AwsFailure) => string | undefined,
): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    const failure = toAwsFailure(error, action);
    throw new CliError(explain?.(failure) ?? failure.sentence);
  }
};

/** The state and the outputs of the stage's stack. Throws what the SDK throws. */
export const describeStack = async (stage: Stage, region: string) => {
  const client = new CloudFormationClient(clientOptions(region));
  const command = new DescribeStacksCommand({ StackName: toStackName(stage) });
  const { Stacks = [] } = await callAws((options) => client.send(command, options));
  const { StackStatus = 'unknown', Outputs = [] } = Stacks[0] ?? {};
  const outputs = new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  return { status: StackStatus, outputs };
};
