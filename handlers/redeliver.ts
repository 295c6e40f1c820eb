import { createRedeliverHandler } from '../lib/node/create-redeliver-handler.ts';

export const redeliver = {
  name: 'redeliver',
  description: 'Retries requests that could not be delivered at call time; fed by the undelivered queue.',
};

export const handler = createRedeliverHandler(redeliver);
