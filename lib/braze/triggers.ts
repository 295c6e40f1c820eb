import { type AcceptedResponse, hadNoEffect } from './response.ts';

/** Common properties of endpoints that trigger a message: a second request sends it twice, and an hour later it is stale. */
export const TRIGGER = {
  refusesEmptyBody: true,
  maxObjects: 50,
  isIdempotent: () => false,
  queueOnFailure: true,
  bestBeforeMs: 3_600_000,
} as const;

/** Whether Braze accepted a trigger and sends nothing, because the Canvas or campaign is paused or archived. */
export const isPaused = (response: AcceptedResponse): boolean => response.errors.length === 0 && hadNoEffect(response);
