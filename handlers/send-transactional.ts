import { createHash } from 'node:crypto';
import { toRecipient } from '../lib/braze/recipient.ts';
import { isOk } from '../lib/braze/response.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { attributes } from '../lib/payload/attributes.ts';
import { campaign_id, send_id, trigger_properties } from '../lib/payload/messages.ts';
import { object, required, validIfPresent } from '../lib/payload/schema.ts';

const NAME = 'send-transactional';

/** Derives an id from the parts of a call, so that a repeated call has the same id. */
const deriveSendId = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** https://www.braze.com/docs/api/endpoints/messaging/send_messages/post_send_transactional_message/ */
export const sendTransactional = defineNode({
  name: NAME,
  description:
    'Sends the person a transactional email, such as a confirmation. A repeated call does not send it again.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      campaign_id: '9d0f4b1e-7c52-4f0a-9d5c-2b1a7e6f3c44',
      trigger_properties: { order: '{ORDER_ID}' },
      send_id: 'order-{ORDER_ID}',
    },
  },
  endpoint: {
    path: 'transactional/v1/campaigns/{campaign_id}/send',
    permission: 'transactional.send',
    refusesEmptyBody: true,
    isAnswer: (status, { dispatch_id }) => isOk(status) && typeof dispatch_id === 'string',
    // Braze sends nothing again for an `external_send_id` that it has seen within 24 hours.
    isIdempotent: ({ external_send_id }) => typeof external_send_id === 'string',
    queueOnFailure: true,
    // One hour less, so that Braze still knows the id when the request arrives.
    bestBeforeMs: 23 * 3_600_000,
  },
  identifiers: ['external_id', 'user_alias'],
  payload: object({
    campaign_id: required(campaign_id),
    trigger_properties,
    attributes,
    // If an invalid id were left out, Braze would take a repeated call for another message, and send it again.
    send_id: validIfPresent(send_id),
  }),
  toRequest: ({ campaign_id, trigger_properties, attributes, send_id }, { identity, chatId, callId }) => {
    const content = {
      ...(trigger_properties !== undefined && { trigger_properties }),
      recipient: toRecipient(identity.identifier, { ...identity.contact, ...attributes }, true),
    };
    const external_send_id = send_id ?? deriveSendId(NAME, chatId, callId, campaign_id, content);
    return { parameters: { campaign_id }, body: { external_send_id, ...content } };
  },
});

export const handler = createHandler(sendTransactional);
