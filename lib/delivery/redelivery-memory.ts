import { BoundedMap } from '../bounded-map.ts';
import type { Reason } from './message.ts';

/** Where an object stands in a message's request. */
export interface ObjectPosition {
  readonly array: string;
  readonly index: number;
}

/** What must not be sent again, but could not be put into the dead-letter queue because SQS failed too. */
export interface PendingDeadLetter {
  readonly reason: Reason;
  /** Only these objects of the message; all of them where it is missing. */
  readonly objects?: readonly ObjectPosition[];
}

/** A batch holds at most 10,000 messages, so no message of a batch is forgotten before the next. */
const MAX_MESSAGES = 20_000;
/** What an execution environment remembers from batch to batch, bounded whatever waits in the queue. */
export class RedeliveryMemory {
  /** Messages that are delivered or in the dead-letter queue: SQS may deliver them again. */
  readonly settled = new BoundedMap<string, true>(MAX_MESSAGES);
  readonly pending = new BoundedMap<string, PendingDeadLetter>(MAX_MESSAGES);
  /** When somebody last refused a consent, in milliseconds since 1970: an older permission is not sent after it. */
  readonly refusals = new BoundedMap<string, number>(MAX_MESSAGES);
  /** Whether Braze's last answer left open what became of the request. */
  wasUnclear = false;
}
