import type { Outcome } from '../answer.ts';

/** One invocation; never a value of the payload, an identifier of the person, a text of Braze's or a key. */
export interface LogLine {
  readonly node: string;
  readonly service: string | undefined;
  readonly stage: string | undefined;
  readonly outcome: string;
  readonly chat_id?: string | undefined;
  readonly request_id?: string | undefined;
  readonly braze_status?: number | undefined;
  /** Of a call over HTTPS that was turned away at the entry. */
  readonly http_status?: number | undefined;
  readonly ssm_ms: number;
  readonly total_ms: number;
  /** Of a node. */
  readonly attempts?: number;
  readonly braze_ms?: number;
  /** The same call was answered before, and its answer was given again. */
  readonly repeated?: boolean | undefined;
  /** Braze's answer to the same look-up was remembered. */
  readonly cached?: boolean | undefined;
  readonly invalid_fields?: number;
  /** How often each reason occurs among the invalid fields; `not_verified` is that of a `signed_id`. */
  readonly invalid_reasons?: { readonly [reason: string]: number };
  /** Of a payload with a `signed_id`: whether it proved who it is about. */
  readonly identity?: 'verified' | 'typed' | undefined;
  /** Of a redelivery: messages delivered, dead-lettered and returned, and the requests it took. */
  readonly delivered?: number;
  readonly parked?: number;
  readonly returned?: number;
  /** Permissions that were left out, because the person has refused since. */
  readonly superseded?: number;
  readonly requests?: number;
  readonly error?: SerializedError | undefined;
  /** The names of optional variables that could not be read. */
  readonly settings_ignored?: readonly string[] | undefined;
}

/** An error without its message, which may quote a value. */
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

/** Outcomes of a node's own need no action, so they are logged at INFO. */
const levelFor = (outcome: string): Level => LEVELS.get(outcome) ?? 'INFO';

const MAX_CAUSES = 5;

export const serializeError = (error: unknown, depth = 0): SerializedError => {
  if (!Error.isError(error)) return { name: typeof error };
  // The stack begins with the message, whose lines may look like stack frames.
  const frames =
    error.stack
      ?.replace(error.message, '')
      .split('\n')
      .filter((line) => line.startsWith('    at ')) ?? [];
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(frames.length > 0 && { at: frames.slice(0, 5).map((frame) => frame.trim()) }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: serializeError(error.cause, depth + 1) }),
  };
};

const metric = (name: string, unit: 'Count' | 'Milliseconds', ...dimensions: readonly (readonly string[])[]) => ({
  Namespace: 'PypestreamBraze',
  Dimensions: dimensions,
  Metrics: [{ Name: name, Unit: unit }],
});
/** The metrics that CloudWatch makes of the lines; infrastructure/monitoring.cjs has the alarms on them. */
const CALLS = metric('calls', 'Count', ['service', 'stage', 'node', 'outcome'], ['service', 'stage', 'outcome']);
const LATENCY = metric('braze_ms', 'Milliseconds', ['service', 'stage', 'node']);
const IGNORED_SETTINGS = metric('calls_with_ignored_settings', 'Count', ['service', 'stage']);

/**
 * Writes one line with CloudWatch's metrics in it, which cost no call to AWS. A caller whose signature is not verified
 * must not ring an alarm, whatever went wrong: such a line is neither counted nor an error.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const logInvocation = (
  { settings_ignored = [], ...line }: LogLine,
  isVerified: boolean,
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
      level: isVerified ? levelFor(line.outcome) : 'WARN',
      ...line,
      ...(ignored && { settings_ignored }),
      ...(isVerified && { ...counts, _aws: { Timestamp: now.getTime(), CloudWatchMetrics: metrics } }),
    }),
  );
};
