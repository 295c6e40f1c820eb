import { type AcceptedResponse, hadNoEffect } from './response.ts';

/** What endpoints that trigger a message have in common: a second request sends it twice, and a late one comes too late. */
export const TRIGGER = {
  refusesEmptyBody: true,
  maxObjects: 50,
  isIdempotent: () => false,
  queueOnFailure: true,
  bestBeforeMs: 3_600_000,
} as const;

/** Whether Braze took a trigger and sends nothing. */
export const isPaused = (response: AcceptedResponse): boolean => response.errors.length === 0 && hadNoEffect(response);
