import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm';
import { fullJitter } from '../deadline.ts';
import { ConfigurationError } from '../errors.ts';
import { sendOnce } from '../http.ts';
import { awsClientOptions, createRequestHandler } from './aws.ts';
import type { Settings } from './env.ts';
import type { GetParameters } from './parameters.ts';
import { loadSsmSdk } from './ssm-sdk.lazy.cjs';

type RetryStrategy = Extract<SSMClientConfig['retryStrategy'], { refreshRetryTokenForRetry: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy['refreshRetryTokenForRetry']>>;

/** More than fit into the time budget: the deadline ends the attempts. */
const MAX_ATTEMPTS = 30;
/** Two attempts fit into the 6 s of a conversation. */
const ATTEMPT_TIMEOUT_MS = 2_500;
const MAX_BACKOFF_MS = 2_000;

const toRetryToken = (retries: number): RetryToken => ({
  getRetryCount: () => retries,
  getRetryDelay: () => fullJitter(retries, 100, MAX_BACKOFF_MS),
});

/**
 * The SDK classifies the errors; this decides when to try again. The SDK's own strategy stops retrying once it has spent
 * a quota that lasts as long as the client, while here the deadline of each conversation is the limit.
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

/** Of AWS's response, only a name that looks like one is passed on. */
const toErrorCode = (error: Error): string => (/^[\w.]{1,64}$/.test(error.name) ? error.name : 'UnknownError');

/** Reads parameters from SSM. The client is made at the first call and kept, because it remembers a wrong clock. */
export const createGetParameters = (settings: Settings): GetParameters => {
  const transientErrors = new WeakSet<Error>();
  let client: SSMClient | undefined;
  return async (path, names, deadline) => {
    const { GetParametersCommand, SSMClient } = loadSsmSdk();
    client ??= new SSMClient({
      ...awsClientOptions(settings, settings.AWS_ENDPOINT_URL_SSM ?? settings.AWS_ENDPOINT_URL),
      maxAttempts: MAX_ATTEMPTS,
      retryStrategy: createRetryStrategy(transientErrors),
      requestHandler: createRequestHandler(sendOnce, ATTEMPT_TIMEOUT_MS),
    });
    const command = new GetParametersCommand({ Names: names.map((name) => `${path}/${name}`), WithDecryption: true });
    try {
      const { Parameters = [] } = await client.send(command, { abortSignal: deadline.signal() });
      return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name.slice(path.length + 1), Value]));
    } catch (cause) {
      // Every other error may pass: it is transient, or no answer of AWS at all.
      const isRefusal =
        cause instanceof Error && Reflect.get(cause, '$fault') === 'client' && !transientErrors.has(cause);
      if (!isRefusal) throw cause;
      throw new ConfigurationError(`The parameters under ${path} cannot be read: ${toErrorCode(cause)}.`, { cause });
    }
  };
};
