import { defineRedelivery } from '../lib/node/create-redeliver-handler.ts';

export const handler = defineRedelivery({
  node: 'redeliver',
  description: 'Sends what Braze could not take when the conversation said it; fed by the undelivered queue.',
});
