import { triggerEndpoint } from '../trigger.ts';

export const campaignsTriggerSend = triggerEndpoint({
  kind: 'Campaign',
  permission: 'campaigns.trigger.send',
  idKey: 'campaign_id',
  propertyKeys: ['trigger_properties'],
  known: ({ campaigns }) => campaigns,
  record: ({ campaign_sends }, campaign_id, dispatch_id, trigger_properties) => {
    campaign_sends.push({ campaign_id, dispatch_id, trigger_properties });
  },
});
