import { CircuitBreaker } from './circuit-breaker.ts';
import { createSqs } from './config/aws-clients.lazy.cjs';
import { isOnLambda, readSettings, type Settings } from './config/env.ts';
import { type GetParameters, ParameterStore } from './config/parameters.ts';
import type { Sqs } from './config/sqs-client.ts';
import { createGetParameters } from './config/ssm-client.ts';
import { type SendOnce, sendOnce } from './http.ts';
import type { Identity } from './payload/identity.ts';
import type { ParsedPayload } from './payload/parse.ts';

/** A function's I/O. */
export interface Ports {
  /** Sends a request to Braze. */
  readonly send: SendOnce;
  readonly getParameters: GetParameters;
  /** A client for the endpoint of this queue; both queues of a stage share one. Throws `ConfigurationError`. */
  readonly getSqs: (queueUrl: string) => Sqs;
  /** Writes one log line. */
  readonly write: (line: string) => void;
  /** Observes how payloads are parsed, for the playground. */
  readonly observer?: PayloadObserver | undefined;
}

export interface PayloadObserver {
  /** Called with what the value at a path was parsed into. */
  onValue(path: string, parsed: unknown): void;
  /** Called with what the whole payload was parsed into, and its invalid paths. */
  onPayload(parsed: ParsedPayload<unknown, Identity | undefined>): void;
}

/** What an execution environment keeps between calls. */
export interface Runtime extends Omit<Ports, 'getParameters'> {
  readonly settings: Settings;
  readonly parameters: ParameterStore;
  readonly breaker: CircuitBreaker;
}

/**
 * Writes to standard output directly, because Lambda adds a prefix to lines of `console`, and the embedded metric format
 * must be the whole line.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const writeToStdout = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** The client is loaded and made when the first message must be queued: most environments never queue one. */
const connectSqs = (settings: Settings): Ports['getSqs'] => {
  let sqs: Sqs | undefined;
  return (queueUrl) => {
    sqs ??= createSqs(settings, new URL(queueUrl).origin, sendOnce);
    return sqs;
  };
};

/**
 * Creates a runtime from the function's environment and the real services, except for what is handed in.
 * Throws `ConfigurationError` where an environment variable that must be readable is not.
 *
 * @example
 * createHandler(trackUser, createRuntime(readSettings({ STAGE: 'sandbox', … }), { send, getParameters, getSqs, write }));
 */
export const createRuntime = (settings: Settings = readSettings(), ports: Partial<Ports> = {}): Runtime => ({
  settings,
  parameters: new ParameterStore(settings, ports.getParameters ?? createGetParameters(settings)),
  breaker: new CircuitBreaker(),
  send: ports.send ?? sendOnce,
  getSqs: ports.getSqs ?? connectSqs(settings),
  write: ports.write ?? writeToStdout,
  observer: ports.observer,
});

/** Shared, because the function `redeliver` also loads the handlers of the nodes. */
let initialized: Runtime | undefined;

/**
 * Creates the runtime while Lambda initialises the function, and begins to read the parameters. Returns `undefined`
 * elsewhere, and if an environment variable is invalid: the first call then creates the runtime, and answers with the
 * error.
 */
export const initializeRuntime = (): Runtime | undefined => {
  if (!isOnLambda()) return undefined;
  try {
    if (initialized === undefined) {
      initialized = createRuntime();
      initialized.parameters.prefetch();
    }
    return initialized;
  } catch {
    return undefined;
  }
};
