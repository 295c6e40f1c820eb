import { getSubscription } from '../../handlers/get-subscription.ts';
import { whileBrazeAnswers } from '../support/answering-braze.ts';
import { invoke, REQUIRED, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const subscription_group_id = '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11';

const seed = (subscription_state: string) =>
  local.stage.braze.seed({
    ...{ external_id: 'ann', email: 'ann@example.com', phone: '+14155550100' },
    subscription_groups: [{ subscription_group_id, subscription_state }],
  });
const ask = (payload: object) => invoke(local.stage, getSubscription, { subscription_group_id, ...payload });

test.each([
  ['external_id', { external_id: 'ann' }, 'external_id=ann'],
  ['email', { email: ' Ann@Example.com ' }, 'email=ann%40example.com'],
  ['phone', { phone: '+1 (415) 555-0100' }, 'phone=%2B14155550100'],
  ['the strongest of them', { external_id: 'ann', email: 'bob@example.com' }, 'external_id=ann'],
])('sends the person’s %s and no other identifier', async (_by, identity, query) => {
  seed('subscribed');
  const { answer, targets } = await ask({ ...identity, subscription_group_id: subscription_group_id.toUpperCase() });
  expect(targets).toEqual([`GET /subscription/status/get?subscription_group_id=${subscription_group_id}&${query}`]);
  expect(answer).toEqual({
    ...{ success: 'true', outcome: 'subscribed', detail: 'The person is subscribed to the group.' },
  });
});

test('answers unsubscribed and unknown with success false', async () => {
  expect((await ask({ external_id: 'ann' })).answer).toEqual({
    ...{ success: 'false', outcome: 'unknown', detail: 'Braze has no subscription of this person to the group.' },
  });
  seed('unsubscribed');
  expect((await ask({ external_id: 'ann' })).answer).toEqual({
    ...{ success: 'false', outcome: 'unsubscribed', detail: 'The person is unsubscribed from the group.' },
  });
});

test.each([
  ['external_id', { external_id: { a: 1 }, email: 'ann@example.com' }],
  ['user_alias', { user_alias: { alias_name: 'a', alias_label: 'b' }, email: 'ann@example.com' }],
  ['email', { email: 'ann', phone: '+14155550100' }],
])('does not try the next identifier if %s is given and invalid', async (name, identity) => {
  const { answer, targets } = await ask(identity);
  expect(answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: name });
  expect(targets).toEqual([]);
});

test.each([undefined, 'newsletter', '../../users/delete'])(
  'is invalid with the group %j, and sends no request',
  async (group) => {
    const { answer, targets } = await ask({ external_id: 'ann', subscription_group_id: group });
    expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'subscription_group_id' });
    expect(targets).toEqual([]);
  },
);

test('repeats a request without an answer, and does not queue it', async () => {
  seed('subscribed');
  local.stage.braze.fault('reset-after', 1);
  const { answer, targets } = await ask({ external_id: 'ann' });
  expect([answer.outcome, targets.length]).toEqual(['subscribed', 2]);
  local.stage.braze.fault('503');
  expect((await ask({ external_id: 'ann' })).answer).toMatchObject({ outcome: 'unavailable' });
  local.stage.braze.clearFaults();
  local.stage.braze.fault('403');
  expect((await ask({ external_id: 'ann' })).answer).toMatchObject({ outcome: 'misconfigured' });
  expect([...local.stage.undelivered.messages, ...local.stage.deadLetters.messages]).toEqual([]);
});

test.each([
  ['no state', '{"message":"success"}'],
  ['an unknown state', '{"message":"success","status":{"ann":"Pending"}}'],
  ['the states of two', '{"message":"success","status":{"ann":"Subscribed","bob":"Unsubscribed"}}'],
  ['a list', '{"message":"success","status":["Subscribed","Unsubscribed"]}'],
  ['no JSON', '<html>Subscribed</html>'],
  ['nothing', ''],
])('is unavailable if Braze answers with %s', async (_what, body) => {
  const { answer } = await whileBrazeAnswers(local.stage, { status: 200, body }, () =>
    invoke(local.stage, getSubscription, { external_id: 'ann', subscription_group_id }),
  );
  expect(answer).toMatchObject({ success: 'error', outcome: 'unavailable' });
});
