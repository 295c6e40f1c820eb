import { CircuitBreaker } from './circuit-breaker.ts';
import { isOnLambda, readSettings, type Settings } from './config/env.ts';
import { type GetParameters, ParameterStore } from './config/parameters.ts';
import { createSqs } from './config/sqs-client.lazy.cjs';
import type { Sqs } from './config/sqs-client.ts';
import { createGetParameters } from './config/ssm-client.ts';
import { type SendOnce, sendOnce } from './http.ts';
import type { Identity } from './payload/identity.ts';
import type { ParsedPayload } from './payload/parse.ts';

/** How a function reaches the world outside. */
export interface Ports {
  /** Sends a request to Braze. */
  readonly send: SendOnce;
  readonly getParameters: GetParameters;
  /** SQS, where this queue is; both of a stage are in one place. Throws `ConfigurationError`. */
  readonly sqs: (queueUrl: string) => Sqs;
  /** Writes a line to the log. */
  readonly write: (line: string) => void;
  /** Is told how a payload was parsed; the playground shows it. */
  readonly observer?: PayloadObserver | undefined;
}

export interface PayloadObserver {
  /** What the value at a path was parsed into. */
  value(path: string, parsed: unknown): void;
  /** What the whole payload was parsed into, and the paths that cannot be used. */
  payload(parsed: ParsedPayload<unknown, Identity | undefined>): void;
}

/** What an execution environment keeps from one call to the next. */
export interface Runtime extends Omit<Ports, 'getParameters'> {
  readonly settings: Settings;
  readonly parameters: ParameterStore;
  readonly breaker: CircuitBreaker;
}

/** Not `console`, which Lambda wraps in a line of its own: the embedded metric format is JSON at the root of the line. */
export const writeToStdout = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** The client is loaded and made when the first message must be queued: most environments never queue one. */
const connectSqs = (settings: Settings): Ports['sqs'] => {
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
 * createHandler(trackUser, createRuntime(readSettings({ STAGE: 'sandbox', … }), { send, getParameters, sqs, write }));
 */
export const createRuntime = (settings: Settings = readSettings(), ports: Partial<Ports> = {}): Runtime => ({
  settings,
  parameters: new ParameterStore(settings, ports.getParameters ?? createGetParameters(settings)),
  breaker: new CircuitBreaker(),
  send: ports.send ?? sendOnce,
  sqs: ports.sqs ?? connectSqs(settings),
  write: ports.write ?? writeToStdout,
  observer: ports.observer,
});

/** One for all handlers: the function `redeliver` loads those of the nodes, too. */
let initialized: Runtime | undefined;

/**
 * On Lambda, the runtime of a function that initialises: reading the parameters begins while the rest of its code
 * loads. `undefined` elsewhere, and where the environment is unreadable: the first call meets that error again, and
 * answers with it.
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
