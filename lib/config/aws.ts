import { ConfigurationError } from '../errors.ts';
import type { Settings } from './env.ts';

const requireVariable = (settings: Settings, ...names: readonly (keyof Settings & `AWS_${string}`)[]): string => {
  const value = names.map((name) => settings[name]).find((one) => one !== undefined);
  if (value === undefined) throw new ConfigurationError(`The environment variable ${names[0]} is missing.`);
  return value;
};

/**
 * What every client of AWS is told at construction. All of it, because the SDK reads configuration files for each thing
 * that it is not told, which costs a cold start a quarter of its time (docs/performance.md). Credentials come from the
 * environment, where Lambda and `serverless invoke local` put them. Throws `ConfigurationError`.
 */
export const awsClientOptions = (settings: Settings, endpoint: string | undefined) => ({
  region: requireVariable(settings, 'AWS_REGION', 'AWS_DEFAULT_REGION'),
  credentials: {
    accessKeyId: requireVariable(settings, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: requireVariable(settings, 'AWS_SECRET_ACCESS_KEY'),
    ...(settings.AWS_SESSION_TOKEN !== undefined && { sessionToken: settings.AWS_SESSION_TOKEN }),
  },
  ...(endpoint === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint }),
  defaultsMode: 'standard' as const,
  retryMode: 'standard' as const,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  authSchemePreference: [],
  userAgentAppId: async () => undefined,
  // Keeps the correction on. Left out, the SDK looks for the answer in a file.
  disableClockSkewCorrection: async () => false,
});
