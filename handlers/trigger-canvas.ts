import { toRecipient } from '../lib/braze/recipient.ts';
import { isPaused, TRIGGER } from '../lib/braze/triggers.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { attributes } from '../lib/payload/attributes.ts';
import { canvas_id, canvasContext } from '../lib/payload/messages.ts';
import { object, required } from '../lib/payload/schema.ts';

export const triggerCanvas = defineNode({
  name: 'trigger-canvas',
  description: 'Enters the person into an API-triggered Canvas; `paused` when the Canvas is paused or archived.',
  example: {
    payload: {
      external_id: '{CUSTOMER_ID}',
      canvas_id: '4c1f8b0e-1d35-4b8b-8f1c-6a2f0d9c7e55',
      context: { destination: '{DESTINATION}' },
      attributes: { first_name: '{FIRST_NAME}', email: '{EMAIL}' },
    },
  },
  endpoint: { ...TRIGGER, path: 'canvas/trigger/send', permission: 'canvas.trigger.send' },
  identifiers: ['external_id', 'user_alias', 'braze_id', 'email'],
  payload: object(
    { canvas_id: required(canvas_id), context: canvasContext, attributes },
    // Its name in Braze's API until 2024.
    { aliases: { canvas_entry_properties: 'context' } },
  ),
  toRequest: ({ canvas_id, context, attributes }, { identity, updateExistingOnly }) => {
    const profile = { ...identity.contact, ...attributes };
    return {
      body: {
        canvas_id,
        ...(context !== undefined && { context }),
        recipients: [toRecipient(identity.identifier, profile, updateExistingOnly)],
      },
      paths: { recipients: ['canvas_id'] },
    };
  },
  outcomes: { paused: 'false' },
  readResponse: (response) =>
    isPaused(response)
      ? { outcome: 'paused', detail: 'The Canvas is paused or archived; nothing was sent.' }
      : undefined,
});

export const handler = createHandler(triggerCanvas);
