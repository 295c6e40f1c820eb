import type { JsonObject } from '../../lib/json.ts';
import { captureStdout } from './capture-stdout.ts';
import { startStage, type TestStage } from './stage.ts';

type Handler = (event: unknown) => Promise<unknown>;

/** A stage for the tests of one node, opened and closed around them. */
export const stageForTests = (): { readonly stage: TestStage } => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());
  return {
    get stage() {
      return stage;
    },
  };
};

/** One call of a node: what it answered, and the requests that reached Braze for it. */
export const invoke = async ({ braze }: TestStage, handler: Handler, payload: object, user_data: object = {}) => {
  const before = braze.requests.length;
  const { result } = await captureStdout(() => handler({ payload, context: { env: 'sandbox', user_data } }));
  return {
    answer: result as { readonly [key: string]: string },
    requests: braze.requests.slice(before).map(({ path, json }) => ({ path, body: json as JsonObject })),
  };
};

export const SENT = { success: 'true', outcome: 'sent', detail: 'Braze accepted everything.' };
export const LEFT_OUT = {
  success: 'true',
  outcome: 'partial',
  detail: 'Braze accepted the request, but some fields or objects were left out.',
};
export const REQUIRED = {
  success: 'error',
  outcome: 'invalid',
  detail: 'A required field is missing or invalid.',
};
