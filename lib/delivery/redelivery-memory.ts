import { BoundedMap } from '../bounded-map.ts';
import type { Reason } from './message.ts';

/** The position of an object in a message's request. */
export interface ObjectPosition {
  readonly array: string;
  readonly index: number;
}

/** A message that must not be sent again, but could not be dead-lettered because SQS failed. */
export interface PendingDeadLetter {
  readonly reason: Reason;
  /** Only these objects of the message; all of them if missing. */
  readonly objects?: readonly ObjectPosition[];
}

/** A batch holds at most 10,000 messages, so no message of a batch is forgotten before the next. */
const MAX_MESSAGES = 20_000;
/** What an execution environment remembers between batches. */
export class RedeliveryMemory {
  /** Messages that need nothing more, because SQS may deliver a message twice. */
  readonly settled = new BoundedMap<string, true>(MAX_MESSAGES);
  readonly pending = new BoundedMap<string, PendingDeadLetter>(MAX_MESSAGES);
  /** When a person last unsubscribed, in milliseconds since 1970: older permissions are not sent. */
  readonly refusals = new BoundedMap<string, number>(MAX_MESSAGES);
  /** Whether it is unknown if Braze processed the last request. */
  wasUnknown = false;
}
