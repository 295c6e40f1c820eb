import * as v from 'valibot';
import { ConfigurationError } from '../errors.ts';
import { type OptionalSettings, parseOptionalSettings } from './optional-settings.ts';

const httpUrl = v.optional(v.pipe(v.string(), v.url(), v.regex(/^https?:/i)));
const region = v.optional(v.pipe(v.string(), v.regex(/^[a-z\d-]+$/)));
const credential = v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)));
/** Parses `VERIFIED_NODES`: names of nodes, separated by blanks, commas or semicolons. */
export const parseNodeNames = (text: string): readonly string[] => text.toLowerCase().match(/[^\s,;]+/g) ?? [];

const Environment = v.pipe(
  v.object({
    STAGE: v.pipe(v.string(), v.toLowerCase()),
    PARAMETER_PATH: v.pipe(v.string(), v.regex(/^\/[\w./-]*[\w.-]\/*$/)),
    SERVICE: v.optional(v.string()),
    HTTPS_ENTRY: v.optional(v.picklist(['true', 'false']), 'true'),
    VERIFIED_NODES: v.optional(v.string(), ''),
    UNDELIVERED_QUEUE_URL: httpUrl,
    DEAD_LETTER_QUEUE_URL: httpUrl,
    /** Set by the Lambda service, but not by its runtime client outside Lambda. */
    AWS_LAMBDA_INITIALIZATION_TYPE: v.optional(v.string()),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credential,
    AWS_SECRET_ACCESS_KEY: credential,
    AWS_SESSION_TOKEN: credential,
    AWS_ENDPOINT_URL: httpUrl,
    AWS_ENDPOINT_URL_SSM: httpUrl,
    AWS_ENDPOINT_URL_SQS: httpUrl,
  }),
  v.transform(({ PARAMETER_PATH, SERVICE, HTTPS_ENTRY, VERIFIED_NODES, AWS_LAMBDA_INITIALIZATION_TYPE, ...rest }) => ({
    ...rest,
    hasHttpsEntry: HTTPS_ENTRY === 'true',
    isDeployed: AWS_LAMBDA_INITIALIZATION_TYPE !== undefined,
    VERIFIED_NODES: parseNodeNames(VERIFIED_NODES),
    PARAMETER_PATH: PARAMETER_PATH.replace(/\/+$/, ''),
    SERVICE: SERVICE ?? PARAMETER_PATH.split('/')[1],
  })),
);

const DEFAULTS = { PARAMETER_TTL_MS: 300_000, TIME_BUDGET_MS: 6_000, REPLAY_IN_DOUBT: false } as const;

/** The parsed environment variables. */
export type Settings = v.InferOutput<typeof Environment> &
  OptionalSettings &
  Required<Pick<OptionalSettings, keyof typeof DEFAULTS>> & {
    /** The names of optional variables that are invalid, and so have no effect. */
    readonly ignored: readonly string[];
  };

/** Adds the parameter path of `SERVICE`, or of the service with whose name the function was packaged (serverless.yml). */
const addDefaultPath = (set: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const service = set.SERVICE ?? process.env.PACKAGED_SERVICE;
  return service === undefined || set.STAGE === undefined
    ? set
    : { PARAMETER_PATH: `/${service}/${set.STAGE.toLowerCase()}`, ...set };
};

/**
 * Parses the environment variables. An empty variable counts as unset, and so does an invalid optional one. Throws
 * `ConfigurationError`.
 */
export const readSettings = (environment: NodeJS.ProcessEnv = process.env): Settings => {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = v.safeParse(Environment, addDefaultPath(set));
  if (parsed.success) {
    const { values, ignored } = parseOptionalSettings(environment);
    return { ...parsed.output, ...DEFAULTS, ...values, ignored };
  }
  throw new ConfigurationError(`The environment variable ${v.getDotPath(parsed.issues[0])} is missing or malformed.`);
};

/** Whether the Lambda runtime client runs this process. */
export const isOnLambda = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  environment.AWS_LAMBDA_RUNTIME_API !== undefined;
