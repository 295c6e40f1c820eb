import { type LocalStage, type LocalStageOptions, startLocalStage } from '../../emulators/local-stage.ts';
import { readSettings } from '../../lib/config/env.ts';
import { createRuntime, type Runtime } from '../../lib/runtime.ts';

export const API_KEY = 'key-2b7e151628aed2a6';

/** A local stage, and the execution environments of its functions. */
export interface TestStage extends LocalStage {
  /** Sets variables of the runtimes created from now on; without arguments, to what is deployed. */
  environment(more?: { readonly [name: string]: string }): void;
  /** What a new execution environment has. */
  createRuntime(): Runtime;
  /** What was logged while something was done. */
  capture<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly text: string }>;
}

export const startStage = async (options: LocalStageOptions = {}): Promise<TestStage> => {
  const local = await startLocalStage({ ...options, apiKey: API_KEY });
  let variables: NodeJS.ProcessEnv = local.variables;
  let lines: string[] = [];
  const environment = (more = {}) => {
    variables = { ...local.variables, ...more };
  };
  return {
    ...local,
    environment,
    createRuntime: () => createRuntime(readSettings(variables), { write: (line) => lines.push(line) }),
    capture: async (work) => {
      lines = [];
      return { result: await work(), text: lines.map((line) => `${line}\n`).join('') };
    },
    reset: () => {
      local.reset();
      environment();
    },
  };
};
