import type { Outcome } from '../answer.ts';

/** The log line of an invocation. It must not have payload values, personal data, Braze's text or keys. */
export interface LogLine {
  readonly node: string;
  readonly service: string | undefined;
  readonly stage: string | undefined;
  readonly outcome: string;
  readonly chat_id?: string | undefined;
  readonly request_id?: string | undefined;
  readonly braze_status?: number | undefined;
  /** Only of an HTTPS call that was rejected before its payload was parsed. */
  readonly http_status?: number | undefined;
  readonly ssm_ms: number;
  readonly total_ms: number;
  /** From here: only of a node. */
  readonly attempts?: number;
  readonly braze_ms?: number;
  /** The same call was answered before and got that answer again. */
  readonly repeated?: boolean | undefined;
  /** Braze's answer came from the cache. */
  readonly cached?: boolean | undefined;
  readonly invalid_fields?: number;
  /** The number of invalid fields by reason; `not_verified` is the reason of a `signed_id` that proves nothing. */
  readonly invalid_reasons?: { readonly [reason: string]: number };
  /** Only with a `signed_id`: whether it proved the identity. */
  readonly identity?: 'verified' | 'typed' | undefined;
  /** From here: only of `redeliver`. Messages delivered, dead-lettered and returned to the queue. */
  readonly delivered?: number;
  readonly dead_lettered?: number;
  readonly returned?: number;
  /** Consents that were not sent, because the person has unsubscribed since. */
  readonly superseded?: number;
  readonly requests?: number;
  readonly error?: SerializedError | undefined;
  /** The names of invalid optional variables. */
  readonly settings_ignored?: readonly string[] | undefined;
}

/** An error without its message, because that may quote a value. */
export interface SerializedError {
  readonly name: string;
  readonly code?: string;
  readonly at?: readonly string[];
  readonly cause?: SerializedError;
}

type Level = 'INFO' | 'WARN' | 'ERROR';

const LEVEL_BY_OUTCOME: Readonly<Record<Outcome, Level>> = {
  sent: 'INFO',
  partial: 'WARN',
  queued: 'WARN',
  invalid: 'WARN',
  unverified: 'WARN',
  rejected: 'WARN',
  misconfigured: 'ERROR',
  in_doubt: 'ERROR',
  unavailable: 'ERROR',
};
const LEVELS: ReadonlyMap<string, Level> = new Map(Object.entries(LEVEL_BY_OUTCOME));

/** Outcomes that only one node has are logged at INFO, because they need no action. */
const toLevel = (outcome: string): Level => LEVELS.get(outcome) ?? 'INFO';

const MAX_CAUSES = 5;
const MAX_FRAMES = 5;

export const serializeError = (error: unknown, depth = 0): SerializedError => {
  if (!Error.isError(error)) return { name: typeof error };
  // The stack contains the message, whose lines may look like stack frames.
  const frames =
    error.stack
      ?.replace(error.message, '')
      .split('\n')
      .filter((line) => line.startsWith('    at ')) ?? [];
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(frames.length > 0 && { at: frames.slice(0, MAX_FRAMES).map((frame) => frame.trim()) }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: serializeError(error.cause, depth + 1) }),
  };
};

const defineMetric = (name: string, unit: 'Count' | 'Milliseconds', ...dimensions: readonly (readonly string[])[]) => ({
  Namespace: 'PypestreamBraze',
  Dimensions: dimensions,
  Metrics: [{ Name: name, Unit: unit }],
});
/** The metrics in the log lines; infrastructure/monitoring.cjs defines the alarms on them. */
const CALLS = defineMetric('calls', 'Count', ['service', 'stage', 'node', 'outcome'], ['service', 'stage', 'outcome']);
const LATENCY = defineMetric('braze_ms', 'Milliseconds', ['service', 'stage', 'node']);
const IGNORED_SETTINGS = defineMetric('calls_with_ignored_settings', 'Count', ['service', 'stage']);

/**
 * Writes one log line with metrics in it, which needs no call to AWS. Unauthenticated calls must not trigger alarms, so
 * their lines have no metrics, and at most the level WARN.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const logInvocation = (
  { settings_ignored = [], ...line }: LogLine,
  isAuthentic: boolean,
  write: (line: string) => void,
): void => {
  const now = new Date();
  const ignored = settings_ignored.length > 0;
  const metrics = [
    CALLS,
    ...(line.braze_status === undefined ? [] : [LATENCY]),
    ...(ignored ? [IGNORED_SETTINGS] : []),
  ];
  const counts = { calls: 1, ...(ignored && { calls_with_ignored_settings: 1 }) };
  write(
    JSON.stringify({
      timestamp: now.toISOString(),
      level: isAuthentic ? toLevel(line.outcome) : 'WARN',
      ...line,
      ...(ignored && { settings_ignored }),
      ...(isAuthentic && { ...counts, _aws: { Timestamp: now.getTime(), CloudWatchMetrics: metrics } }),
    }),
  );
};
