import { getPreferenceCenter } from '../../handlers/get-preference-center.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { whileBrazeAnswers } from '../support/answering-braze.ts';
import { invoke, REQUIRED, stageForTests } from '../support/invoke.ts';

const preference_center_id = '3b1f0c86-52d4-4a0e-8f7b-64c9e21d7a90';
const local = stageForTests({ preferenceCenters: [preference_center_id] });

const ask = (payload: object) => invoke(local.stage, getPreferenceCenter, { preference_center_id, ...payload });
const NOT_FOUND = {
  ...{ success: 'false', outcome: 'not_found' },
  detail: 'Braze has no such preference center, or does not know the person.',
};

test('returns the URL of the person’s page', async () => {
  local.stage.braze.seed({ external_id: 'crm/ann é?', first_name: 'Ann' });
  const { answer, targets } = await ask({ external_id: ' crm/ann é? ' });
  expect(targets).toEqual([`GET /preference_center/v1/${preference_center_id}/url/crm%2Fann%20%C3%A9%3F`]);
  const braze_id = local.stage.braze.profile({ external_id: 'crm/ann é?' })?.braze_id;
  expect(answer).toEqual({
    ...{ success: 'true', outcome: 'found', detail: 'Braze has the page.' },
    BRAZE_PREFERENCE_CENTER_URL: `https://preferences.example.com/${preference_center_id}/${braze_id}`,
  });
});

test('answers not_found if Braze does not know the person or the page', async () => {
  local.stage.braze.seed({ external_id: 'ann' });
  expect((await ask({ external_id: 'bob' })).answer).toEqual(NOT_FOUND);
  expect((await ask({ external_id: 'ann', preference_center_id: 'another' })).answer).toEqual(NOT_FOUND);
});

test('accepts an external id only, and asks Braze about no other identifier', async () => {
  const byEmail = await ask({ email: 'ann@example.com' });
  expect(byEmail.answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: 'email' });
  const invalidId = await ask({ external_id: 'x'.repeat(988), email: 'ann@example.com' });
  expect(invalidId.answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: 'external_id' });
  expect([...byEmail.targets, ...invalidId.targets]).toEqual([]);
});

test.each(['..', '.', '../../../users/delete', 'a/../../b', '..\\x'])(
  'an identifier %j reaches no other endpoint: it is invalid',
  async (external_id) => {
    const { answer, targets } = await ask({ external_id });
    expect(answer).toEqual({
      ...{ success: 'error', outcome: 'invalid', detail: 'A value cannot be part of the URL of the request.' },
      BRAZE_INVALID_FIELDS: 'external_id',
    });
    expect(targets).toEqual([]);
  },
);

test('is invalid without a preference center', async () => {
  const { answer, targets } = await ask({ external_id: 'ann', preference_center_id: 'None' });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'preference_center_id' });
  expect(targets).toEqual([]);
});

test('accepts the longest external id of any characters', async () => {
  local.stage.braze.seed({ external_id: 'é'.repeat(493) });
  expect((await ask({ external_id: 'é'.repeat(493) })).answer).toMatchObject({ outcome: 'found' });
});

test('the log line contains neither the filled path nor the URL', async () => {
  local.stage.braze.seed({ external_id: 'ann-20417' });
  const handler = createHandler(getPreferenceCenter, local.stage.createRuntime());
  const payload = { external_id: 'ann-20417', preference_center_id };
  const { text } = await local.stage.capture(() => handler({ payload }));
  expect(JSON.parse(text)).toMatchObject({ outcome: 'found' });
  expect(text).not.toMatch(/ann-20417|preferences\.example\.com|3b1f0c86/);
});

test.each([
  [404, '{"message":"Invalid URL"}', 'misconfigured'],
  [404, '<html>Not Found</html>', 'misconfigured'],
  [200, '{"message":"success"}', 'unavailable'],
  [200, '{"preference_center_url":17}', 'unavailable'],
  [200, '{"preference_center_url":"javascript:alert(1)"}', 'unavailable'],
  [200, '{"preference_center_url":"https://"}', 'unavailable'],
  [200, '<html>https://preferences.example.com</html>', 'unavailable'],
  [400, '{"message":"Bad Request"}', 'rejected'],
])('if Braze answers %d with %s, the outcome is %3$s', async (status, body, outcome) => {
  const { answer } = await whileBrazeAnswers(local.stage, { status, body }, () =>
    invoke(local.stage, getPreferenceCenter, { external_id: 'ann', preference_center_id }),
  );
  expect(answer).toMatchObject({ success: 'error', outcome });
  expect([...local.stage.undelivered.messages, ...local.stage.deadLetters.messages]).toEqual([]);
});
