import { whileBrazeAnswers } from '../../../tests/support/answering-braze.ts';
import { invoke, stageForTests } from '../../../tests/support/invoke.ts';
import { newNode } from './handler.ts';
import { ANSWERS, BODY, EXPECTED, INCOMPLETE, PAYLOAD, SEEDS, TARGET, TITLE } from './slots.ts';

const local = stageForTests(SEEDS);
const payload = PAYLOAD;

test(TITLE, async () => {
  const { answer, requests, targets } = await invoke(local.stage, newNode, payload);
  expect(targets).toEqual([TARGET]);
  expect(requests[0]?.body).toEqual(BODY);
  expect(answer.outcome).toBe(EXPECTED);
});

test('sends nothing where the payload is incomplete', async () => {
  const { answer, targets } = await invoke(local.stage, newNode, INCOMPLETE);
  expect([answer.outcome, targets]).toEqual(['invalid', []]);
});

test.each<[outcome: string, status: number, body: object]>(ANSWERS)(
  'says %s where Braze answers %i %j',
  async (outcome, status, body) => {
    const response = { status, body: JSON.stringify(body) };
    const { answer } = await whileBrazeAnswers(local.stage, response, () => invoke(local.stage, newNode, payload));
    expect(answer.outcome).toBe(outcome);
  },
);
