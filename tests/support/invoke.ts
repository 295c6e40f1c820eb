import type { JsonObject } from '../../lib/json.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import type { ExtraOutcomes, NodeDefinition } from '../../lib/node/definition.ts';
import type { IdentifierName } from '../../lib/payload/identity.ts';
import { startStage, type TestStage } from './stage.ts';

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

/** One call of a node in a new execution environment: what it answered, and the requests that reached Braze for it. */
export const invoke = async <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  stage: TestStage,
  definition: NodeDefinition<P, Extra, N>,
  payload: object,
  user_data: object = {},
) => {
  const before = stage.braze.requests.length;
  const handler = createHandler(definition, stage.createRuntime());
  const answer = await handler({ payload, context: { env: 'sandbox', user_data } });
  return {
    answer: answer as { readonly [key: string]: string },
    requests: stage.braze.requests.slice(before).map(({ path, json }) => ({ path, body: json as JsonObject })),
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
