import { invoke, stageForTests } from '../../../tests/support/invoke.ts';
import { newNode } from './handler.ts';
import { ANSWER, INCOMPLETE, PAYLOAD, PROFILE, REQUEST } from './slots.ts';

const context = stageForTests();
const call = (payload: object) => invoke(context.stage, newNode, payload);

test('sends Braze what the conversation said, and Braze accepts it', async () => {
  context.stage.braze.seed(PROFILE);
  const { answer, requests } = await call(PAYLOAD);
  expect(requests).toEqual([REQUEST]);
  expect(answer).toMatchObject(ANSWER);
});

test('sends nothing where the payload is incomplete', async () => {
  const { answer, requests } = await call(INCOMPLETE);
  expect([answer.outcome, requests]).toEqual(['invalid', []]);
});
