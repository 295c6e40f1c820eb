import { toRecipient } from '../lib/braze/recipient.ts';
import { isPaused, TRIGGER } from '../lib/braze/triggers.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { attributes } from '../lib/payload/attributes.ts';
import { campaign_id, trigger_properties } from '../lib/payload/messages.ts';
import { object, required } from '../lib/payload/schema.ts';

/** https://www.braze.com/docs/api/endpoints/messaging/send_messages/post_send_triggered_campaigns/ */
export const triggerCampaign = defineNode({
  name: 'trigger-campaign',
  description: 'Sends the person an API-triggered campaign; `paused` when the campaign is paused or archived.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      campaign_id: '9d0f4b1e-7c52-4f0a-9d5c-2b1a7e6f3c44',
      trigger_properties: { destination: '{DESTINATION}' },
      attributes: { first_name: '{FIRST_NAME}', email: '{EMAIL}' },
    },
  },
  endpoint: { ...TRIGGER, path: 'campaigns/trigger/send', permission: 'campaigns.trigger.send' },
  identifiers: ['external_id', 'user_alias', 'braze_id', 'email'],
  payload: object({ campaign_id: required(campaign_id), trigger_properties, attributes }),
  toRequest: ({ campaign_id, trigger_properties, attributes }, { identity, updateExistingOnly }) => {
    const profile = { ...identity.contact, ...attributes };
    return {
      body: {
        campaign_id,
        ...(trigger_properties !== undefined && { trigger_properties }),
        recipients: [toRecipient(identity.identifier, profile, updateExistingOnly)],
      },
      paths: { recipients: ['campaign_id'] },
    };
  },
  outcomes: { paused: 'false' },
  readResponse: (response) =>
    isPaused(response)
      ? { outcome: 'paused', detail: 'The campaign is paused or archived; nothing was sent.' }
      : undefined,
});

export const handler = createHandler(triggerCampaign);
