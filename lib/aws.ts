import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { fullJitter } from './budget.ts';

interface AwsVariables {
  readonly AWS_REGION?: string | undefined;
  readonly AWS_DEFAULT_REGION?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
}

/**
 * What both AWS clients are made with. Everything is said here rather than found out, because each thing the SDK has to
 * look for (region, endpoint, retry mode) makes it read configuration files on the path of a cold start.
 */
export const clientConfiguration = (
  { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL }: AwsVariables,
  serviceEndpoint: string | undefined,
  { attempts, perAttempt }: { readonly attempts: number; readonly perAttempt: number },
) => {
  const endpoint = serviceEndpoint ?? AWS_ENDPOINT_URL;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    defaultsMode: 'standard' as const,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    retryStrategy: new ConfiguredRetryStrategy(attempts, (attempt) => fullJitter(attempt, 100, 2_000)),
    // The last holds for an answer that begins and does not end.
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: perAttempt,
      throwOnRequestTimeout: true,
      socketTimeout: perAttempt,
    },
  };
};
