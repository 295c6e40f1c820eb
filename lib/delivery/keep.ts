import { type Budget, within } from '../budget.ts';
import type { Settings } from '../settings.ts';
import type { Reason } from './message.ts';

/** The undelivered queue is sent again by itself, the dead-letter queue waits for an operator. */
export type Queue = 'UNDELIVERED_QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL';

/** Whether SQS has acknowledged a text and so holds it; `cause` where it was asked and did not. Never throws. */
export const keep = async (
  queue: Queue,
  text: string,
  reason: Reason,
  settings: Settings,
  budget: Budget,
): Promise<{ readonly kept: boolean; readonly cause?: unknown }> => {
  const url = settings[queue];
  if (url === undefined) return { kept: false };
  try {
    // Loaded only when something is to be kept: a healthy invocation never pays for the SQS client.
    const { send } = await import('./queue.ts');
    await within(budget, send(text, reason, url, budget, settings), () => {
      throw new Error('SQS did not acknowledge in time.');
    });
    return { kept: true };
  } catch (cause) {
    return { kept: false, cause };
  }
};
