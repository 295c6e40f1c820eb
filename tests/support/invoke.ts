import type { LocalStageOptions } from '../../emulators/local-stage.ts';
import type { JsonObject } from '../../lib/json.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import type { ExtraOutcomes, NodeDefinition } from '../../lib/node/definition.ts';
import type { IdentifierName } from '../../lib/payload/identity.ts';
import { startStage, type TestStage } from './stage.ts';

/** A stage for the tests of one node, opened and closed around them. */
export const stageForTests = (options?: LocalStageOptions): { readonly stage: TestStage } => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage(options);
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());
  return {
    get stage() {
      return stage;
    },
  };
};

type Handler = (event: unknown) => Promise<unknown>;

/** One call in an execution environment: what was answered, and the requests that reached Braze for it. */
export const invokeAgain = async ({ braze }: TestStage, handler: Handler, payload: object, user_data: object = {}) => {
  const before = braze.requests.length;
  const answer = await handler({ payload, context: { env: 'sandbox', user_data } });
  const requests = braze.requests.slice(before);
  return {
    answer: answer as { readonly [key: string]: string },
    requests: requests.map(({ path, json }) => ({ path, body: json as JsonObject })),
    /** Method, path and query of the requests. */
    targets: requests.map(({ method, path, query }) => `${method} ${path}${query === '' ? '' : `?${query}`}`),
  };
};

/** One call of a node in a new execution environment. */
export const invoke = <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  stage: TestStage,
  definition: NodeDefinition<P, Extra, N>,
  payload: object,
  user_data: object = {},
) => invokeAgain(stage, createHandler(definition, stage.createRuntime()), payload, user_data);

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
