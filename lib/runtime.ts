import { CircuitBreaker } from './circuit-breaker.ts';
import { readSettings, type Settings } from './config/env.ts';
import { ParameterStore } from './config/parameters.ts';
import { createSqs } from './config/sqs-client.lazy.cjs';
import type { Sqs } from './config/sqs-client.ts';

/** What an execution environment keeps from one invocation to the next. */
export interface Runtime {
  readonly settings: Settings;
  readonly parameters: ParameterStore;
  readonly breaker: CircuitBreaker;
  /** SQS, where this queue is; both of a stage are in one place. Throws `ConfigurationError`. */
  readonly sqs: (queueUrl: string) => Sqs;
}

/** Throws `ConfigurationError` where an environment variable is missing or malformed. */
export const createRuntime = (settings: Settings = readSettings()): Runtime => {
  let sqs: Sqs | undefined;
  return {
    settings,
    parameters: new ParameterStore(settings),
    breaker: new CircuitBreaker(),
    sqs: (queueUrl) => {
      sqs ??= createSqs(settings, new URL(queueUrl).origin);
      return sqs;
    },
  };
};
