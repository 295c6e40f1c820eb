import { triggerCampaign } from '../../handlers/trigger-campaign.ts';
import { invoke, LEFT_OUT, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';
import { testTrigger } from '../support/trigger.ts';

const local = stageForTests();
const campaign_id = '9d0f4b1e-7c52-4f0a-9d5c-2b1a7e6f3c44';
beforeEach(() => {
  local.stage.braze.campaigns[campaign_id] = 'active';
});

const trigger = (payload: object) => invoke(local.stage, triggerCampaign, { campaign_id, ...payload });

test('sends the campaign to one person, with its properties and the attributes to set before', async () => {
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
  expect(local.stage.braze.profile({ external_id: 'ann' })).toMatchObject({
    attributes: { first_name: 'Ann' },
    campaign_sends: [{ campaign_id, trigger_properties: { destination: 'Paris', seats: 2 } }],
  });
});

test.each(['paused', 'archived'] as const)('answers paused if the campaign is %s', async (status) => {
  local.stage.braze.campaigns[campaign_id] = status;
  expect((await trigger({ external_id: 'ann' })).answer).toEqual({
    ...{ success: 'false', outcome: 'paused', detail: 'The campaign is paused or archived; nothing was sent.' },
  });
});

test('leaves out properties that are too large for a campaign', async () => {
  const parts = Array.from({ length: 220 }, (_, index) => [`part_${index}`, 'x'.repeat(250)]);
  const { answer, requests } = await trigger({ external_id: 'ann', trigger_properties: Object.fromEntries(parts) });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'trigger_properties' });
  expect(requests[0]?.body).not.toHaveProperty('trigger_properties');
});

test('is invalid without a campaign, and sends nothing', async () => {
  const { answer, requests } = await trigger({ external_id: 'ann', campaign_id: '{CAMPAIGN}' });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'campaign_id' });
  expect(requests).toEqual([]);
});

testTrigger(local, triggerCampaign, { campaign_id });
