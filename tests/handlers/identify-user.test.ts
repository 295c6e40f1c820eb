import { startServer } from '../../emulators/server.ts';
import { identifyUser } from '../../handlers/identify-user.ts';
import { trackUser } from '../../handlers/track-user.ts';
import { invoke, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const alias = { alias_name: 'chat-1', alias_label: 'pypestream' };
const prioritization = ['unidentified', 'most_recently_updated'];

const identify = (payload: object) => invoke(local.stage, identifyUser, payload);

test.each([
  ['an alias', { user_alias: alias }, { aliases_to_identify: [{ external_id: 'ann', user_alias: alias }] }],
  [
    'an email',
    { email: 'Ann@Example.com' },
    { emails_to_identify: [{ external_id: 'ann', email: 'ann@example.com', prioritization }] },
  ],
  [
    'a phone number',
    { phone: '+14155550100' },
    { phone_numbers_to_identify: [{ external_id: 'ann', phone: '+14155550100', prioritization }] },
  ],
])('gives the profile of %s its external id', async (_by, identity, body) => {
  await invoke(local.stage, trackUser, { ...identity, attributes: { first_name: 'Ann' } });
  const { answer, requests } = await identify({ external_id: 'ann', ...identity });
  expect(answer).toEqual(SENT);
  expect(requests).toEqual([{ path: '/users/identify', body }]);
  expect(local.stage.braze.profile({ external_id: 'ann' })).toMatchObject({ attributes: { first_name: 'Ann' } });
});

test('is rejected if Braze answers that it did nothing', async () => {
  const { answer } = await identify({ external_id: 'ann', user_alias: { ...alias, alias_name: 'CHAT-1' } });
  expect(answer).toEqual({
    ...{ success: 'error', outcome: 'rejected', detail: 'Braze found no profile to identify, and did nothing.' },
  });
});

test('is invalid without an external id, and sends no request', async () => {
  const { answer, requests } = await identify({ user_alias: alias });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'external_id' });
  expect(requests).toEqual([]);
});

test.each([
  ['nothing', {}, {}],
  ['half an alias', { user_alias: { alias_name: 'a' } }, { BRAZE_INVALID_FIELDS: 'user_alias' }],
  ['an address that is none', { email: 'ann' }, { BRAZE_INVALID_FIELDS: 'email' }],
  ['an address to unset', { email: null }, {}],
])('is invalid with %s to identify', async (_case, payload, invalid) => {
  const { answer, requests } = await identify({ external_id: 'ann', ...payload });
  expect(answer).toEqual({ success: 'error', outcome: 'invalid', detail: 'There is nothing to send.', ...invalid });
  expect(requests).toEqual([]);
});

test.each([
  ['user_alias', { user_alias: { alias_name: 'a' }, email: 'ann@example.com' }],
  ['email', { email: 'ann', phone: '+14155550100' }],
])('does not try the next identifier if %s is given and invalid', async (name, payload) => {
  const { answer, requests } = await identify({ external_id: 'ann', ...payload });
  expect(answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: name });
  expect(requests).toEqual([]);
});

test('finds the profile by the next identifier if the first is absent', async () => {
  const { requests } = await identify({
    external_id: 'ann',
    user_alias: { alias_name: '{ NAME }', alias_label: 'None' },
    email: 'ann@example.com',
  });
  expect(requests[0]?.body).toHaveProperty('emails_to_identify');
});

test('does not repeat a request without an answer', async () => {
  local.stage.braze.fault('reset-after');
  const { answer, requests } = await identify({ external_id: 'ann', user_alias: alias });
  expect(answer).toMatchObject({ outcome: 'in_doubt' });
  expect(requests).toHaveLength(1);
});

test('reports the identifier that Braze rejects, and does not say that there is no profile', async () => {
  const errors = [{ type: 'bad alias', input_array: 'user_identifiers', index: 0 }];
  const body = JSON.stringify({ message: 'success', aliases_processed: 0, errors });
  const braze = await startServer(1_000, ({ send }) => send({ status: 201, body }));
  local.stage.setParameter('braze_url', braze.url);
  const { answer } = await invoke(local.stage, identifyUser, { external_id: 'ann', user_alias: alias });
  await braze.close();
  expect(answer).toEqual({
    success: 'error',
    outcome: 'rejected',
    detail: 'Braze rejected every object of the request.',
    BRAZE_INVALID_FIELDS: 'user_alias',
  });
});
