import { identifyUser } from '../../handlers/identify-user.ts';
import { mergeUser } from '../../handlers/merge-user.ts';
import { invoke, SENT, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const merge = (payload: object) => invoke(local.stage, mergeUser, payload);
const user_alias = { alias_name: 'chat-1', alias_label: 'pypestream' };
const prioritization = ['unidentified', 'most_recently_updated'];
const NOTHING = { success: 'error', outcome: 'invalid', detail: 'There is nothing to send.' };

test.each([
  ['alias', { user_alias }, { user_alias }],
  ['email', { email: ' Ann@Example.com' }, { email: 'ann@example.com', prioritization }],
  ['phone', { phone: '+1 415 555 0100' }, { phone: '+14155550100', prioritization }],
  ['the strongest of them', { user_alias, email: 'ann@example.com' }, { user_alias }],
])('merges the profile found by %s into that of the external id', async (_by, source, identifier_to_merge) => {
  const { prioritization: _, ...known } = { prioritization, ...identifier_to_merge };
  local.stage.braze.seed({ external_id: 'ann' }, { ...known, first_name: 'Ann' });
  const { answer, requests } = await merge({ external_id: 'ann', ...source });
  expect(requests).toEqual([
    {
      path: '/users/merge',
      body: { merge_updates: [{ identifier_to_merge, identifier_to_keep: { external_id: 'ann' } }] },
    },
  ]);
  expect(answer).toEqual(SENT);
  expect(local.stage.braze.profiles).toMatchObject([{ external_id: 'ann', attributes: { first_name: 'Ann' } }]);
});

test('merges a profile if several share the address, where identify-user does nothing', async () => {
  local.stage.braze.seed(
    { external_id: 'ann', email: 'ann@example.com' },
    { user_alias, email: 'ann@example.com', first_name: 'Ann' },
  );
  const payload = { external_id: 'ann', email: 'ann@example.com' };
  await invoke(local.stage, identifyUser, payload);
  expect(local.stage.braze.profiles).toHaveLength(2);
  await merge(payload);
  expect(local.stage.braze.profiles).toMatchObject([{ external_id: 'ann', attributes: { first_name: 'Ann' } }]);
});

test.each([
  ['user_alias', { user_alias: { alias_name: 'chat-1' }, email: 'ann@example.com' }],
  ['email', { email: 'ann', phone: '+14155550100' }],
])('does not try the next identifier if %s is given and invalid', async (name, source) => {
  const { answer, requests } = await merge({ external_id: 'ann', ...source });
  expect(answer).toEqual({ ...NOTHING, BRAZE_INVALID_FIELDS: name });
  expect(requests).toEqual([]);
});

test('is invalid without an external id, whatever else is given', async () => {
  for (const external_id of [undefined, 'x'.repeat(988), 'Visitor']) {
    const { answer, requests } = await merge({ external_id, email: 'ann@example.com' });
    expect(answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: 'external_id' });
    expect(requests).toEqual([]);
  }
});

test('is invalid if no profile to merge is named', async () => {
  const { answer, requests } = await merge({ external_id: 'ann' });
  expect([answer, requests]).toEqual([NOTHING, []]);
});

test.each([
  ['merge-user', mergeUser],
  ['identify-user', identifyUser],
] as const)('%s names a braze_id, which it does not read', async (_, node) => {
  local.stage.braze.seed({ user_alias, first_name: 'Ann' });
  const payload = { external_id: 'ann', user_alias, braze_id: 'b' };
  const { answer } = await invoke(local.stage, node, payload);
  expect(answer).toMatchObject({ outcome: 'partial', BRAZE_INVALID_FIELDS: 'braze_id' });
  const { answer: strict, requests } = await invoke(local.stage, node, { ...payload, strict: 'true' });
  expect(strict).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: 'braze_id' });
  expect(requests).toEqual([]);
});

test('does not repeat a request without an answer, and dead-letters it', async () => {
  local.stage.braze.fault('reset-after');
  const { answer, requests } = await merge({ external_id: 'ann', user_alias });
  expect(answer).toMatchObject({ outcome: 'in_doubt' });
  expect(requests).toHaveLength(1);
  const [deadLetter] = await local.stage.deadLetters.drain();
  expect(JSON.parse(deadLetter?.body ?? '')).toMatchObject({ reason: 'in_doubt', path: 'users/merge' });
});
