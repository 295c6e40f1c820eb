import type { Outcome } from '../answer.ts';

/** One invocation in one line; never a value of the payload, an identifier of the person, Braze's text or a key. */
export interface LogLine {
  readonly node: string;
  readonly service: string | undefined;
  readonly stage: string | undefined;
  readonly outcome: string;
  readonly chat_id?: string | undefined;
  readonly request_id?: string | undefined;
  readonly braze_status?: number | undefined;
  /** Of a call over HTTPS that did not get as far as the node. */
  readonly http_status?: number | undefined;
  readonly ssm_ms: number;
  readonly total_ms: number;
  /** Of a node. */
  readonly attempts?: number;
  readonly braze_ms?: number;
  readonly invalid_fields?: number;
  /** Of a redelivery: messages delivered, parked and returned, and the requests it took. */
  readonly delivered?: number;
  readonly parked?: number;
  readonly returned?: number;
  readonly requests?: number;
  readonly error?: SerializedError | undefined;
}

/** An error without its message, which may quote a value: what it is, where it arose, and what caused it. */
export interface SerializedError {
  readonly name: string;
  readonly code?: string;
  readonly at?: readonly string[];
  readonly cause?: SerializedError;
}

type Level = 'INFO' | 'WARN' | 'ERROR';

const LEVEL_OF: Readonly<Record<Outcome, Level>> = {
  sent: 'INFO',
  partial: 'WARN',
  queued: 'WARN',
  invalid: 'WARN',
  rejected: 'WARN',
  misconfigured: 'ERROR',
  in_doubt: 'ERROR',
  unavailable: 'ERROR',
};
const LEVELS: ReadonlyMap<string, Level> = new Map(Object.entries(LEVEL_OF));

/** A node's own word says how a request went that Braze took: nobody has to do anything about it. */
const levelOf = (outcome: string): Level => LEVELS.get(outcome) ?? 'INFO';

const MOST_CAUSES = 5;

export const serializeError = (error: unknown, depth = 0): SerializedError => {
  if (!Error.isError(error)) return { name: typeof error };
  // The stack begins with the message, and that may look like anything.
  const frames =
    error.stack
      ?.replace(error.message, '')
      .split('\n')
      .filter((line) => line.startsWith('    at ')) ?? [];
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(frames.length > 0 && { at: frames.slice(0, 5).map((frame) => frame.trim()) }),
    ...(error.cause !== undefined && depth < MOST_CAUSES && { cause: serializeError(error.cause, depth + 1) }),
  };
};

/** What CloudWatch makes metrics of, without a call (EMF, "embedded metric format"): per node, and per stage. */
const metrics = (now: number, hasLatency: boolean) => ({
  Timestamp: now,
  CloudWatchMetrics: [
    {
      Namespace: 'PypestreamBraze',
      Dimensions: [
        ['service', 'stage', 'node', 'outcome'],
        ['service', 'stage', 'outcome'],
      ],
      Metrics: [{ Name: 'calls', Unit: 'Count' }],
    },
    ...(hasLatency
      ? [
          {
            Namespace: 'PypestreamBraze',
            Dimensions: [['service', 'stage', 'node']],
            Metrics: [{ Name: 'braze_ms', Unit: 'Milliseconds' }],
          },
        ]
      : []),
  ],
});

/**
 * Writes past `console`, which Lambda's runtime wraps in a line of its own: so the line is JSON at its root in either
 * log format, as EMF needs it.
 */
export const logInvocation = (line: LogLine): void => {
  const now = new Date();
  // Whoever may knock at the door must not be able to ring the operator's bell.
  const isStranger = line.http_status === 401;
  const level = isStranger ? 'WARN' : levelOf(line.outcome);
  const counted = isStranger ? {} : { calls: 1, _aws: metrics(now.getTime(), line.braze_status !== undefined) };
  process.stdout.write(`${JSON.stringify({ timestamp: now.toISOString(), level, ...line, ...counted })}\n`);
};
