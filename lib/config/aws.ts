import { ConfigurationError } from '../errors.ts';
import type { SendOnce } from '../http.ts';
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

/** A request as AWS's clients hand it to their transport. */
interface AwsRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** By its bytes: the SDK warns of every use as text of a body that is bytes. */
const toText = (body: string | Uint8Array): string =>
  typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();

/**
 * The transport of AWS's clients: the one that Braze's requests take. Theirs loads more of Node.js, which a cold start
 * pays for, and uses connections that may have been closed while Lambda had the environment frozen.
 */
export const createRequestHandler = (send: SendOnce, attemptTimeoutMs: number) => ({
  handle: async (
    { protocol, hostname, port, method, path, headers, body = '' }: AwsRequest,
    { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
  ) => {
    const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
    const result = await send(method, url, headers, toText(body), attemptTimeoutMs, abortSignal);
    if (result.kind === 'response' && result.complete) {
      return { response: { statusCode: result.status, headers: result.headers, body: Buffer.from(result.text) } };
    }
    // By this name the SDK knows an error that it may retry.
    const cause = result.kind === 'response' ? undefined : result.cause;
    throw Object.assign(new Error('AWS sent no whole response.', { cause }), { name: 'TimeoutError' });
  },
});
