import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';

export const API_KEY = 'key-2b7e151628aed2a6';

/** A local stage to which the functions of this process belong. */
export interface TestStage extends LocalStage {
  /** Sets the environment of the functions made from now on; without arguments, to what is deployed. */
  environment(more?: { readonly [name: string]: string }): void;
}

export const startStage = async (): Promise<TestStage> => {
  const local = await startLocalStage({ apiKey: API_KEY });
  const environment = (more = {}) => {
    Object.assign(process.env, local.variables, { TIME_BUDGET_MS: '', REPLAY_IN_DOUBT: '', VERIFIED_NODES: '' }, more);
  };
  environment();
  return {
    ...local,
    environment,
    reset: () => {
      local.reset();
      environment();
    },
  };
};
