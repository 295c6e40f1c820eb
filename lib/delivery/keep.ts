import type { Settings } from '../config/env.ts';
import type { Deadline } from '../deadline.ts';
import type { Reason } from './message.ts';
import { send } from './queue.ts';

/** The undelivered queue is sent again by itself, the dead-letter queue waits for an operator. */
export type Queue = 'UNDELIVERED_QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL';

/** Whether SQS has acknowledged a text and so holds it; `cause` where it was asked and did not. Never throws. */
export const keep = async (
  queue: Queue,
  text: string,
  reason: Reason,
  settings: Settings,
  deadline: Deadline,
): Promise<{ readonly kept: boolean; readonly cause?: unknown }> => {
  const url = settings[queue];
  if (url === undefined) return { kept: false };
  try {
    await send(text, reason, url, deadline, settings);
    return { kept: true };
  } catch (cause) {
    return { kept: false, cause };
  }
};
