import { BoundedMap } from '../bounded-map.ts';
import { monotonicNow } from '../clock.ts';
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
/** How long one clear answer lets requests be sent in parallel. */
const ANSWER_COUNTS_MS = 10_000;

/** What an execution environment remembers from batch to batch, bounded whatever waits in the queue. */
export class RedeliveryMemory {
  /** Messages that are delivered or in the dead-letter queue: SQS may deliver them again. */
  readonly settled = new BoundedMap<string, true>(MAX_MESSAGES);
  readonly pending = new BoundedMap<string, PendingDeadLetter>(MAX_MESSAGES);
  /** When somebody last refused a consent, in milliseconds since 1970: an older permission is not sent after it. */
  readonly refusals = new BoundedMap<string, number>(MAX_MESSAGES);
  #answered: { readonly clearly: boolean; readonly at: number } | undefined;

  /** Braze answered, and whether it was clear what became of the request. */
  recordAnswer(clearly: boolean): void {
    this.#answered = { clearly, at: monotonicNow() };
  }

  /** How Braze answered last; `stale` where it has answered nothing, or too long ago to count. */
  get lastAnswer(): 'clear' | 'unclear' | 'stale' {
    if (this.#answered === undefined) return 'stale';
    if (!this.#answered.clearly) return 'unclear';
    return monotonicNow() - this.#answered.at < ANSWER_COUNTS_MS ? 'clear' : 'stale';
  }
}
