import { SSMClient } from '@aws-sdk/client-ssm';
import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import { deadlineIn, withDeadline } from '../lib/deadline.ts';
import { Stop } from './cli.ts';

/** The whole of one call, from finding the credentials to the last try. */
const CALL_LIMIT_MS = 10_000;

/** What every client is made with; endpoints, profiles and credentials are found as in any AWS SDK program. */
export const clientSettings = (region: string) => ({
  region,
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 4_500, throwOnRequestTimeout: true },
});

/** The region of this run, from the command line, the environment or the profile. */
export const regionOf = async (option: string | undefined): Promise<string> => {
  const said = option || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (said) return said;
  try {
    return await new SSMClient({}).config.region();
  } catch {
    throw new Stop('No AWS region was found. Say --region, set AWS_REGION, or choose a profile that has a region.');
  }
};

/** An AWS call and its time limit. */
export const call = <T>(send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T> =>
  withDeadline(deadlineIn(CALL_LIMIT_MS), send({ abortSignal: AbortSignal.timeout(CALL_LIMIT_MS) }), () => {
    throw new DOMException('', 'TimeoutError');
  });

export interface Failure {
  readonly kind: 'credentials' | 'denied' | 'passing' | 'refused';
  /** AWS's name of the error. */
  readonly name: string;
  /** A sentence; AWS's own text is never in it. */
  readonly sentence: string;
}

const CREDENTIALS: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'No AWS credentials were found',
  TokenProviderError: 'The AWS sign-in is missing or has expired',
  ExpiredToken: 'The AWS credentials have expired',
  ExpiredTokenException: 'The AWS credentials have expired',
  RequestExpired: 'The AWS credentials have expired, or the clock of this machine is wrong',
  InvalidClientTokenId: 'AWS does not know these credentials',
  UnrecognizedClientException: 'AWS does not know these credentials',
  IncompleteSignature: 'The AWS credentials are malformed',
  InvalidSignatureException: 'The AWS secret access key is wrong, or the clock of this machine is',
  SignatureDoesNotMatch: 'The AWS secret access key is wrong, or the clock of this machine is',
};

const NAME = /^[\w.]{1,80}$/;

type SdkError = Parameters<typeof isThrottlingError>[0];
const isSdkError = (error: unknown): error is SdkError => Error.isError(error);

const isDenied = ({ name, $metadata }: SdkError): boolean =>
  /^(?:AccessDenied|AuthorizationError|Unauthorized)/.test(name) || $metadata?.httpStatusCode === 403;

/** What AWS answered has a status; all else did not come from there, or is a 5xx. */
const isUnreached = (error: SdkError): boolean =>
  isTransientError(error) || error.$metadata?.httpStatusCode === undefined;

/** What became of a call that needs the IAM action `action`, in words that a person can act on. */
export const failureOf = (error: unknown, action: string): Failure => {
  if (!isSdkError(error)) return { kind: 'refused', name: 'unknown', sentence: `${action} failed.` };
  const name = NAME.test(error.name) ? error.name : 'unknown';
  const credentials = CREDENTIALS[name];
  if (credentials !== undefined) {
    return { kind: 'credentials', name, sentence: `${credentials}: set AWS_PROFILE or sign in with the AWS CLI.` };
  }
  if (isDenied(error)) {
    // The call may be allowed and the key behind it not; the text is only looked into.
    const needed = /\bkms:[A-Z]\w+/.exec(error.message)?.[0] ?? action;
    return { kind: 'denied', name, sentence: `These credentials may not do this: the action ${needed} is needed.` };
  }
  if (isThrottlingError(error)) return { kind: 'passing', name, sentence: `AWS throttles ${action}: try again later.` };
  if (isUnreached(error)) {
    return { kind: 'passing', name, sentence: `${action} got no answer: check the region, the network and the proxy.` };
  }
  return { kind: 'refused', name, sentence: `${action} was refused by AWS (${name}).` };
};

/** Makes an AWS call's failure the end of the command. */
export const orStop = async <T>(
  action: string,
  promise: Promise<T>,
  also?: (failure: Failure) => string | undefined,
) => {
  try {
    return await promise;
  } catch (error) {
    const failure = failureOf(error, action);
    throw new Stop(also?.(failure) ?? failure.sentence);
  }
};
