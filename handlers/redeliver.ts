import { createRedeliverHandler } from '../lib/node/create-redeliver-handler.ts';
import { identifyUser } from './identify-user.ts';
import { mergeUser } from './merge-user.ts';
import { sendTransactional } from './send-transactional.ts';
import { setSubscription } from './set-subscription.ts';
import { trackEvent } from './track-event.ts';
import { trackPurchase } from './track-purchase.ts';
import { trackUser } from './track-user.ts';
import { triggerCampaign } from './trigger-campaign.ts';
import { triggerCanvas } from './trigger-canvas.ts';

export const redeliver = {
  name: 'redeliver',
  description: 'Retries requests that could not be delivered at call time; fed by the undelivered queue.',
  nodes: [
    identifyUser,
    mergeUser,
    sendTransactional,
    setSubscription,
    trackEvent,
    trackPurchase,
    trackUser,
    triggerCampaign,
    triggerCanvas,
  ],
};

export const handler = createRedeliverHandler(redeliver);
