import { once } from 'node:events';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
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

/** A failed AWS call, in a sentence that a person can act on: AWS's own text may hold values and is not in it. */
export class AwsError extends CliError {
  readonly kind: 'credentials' | 'denied' | 'unavailable' | 'refused';

  constructor(kind: AwsError['kind'], message: string, cause: unknown) {
    super(message, 1, { cause });
    this.kind = kind;
  }
}

const CREDENTIALS_ERRORS: readonly (readonly [RegExp, string])[] = [
  [/^CredentialsProviderError$/, 'No AWS credentials were found'],
  [/^TokenProviderError$/, 'The AWS sign-in is missing or has expired'],
  [/^(?:ExpiredToken|RequestExpired)/, 'The AWS credentials have expired, or the clock of this machine is wrong'],
  [/^(?:InvalidClientTokenId|UnrecognizedClient)/, 'AWS does not know these credentials'],
  [/Signature/, 'The AWS secret access key or the clock of this machine is wrong'],
];

const Failure = v.object({
  name: v.fallback(v.pipe(v.string(), v.regex(/^[\w.]{1,80}$/)), 'unknown'),
  message: v.fallback(v.string(), ''),
  $metadata: v.fallback(v.object({ httpStatusCode: v.optional(v.number()) }), {}),
});

/** What a tool knows of a call. */
interface CallContext {
  /** Sentences for errors of which AWS's name says all. */
  readonly sentences?: Readonly<Record<string, string>>;
  /** Follows every sentence. */
  readonly advice?: string | undefined;
}

const toAwsError = (error: unknown, action: string, { sentences = {}, advice }: CallContext): AwsError => {
  const { name, message, $metadata } = v.parse(Failure, error);
  const status = $metadata.httpStatusCode;
  const make = (kind: AwsError['kind'], sentence: string) =>
    new AwsError(kind, advice === undefined ? sentence : `${sentence} ${advice}`, error);
  const credentials = CREDENTIALS_ERRORS.find(([pattern]) => pattern.test(name))?.[1];
  if (credentials !== undefined) {
    return make('credentials', `${credentials}: set AWS_PROFILE or sign in with the AWS CLI.`);
  }
  if (/^(?:AccessDenied|AuthorizationError|Unauthorized)/.test(name) || status === 403) {
    // SSM is denied with the name of the KMS action where the parameter may be read but its key not used.
    return make('denied', `These credentials lack the IAM action ${/\bkms:[A-Z]\w+/.exec(message)?.[0] ?? action}.`);
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name) || status === 429) {
    return make('unavailable', `AWS throttles ${action}: try again later.`);
  }
  if (status === undefined || status >= 500) {
    return make('unavailable', `${action} got no answer: check the region, the network and the proxy.`);
  }
  return make('refused', sentences[name] ?? `${action} was refused by AWS (${name}).`);
};

/** Makes an AWS call with a timeout that also covers the search for credentials. Throws `AwsError`. */
export const callAws = async <T>(
  action: string,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  context: CallContext = {},
): Promise<T> => {
  const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const timeout = once(abortSignal, 'abort').then(() => Promise.reject(abortSignal.reason));
  try {
    return await Promise.race([send({ abortSignal }), timeout]);
  } catch (error) {
    throw toAwsError(error, action, context);
  }
};

/** The state and the outputs of the stage's stack. */
export const describeStack = async (stage: Stage, region: string) => {
  const client = new CloudFormationClient(clientOptions(region));
  const command = new DescribeStacksCommand({ StackName: toStackName(stage) });
  const deploy = `npx serverless deploy --stage ${stage} --region ${region}`;
  const sentences = {
    ValidationError: `There is no stack ${toStackName(stage)} in ${region}. Deploy it, or give another --region: ${deploy}`,
  };
  const { Stacks = [] } = await callAws('cloudformation:DescribeStacks', (o) => client.send(command, o), { sentences });
  const { StackStatus = 'unknown', Outputs = [] } = Stacks[0] ?? {};
  const outputs = new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  return { status: StackStatus, outputs };
};
