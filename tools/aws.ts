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

const Failure = v.object({
  name: v.fallback(v.pipe(v.string(), v.regex(/^[\w.]{1,80}$/)), 'unknown'),
  message: v.fallback(v.string(), ''),
  $metadata: v.fallback(v.object({ httpStatusCode: v.optional(v.number()) }), {}),
});

type Sentences = Readonly<Record<string, string>>;

const describe = (error: unknown, action: string, sentences: Sentences): readonly [AwsError['kind'], string] => {
  const { name, message, $metadata } = v.parse(Failure, error);
  const status = $metadata.httpStatusCode;
  if (name === 'CredentialsProviderError') {
    return ['credentials', 'No AWS credentials were found: set AWS_PROFILE or sign in with the AWS CLI.'];
  }
  if (/^(?:Token|Expired|RequestExpired|InvalidClientToken|UnrecognizedClient)|Signature/.test(name)) {
    return ['credentials', `AWS rejects these credentials (${name}): sign in again, or correct this machine's clock.`];
  }
  if (/^(?:AccessDenied|AuthorizationError|Unauthorized)/.test(name) || status === 403) {
    // SSM is denied with the name of the KMS action where the parameter may be read but its key not used.
    return ['denied', `These credentials lack the IAM action ${/\bkms:[A-Z]\w+/.exec(message)?.[0] ?? action}.`];
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name) || status === 429) {
    return ['unavailable', `AWS throttles ${action}: try again later.`];
  }
  if (status === undefined || status >= 500) {
    return ['unavailable', `${action} got no answer: check the region, the network and the proxy.`];
  }
  return ['refused', sentences[name] ?? `${action} was refused by AWS (${name}).`];
};

/**
 * Makes an AWS call with a timeout that also covers the search for credentials. Throws `AwsError`: with one of
 * `sentences` where AWS's name of the error is among them, and with `advice` after every sentence.
 */
export const callAws = async <T>(
  action: string,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  { sentences = {}, advice = '' }: { readonly sentences?: Sentences; readonly advice?: string | undefined } = {},
): Promise<T> => {
  const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const timeout = once(abortSignal, 'abort').then(() => Promise.reject(abortSignal.reason));
  try {
    return await Promise.race([send({ abortSignal }), timeout]);
  } catch (error) {
    const [kind, sentence] = describe(error, action, sentences);
    throw new AwsError(kind, `${sentence} ${advice}`.trimEnd(), error);
  }
};

/** The state and the outputs of the stage's stack. */
export const describeStack = async (stage: Stage, region: string) => {
  const stack = toStackName(stage);
  const client = new CloudFormationClient(clientOptions(region));
  const send = (options: object) => client.send(new DescribeStacksCommand({ StackName: stack }), options);
  const deploy = `npx serverless deploy --stage ${stage} --region ${region}`;
  const sentences = { ValidationError: `There is no stack ${stack}. Give another region, or deploy it: ${deploy}` };
  const { Stacks = [] } = await callAws('cloudformation:DescribeStacks', send, { sentences });
  const { StackStatus: status = 'unknown', Outputs = [] } = Stacks[0] ?? {};
  return { status, outputs: new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])) };
};
