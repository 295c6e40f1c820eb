import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm';
import { drawBackoffMs } from '../deadline.ts';
import { ConfigurationError } from '../errors.ts';
import { sendOnce } from '../http.ts';
import { createAwsClientOptions, createRequestHandler } from './aws.ts';
import { loadSsmSdk } from './aws-clients.lazy.cjs';
import type { Settings } from './env.ts';
import type { GetParameters } from './parameters.ts';

type RetryStrategy = Extract<SSMClientConfig['retryStrategy'], { refreshRetryTokenForRetry: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy['refreshRetryTokenForRetry']>>;

/** More than fit before any deadline: the deadline is the limit. */
const MAX_ATTEMPTS = 30;
/** Two attempts fit into the default `TIME_BUDGET_MS`. */
const ATTEMPT_TIMEOUT_MS = 2_500;
const BASE_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;

const toRetryToken = (retries: number): RetryToken => ({
  getRetryCount: () => retries,
  getRetryDelay: () => drawBackoffMs(retries, BASE_BACKOFF_MS, MAX_BACKOFF_MS),
});

/**
 * Retries what the SDK classifies as transient until the deadline. The SDK's own strategy has a retry quota for the
 * lifetime of the client, which throttling would use up.
 */
const createRetryStrategy = (transientErrors: WeakSet<Error>): RetryStrategy => ({
  acquireInitialRetryToken: async () => toRetryToken(0),
  refreshRetryTokenForRetry: async (token, { error, errorType }) => {
    const isTransient = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
    if (isTransient && error instanceof Error) transientErrors.add(error);
    const retries = token.getRetryCount() + 1;
    if (!isTransient || retries >= MAX_ATTEMPTS) throw error;
    return toRetryToken(retries);
  },
  recordSuccess: () => {},
});

/** The name of an AWS error; any other text of AWS's response could hold a value. */
const toErrorCode = (error: Error): string => (/^[\w.]{1,64}$/.test(error.name) ? error.name : 'UnknownError');

/** Reads parameters from SSM. The client is created at the first call and kept, because it remembers the clock skew. */
export const createGetParameters = (settings: Settings): GetParameters => {
  const transientErrors = new WeakSet<Error>();
  let client: SSMClient | undefined;
  return async (path, names, deadline) => {
    const { GetParametersCommand, SSMClient } = loadSsmSdk();
    client ??= new SSMClient({
      ...createAwsClientOptions(settings, settings.AWS_ENDPOINT_URL_SSM ?? settings.AWS_ENDPOINT_URL),
      maxAttempts: MAX_ATTEMPTS,
      retryStrategy: createRetryStrategy(transientErrors),
      requestHandler: createRequestHandler(sendOnce, ATTEMPT_TIMEOUT_MS),
    });
    const command = new GetParametersCommand({ Names: names.map((name) => `${path}/${name}`), WithDecryption: true });
    try {
      const { Parameters = [] } = await client.send(command, { abortSignal: deadline.signal() });
      return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name.slice(path.length + 1), Value]));
    } catch (cause) {
      // Any other error is retryable: it is transient, or no response of AWS at all.
      const isRefusal =
        cause instanceof Error && Reflect.get(cause, '$fault') === 'client' && !transientErrors.has(cause);
      if (!isRefusal) throw cause;
      throw new ConfigurationError(`The parameters under ${path} cannot be read: ${toErrorCode(cause)}.`, { cause });
    }
  };
};
