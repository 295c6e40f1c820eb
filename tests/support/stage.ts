import { type BrazeEmulator, startBraze } from '../../emulators/braze/server.ts';
import { type SsmEmulator, startSsm } from '../../emulators/ssm.ts';
import { LOCAL_AWS, makeQueue, type TestQueue } from './queues.ts';

export const API_KEY = 'key-2b7e151628aed2a6';

/** A stage as it is deployed, on loopback: Braze, SSM with its parameters, and the two queues. */
export interface TestStage {
  readonly braze: BrazeEmulator;
  readonly ssm: SsmEmulator;
  readonly undelivered: TestQueue;
  readonly deadLetters: TestQueue;
  /** Sets the environment of the functions made from now on; without arguments, to what is deployed. */
  environment(more?: { readonly [name: string]: string }): void;
  /** Braze, SSM, queues and environment as at the start. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const PATH = '/pypestream-braze/sandbox';

export const startStage = async (): Promise<TestStage> => {
  const [braze, ssm, undelivered, deadLetters] = await Promise.all([
    startBraze({ apiKey: API_KEY }),
    startSsm(),
    makeQueue('undelivered'),
    makeQueue('dead-letters'),
  ]);
  const stage: TestStage = {
    braze,
    ssm,
    undelivered,
    deadLetters,
    environment: (more = {}) => {
      const variables = {
        ...LOCAL_AWS,
        STAGE: 'sandbox',
        PARAMETER_PATH: PATH,
        AWS_ENDPOINT_URL_SSM: ssm.url,
        UNDELIVERED_QUEUE_URL: undelivered.url,
        DEAD_LETTER_QUEUE_URL: deadLetters.url,
        TIME_BUDGET_MS: '',
        REPLAY_IN_DOUBT: '',
      };
      Object.assign(process.env, variables, more);
    },
    reset: async () => {
      braze.reset();
      braze.apiKey = API_KEY;
      ssm.clearFaults();
      ssm.parameters.put(`${PATH}/braze_url`, braze.url);
      ssm.parameters.put(`${PATH}/braze_api_key`, API_KEY, 'SecureString');
      stage.environment();
      await Promise.all([undelivered.drain(), deadLetters.drain()]);
    },
    close: async () => {
      await Promise.all([braze.close(), ssm.close()]);
    },
  };
  await stage.reset();
  return stage;
};
