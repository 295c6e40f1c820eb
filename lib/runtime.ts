import { CircuitBreaker } from './circuit-breaker.ts';
import { readSettings, type Settings } from './config/env.ts';
import { ParameterStore } from './config/parameters.ts';

/** What an execution environment keeps from one invocation to the next. */
export interface Runtime {
  readonly settings: Settings;
  readonly parameters: ParameterStore;
  readonly breaker: CircuitBreaker;
}

/** Throws `ConfigurationError` where an environment variable is missing or malformed. */
export const createRuntime = (): Runtime => {
  const settings = readSettings();
  return { settings, parameters: new ParameterStore(settings), breaker: new CircuitBreaker() };
};
