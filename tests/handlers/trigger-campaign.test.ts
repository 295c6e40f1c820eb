import { trackUser } from '../../handlers/track-user.ts';
import { triggerCampaign } from '../../handlers/trigger-campaign.ts';
import { invoke, LEFT_OUT, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';

const here = stageForTests();
const campaign_id = '9d0f4b1e-7c52-4f0a-9d5c-2b1a7e6f3c44';
beforeEach(() => {
  here.stage.braze.campaigns[campaign_id] = 'active';
});

const trigger = (payload: object) => invoke(here.stage, triggerCampaign, { campaign_id, ...payload });

test('sends one person the campaign with its properties, their attributes set before', async () => {
  const { answer, requests } = await trigger({
    external_id: 'ann',
    trigger_properties: { destination: '<<far fa-train>> Paris', seats: { $integer: '2' } },
    attributes: { FIRST_NAME: ' Ann ' },
  });
  expect(answer).toEqual(SENT);
  expect(requests).toEqual([
    {
      path: '/campaigns/trigger/send',
      body: {
        campaign_id,
        trigger_properties: { destination: 'Paris', seats: 2 },
        recipients: [{ external_user_id: 'ann', send_to_existing_only: false, attributes: { first_name: 'Ann' } }],
      },
    },
  ]);
  expect(here.stage.braze.profile({ external_id: 'ann' })).toMatchObject({
    attributes: { first_name: 'Ann' },
    campaign_sends: [{ campaign_id, trigger_properties: { destination: 'Paris', seats: 2 } }],
  });
});

const alias = { alias_name: 'chat-1', alias_label: 'pypestream' };

test.each([
  ['external_id', { external_id: 'ann' }, { external_user_id: 'ann' }],
  ['an alias', { user_alias: alias, attributes: { a: 'b' } }, { user_alias: alias, attributes: { a: 'b' } }],
  ['braze_id', { braze_id: '0123456789abcdef01234567' }, { braze_id: '0123456789abcdef01234567' }],
  [
    'email',
    { email: 'Ann@Example.com' },
    { email: 'ann@example.com', prioritization: ['identified', 'most_recently_updated'] },
  ],
  [
    'an id, existing people only',
    { external_id: 'ann', update_existing_only: 'true', attributes: { a: 'b' } },
    { external_user_id: 'ann', attributes: { a: 'b' } },
  ],
])('names the one recipient by %s', async (_by, identity, recipient) => {
  await invoke(here.stage, trackUser, {
    ...identity,
    update_existing_only: 'false',
    attributes: { first_name: 'Ann' },
  });
  const { requests } = await trigger(identity);
  expect(requests[0]?.body).toEqual({ campaign_id, recipients: [recipient] });
});

test.each(['paused', 'archived'] as const)('says paused where the campaign is %s', async (status) => {
  here.stage.braze.campaigns[campaign_id] = status;
  expect((await trigger({ external_id: 'ann' })).answer).toEqual({
    ...{ success: 'false', outcome: 'paused', detail: 'The campaign is paused or archived; nothing was sent.' },
  });
});

test('goes without properties that are too large for a campaign', async () => {
  const parts = Array.from({ length: 220 }, (_, index) => [`part_${index}`, 'x'.repeat(250)]);
  const { answer, requests } = await trigger({ external_id: 'ann', trigger_properties: Object.fromEntries(parts) });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'trigger_properties' });
  expect(requests[0]?.body).not.toHaveProperty('trigger_properties');
});

test('is invalid without a campaign, or where only a phone number says who is meant, and sends nothing', async () => {
  const incomplete = await trigger({ external_id: 'ann', campaign_id: '{CAMPAIGN}' });
  expect(incomplete.answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'campaign_id' });
  const nobody = await trigger({ phone: '+14155550100' });
  expect(nobody.answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: 'phone,external_id' });
  expect([...incomplete.requests, ...nobody.requests]).toEqual([]);
});

test('is rejected where Braze does not know the campaign', async () => {
  expect((await trigger({ external_id: 'ann', campaign_id: 'another' })).answer).toMatchObject({ outcome: 'rejected' });
});

test('is not repeated after an answer that never came, and is kept', async () => {
  here.stage.braze.fault('500-after');
  const { answer, requests } = await trigger({ external_id: 'ann' });
  expect(answer).toMatchObject({ outcome: 'in_doubt' });
  expect(requests).toHaveLength(1);
  const [deadLetter] = await here.stage.deadLetters.drain();
  expect(JSON.parse(deadLetter?.body ?? '')).toMatchObject({ reason: 'in_doubt', path: 'campaigns/trigger/send' });
});
