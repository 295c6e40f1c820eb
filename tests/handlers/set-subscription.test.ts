import { setSubscription } from '../../handlers/set-subscription.ts';
import { invoke, LEFT_OUT, SENT, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const GROUP = '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11';

test('sets the states that are given, and no others', async () => {
  const { answer, requests } = await invoke(local.stage, setSubscription, {
    external_id: 'ann',
    email_subscribe: 'Opted_In',
    push_subscribe: 'None',
    subscription_groups: [{ subscription_group_id: GROUP, subscription_state: 'unsubscribed' }],
  });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body).toEqual({
    attributes: [
      {
        external_id: 'ann',
        email_subscribe: 'opted_in',
        subscription_groups: [{ subscription_group_id: GROUP, subscription_state: 'unsubscribed' }],
      },
    ],
    partner: 'pypestream',
  });
});

test('leaves out a value that is not a state', async () => {
  const { answer } = await invoke(local.stage, setSubscription, {
    ...{ external_id: 'ann', email_subscribe: 'maybe', push_subscribe: 'subscribed' },
  });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'email_subscribe' });
});

test('is invalid if no state is valid and there is nothing else to send', async () => {
  const { answer, requests } = await invoke(local.stage, setSubscription, {
    external_id: 'ann',
    push_subscribe: 'maybe',
  });
  expect(answer).toEqual({
    success: 'error',
    outcome: 'invalid',
    detail: 'There is nothing to send.',
    BRAZE_INVALID_FIELDS: 'push_subscribe',
  });
  expect(requests).toEqual([]);
});

test('sets an address that is given beside an id, even without a state', async () => {
  const { answer, requests } = await invoke(local.stage, setSubscription, {
    external_id: 'ann',
    email: 'ann@example.com',
  });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body.attributes).toEqual([{ external_id: 'ann', email: 'ann@example.com' }]);
});
