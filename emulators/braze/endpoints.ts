import type { Endpoint } from './endpoint.ts';
import { campaignsTriggerSend } from './endpoints/campaigns-trigger-send.ts';
import { canvasTriggerSend } from './endpoints/canvas-trigger-send.ts';
import { subscriptionStatusSet } from './endpoints/subscription-status-set.ts';
import { usersAliasNew } from './endpoints/users-alias-new.ts';
import { usersExportIds } from './endpoints/users-export-ids.ts';
import { usersIdentify } from './endpoints/users-identify.ts';
import { usersMerge } from './endpoints/users-merge.ts';
import { usersTrack } from './endpoints/users-track.ts';
import { v2SubscriptionStatusSet } from './endpoints/v2-subscription-status-set.ts';

/** What the emulator answers; to add an endpoint, write its file and its line. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ['/users/track', usersTrack],
  ['/users/export/ids', usersExportIds],
  ['/users/identify', usersIdentify],
  ['/users/alias/new', usersAliasNew],
  ['/users/merge', usersMerge],
  ['/canvas/trigger/send', canvasTriggerSend],
  ['/campaigns/trigger/send', campaignsTriggerSend],
  ['/subscription/status/set', subscriptionStatusSet],
  ['/v2/subscription/status/set', v2SubscriptionStatusSet],
]);
