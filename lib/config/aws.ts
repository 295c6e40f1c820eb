import { ConfigurationError } from '../errors.ts';
import type { SendOnce } from '../http.ts';
import type { Settings } from './env.ts';

const requireVariable = (settings: Settings, ...names: readonly (keyof Settings & `AWS_${string}`)[]): string => {
  const value = names.map((name) => settings[name]).find((one) => one !== undefined);
  if (value === undefined) throw new ConfigurationError(`The environment variable ${names[0]} is missing.`);
  return value;
};

/**
 * The options of every AWS client. All are set, because the SDK reads configuration files for each option that is
 * missing, which takes a quarter of a cold start (docs/performance.md). Credentials come from environment variables,
 * where Lambda and `serverless invoke local` put them. Throws `ConfigurationError`.
 */
export const createAwsClientOptions = (settings: Settings, endpoint: string | undefined) => ({
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
  // Clock skew correction stays on. Without this option, the SDK looks for it in a configuration file.
  disableClockSkewCorrection: async () => false,
});

/** A request as the SDK passes it to its request handler. */
interface AwsRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Through `Buffer`, because the SDK's byte arrays log a warning when they are converted to text directly. */
const toText = (body: string | Uint8Array): string =>
  typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();

/**
 * The SDK's request handler, on the same transport as requests to Braze. The SDK's own loads more modules at a cold
 * start, and reuses connections that may have been closed while Lambda had the environment frozen.
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
    // The SDK retries errors of this name.
    const cause = result.kind === 'response' ? undefined : result.cause;
    throw Object.assign(new Error('AWS sent no complete response.', { cause }), { name: 'TimeoutError' });
  },
});
