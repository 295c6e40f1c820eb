import type { Deadline } from '../deadline.ts';
import type { Json } from '../json.ts';
import type { Runtime } from '../runtime.ts';
import { type ConsentChange, withoutPermissions } from './consent.ts';
import type { Message, Reason } from './message.ts';
import type { ReceivedMessage } from './pack.ts';
import { tryChangeVisibility, tryEnqueue } from './queue.ts';
import type { ObjectPosition, RedeliveryMemory } from './redelivery-memory.ts';

/** A message as SQS delivered it. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often SQS has delivered it, this time included. */
  readonly receiveCount: number;
}

const MIN_DELAY_S = 30;
const MAX_DELAY_S = 900;

/** The message reduced to some of its objects. */
const keepObjects = (message: Message, objects: readonly ObjectPosition[]): Message => {
  const isKept = (name: string, at: number) => objects.some(({ array, index }) => array === name && index === at);
  const entries = Object.entries(message.request).map(([name, value]): [string, Json] => [
    name,
    Array.isArray(value) ? value.filter((_, at) => isKept(name, at)) : value,
  ]);
  return { ...message, request: Object.fromEntries(entries) };
};

/** What becomes of the messages of a batch. Each goes back to the queue unless it is settled: nothing is lost. */
export class Settlement {
  readonly #unsettled: Map<string, QueueRecord>;
  readonly #runtime: Runtime;
  readonly #memory: RedeliveryMemory;
  readonly #deadline: Deadline;
  readonly reasons = new Set<Reason>();
  delivered = 0;
  deadLettered = 0;
  /** Permissions that were left out, because the person has refused since. */
  superseded = 0;
  /** The first thing that failed. */
  cause: unknown;

  constructor(records: readonly QueueRecord[], runtime: Runtime, memory: RedeliveryMemory, deadline: Deadline) {
    this.#unsettled = new Map(records.map((record) => [record.messageId, record]));
    this.#runtime = runtime;
    this.#memory = memory;
    this.#deadline = deadline;
  }

  /** Each message once, however often SQS has put it into the batch. */
  get unsettled(): readonly QueueRecord[] {
    return [...this.#unsettled.values()];
  }

  /** The message needs nothing more. */
  settle(id: string): void {
    this.#unsettled.delete(id);
    this.#memory.settled.set(id, true);
    this.#memory.pending.delete(id);
  }

  markDelivered({ id }: ReceivedMessage): void {
    this.delivered += 1;
    this.settle(id);
  }

  /** The message without some permissions; undefined where nothing is left of it, which settles it. */
  leaveOut(one: ReceivedMessage, dropped: readonly ConsentChange[]): ReceivedMessage | undefined {
    if (dropped.length === 0) return one;
    this.superseded += dropped.length;
    const message = withoutPermissions(one.message, dropped);
    if (message !== undefined) return { ...one, message };
    this.settle(one.id);
    return undefined;
  }

  /** Into the dead-letter queue; where SQS fails, it goes back, and is put there when it comes again. */
  async deadLetter(
    { id, message }: ReceivedMessage,
    reason: Reason,
    objects?: readonly ObjectPosition[],
  ): Promise<void> {
    // What is only misconfigured was not processed, and may be tried again meanwhile.
    if (reason !== 'misconfigured') this.#memory.pending.set(id, { reason, ...(objects !== undefined && { objects }) });
    const kept = objects === undefined ? message : keepObjects(message, objects);
    await this.deadLetterText(id, JSON.stringify({ ...kept, reason }), reason);
  }

  async deadLetterAll(messages: readonly ReceivedMessage[], reason: Reason): Promise<void> {
    await Promise.all(messages.map((one) => this.deadLetter(one, reason)));
  }

  async deadLetterText(id: string, text: string, reason: Reason): Promise<void> {
    const { enqueued, cause } = await tryEnqueue('DEAD_LETTER_QUEUE_URL', text, reason, this.#runtime, this.#deadline);
    this.cause ??= cause;
    if (!enqueued) return;
    this.deadLettered += 1;
    this.reasons.add(reason);
    this.settle(id);
  }

  /** Back to the queue: the more often a message was received, the later it comes again. */
  async retryLater(ids: readonly string[], retryAfterMs = 0): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const record = this.#unsettled.get(id);
        if (record === undefined) return;
        const growing = MIN_DELAY_S * 2 ** Math.min(record.receiveCount - 1, 10);
        const seconds = Math.min(MAX_DELAY_S, Math.max(Math.ceil(retryAfterMs / 1_000), growing));
        const cause = await tryChangeVisibility(record.receiptHandle, seconds, this.#runtime, this.#deadline);
        this.cause ??= cause;
      }),
    );
  }
}
