import { Sha256 } from '@smithy/core/checksum';
import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import { SignatureV4 } from '@smithy/signature-v4';
import * as v from 'valibot';
import { sleep } from './clock.ts';
import { type Deadline, fullJitter } from './deadline.ts';
import { type HttpResult, sendOnce } from './http.ts';

/** What the environment says of AWS; Lambda sets the first five, `serverless invoke local` too, from whatever profile. */
export interface AwsVariables {
  readonly AWS_REGION?: string | undefined;
  readonly AWS_DEFAULT_REGION?: string | undefined;
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_SESSION_TOKEN?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
  readonly AWS_ENDPOINT_URL_SSM?: string | undefined;
  readonly AWS_ENDPOINT_URL_SQS?: string | undefined;
}

/** An operation of one of AWS's JSON services, and how patient we are with it. */
export interface AwsOperation<Output> {
  readonly service: 'ssm' | 'sqs';
  /** As `X-Amz-Target` wants it: `AmazonSSM.GetParameters`. */
  readonly target: string;
  /** Where the service is, if not where the region has it: a queue's URL says. */
  readonly origin?: string;
  /** What the text of an answer has to be. */
  readonly output: v.GenericSchema<string, Output>;
  readonly attempts: number;
  /** Milliseconds. */
  readonly perAttempt: number;
}

/** AWS's refusal by AWS's own name for it, or the lack of its answer. What AWS wrote besides is not in it. */
export class AwsError extends Error {
  override readonly name: string;
  /** Whether the same call may succeed later: throttling, a fault of AWS's own, no answer. */
  readonly isPassing: boolean;

  constructor(name: string, isPassing: boolean, cause?: unknown) {
    super('AWS did not do as it was asked.', { cause });
    this.name = name;
    this.isPassing = isPassing;
  }
}

const required = (value: string | undefined, otherwise: string): string => {
  if (value === undefined) throw new AwsError(otherwise, false);
  return value;
};

/** Of the partitions that have one of their own. */
const DOMAINS: ReadonlyMap<string | undefined, string> = new Map([
  ['cn', 'amazonaws.com.cn'],
  ['eusc', 'amazonaws.eu'],
]);

/** Less than this is no attempt: SQS might store a message and find nobody to tell. */
const SHORTEST_ATTEMPT_MS = 5;

/** Where the environment says that the service is, or else where it is by itself. */
export const endpointOf = (
  { service, origin }: Pick<AwsOperation<unknown>, 'service' | 'origin'>,
  { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL_SQS }: AwsVariables,
  region: string,
): string =>
  (service === 'ssm' ? AWS_ENDPOINT_URL_SSM : AWS_ENDPOINT_URL_SQS) ??
  AWS_ENDPOINT_URL ??
  origin ??
  `https://${service}.${region}.${DOMAINS.get(region.split('-')[0]) ?? 'amazonaws.com'}`;

const CONTENT_TYPE = { ssm: 'application/x-amz-json-1.1', sqs: 'application/x-amz-json-1.0' } as const;

const text = v.fallback(v.string(), '');
const Refusal = v.fallback(v.pipe(v.string(), v.parseJson(), v.object({ __type: text, code: text, message: text })), {
  __type: '',
  code: '',
  message: '',
});

/** AWS's name among what it may stand between: `com.amazonaws.sqs#QueueDoesNotExist`, `ThrottlingException:http://…`. */
const NAME = /(?:^|#)([\w.]{1,64})(?:$|[:,])/;

/** Says what AWS's refusal means; of what AWS wrote, only the name goes into the error. */
const errorOf = (reply: HttpResult): AwsError => {
  if (reply.kind !== 'response') return new AwsError('NoAnswer', true, reply.cause);
  // Throttling is a 400, too, and only the text says so.
  if (!reply.complete) return new AwsError('NoAnswer', true);
  const { status, headers } = reply;
  const { __type, code, message } = v.parse(Refusal, reply.text);
  const name = NAME.exec(`${headers['x-amzn-errortype'] ?? ''}` || __type || code)?.[1] ?? `Status${status}`;
  const error = { name, message, $metadata: { httpStatusCode: status } };
  return new AwsError(name, status < 400 || status >= 500 || isThrottlingError(error) || isTransientError(error));
};

/**
 * One operation, signed with the environment's credentials; again while its failure passes, up to `attempts`, and never
 * past the deadline. Throws `AwsError`.
 *
 * Not by the SDK's clients, with which a cold start takes half as long again (docs/performance.md), but by its
 * signature and its judgement of errors.
 */
export const callAws = async <Output>(
  operation: AwsOperation<Output>,
  input: object,
  variables: AwsVariables,
  deadline: Deadline,
): Promise<Output> => {
  const { service, target, output, attempts, perAttempt } = operation;
  const region = required(variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION, 'MissingRegion');
  const credentials = {
    accessKeyId: required(variables.AWS_ACCESS_KEY_ID, 'MissingCredentials'),
    secretAccessKey: required(variables.AWS_SECRET_ACCESS_KEY, 'MissingCredentials'),
    ...(variables.AWS_SESSION_TOKEN !== undefined && { sessionToken: variables.AWS_SESSION_TOKEN }),
  };
  const url = new URL(endpointOf(operation, variables, region));
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
  const body = JSON.stringify(input);
  const request = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host, 'content-type': CONTENT_TYPE[service], 'x-amz-target': target },
    body,
  };
  let error = new AwsError('NoTime', true);
  for (let attempt = 1; deadline.remainingMs() > SHORTEST_ATTEMPT_MS; attempt += 1) {
    const { headers } = await signer.sign(request);
    const reply = await sendOnce(
      'POST',
      `${url.origin}${url.pathname}`,
      headers,
      body,
      Math.min(perAttempt, deadline.remainingMs()),
    );
    if (reply.kind === 'response' && reply.status === 200) {
      const answer = v.safeParse(output, reply.text);
      if (answer.success) return answer.output;
    }
    error = errorOf(reply);
    if (!error.isPassing || attempt === attempts) break;
    await sleep(Math.min(fullJitter(attempt, 100, 2_000), deadline.remainingMs()));
  }
  throw error;
};
