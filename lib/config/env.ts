import * as v from 'valibot';
import { ConfigurationError } from '../errors.ts';
import { isAlpha2 } from '../payload/fields/country.ts';

const milliseconds = (defaultMs: number) =>
  v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1)), String(defaultMs));
const httpUrl = v.optional(v.pipe(v.string(), v.url(), v.regex(/^https?:/i)));
const region = v.optional(v.pipe(v.string(), v.regex(/^[a-z\d-]+$/)));
const credential = v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)));

const Environment = v.pipe(
  v.object({
    STAGE: v.pipe(v.string(), v.toLowerCase()),
    PARAMETER_PATH: v.pipe(v.string(), v.regex(/^\/[\w./-]*[\w.-]\/*$/)),
    SERVICE: v.optional(v.string()),
    PARAMETER_TTL_MS: milliseconds(300_000),
    TIME_BUDGET_MS: milliseconds(6_000),
    UNDELIVERED_QUEUE_URL: httpUrl,
    DEAD_LETTER_QUEUE_URL: httpUrl,
    DEFAULT_COUNTRY: v.optional(v.pipe(v.string(), v.check(isAlpha2))),
    DATE_ORDER: v.optional(v.picklist(['DMY', 'MDY'])),
    REPLAY_IN_DOUBT: v.optional(v.picklist(['true', 'false']), 'false'),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credential,
    AWS_SECRET_ACCESS_KEY: credential,
    AWS_SESSION_TOKEN: credential,
    AWS_ENDPOINT_URL: httpUrl,
    AWS_ENDPOINT_URL_SSM: httpUrl,
    AWS_ENDPOINT_URL_SQS: httpUrl,
  }),
  v.transform(({ PARAMETER_PATH, SERVICE, REPLAY_IN_DOUBT, ...rest }) => ({
    ...rest,
    PARAMETER_PATH: PARAMETER_PATH.replace(/\/+$/, ''),
    SERVICE: SERVICE ?? PARAMETER_PATH.split('/')[1],
    REPLAY_IN_DOUBT: REPLAY_IN_DOUBT === 'true',
  })),
);

/** The function's environment variables (contract, section 1), parsed. */
export type Settings = v.InferOutput<typeof Environment>;

/** The settings of this function; a variable that is set to nothing counts as unset. Throws `ConfigurationError`. */
export const readSettings = (environment: NodeJS.ProcessEnv = process.env): Settings => {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = v.safeParse(Environment, set);
  if (parsed.success) return parsed.output;
  throw new ConfigurationError(`The environment variable ${v.getDotPath(parsed.issues[0])} is missing or malformed.`);
};
