import type { Deadline } from '../deadline.ts';
import type { Json } from '../json.ts';
import type { Runtime } from '../runtime.ts';
import { type ConsentChange, withoutPermissions } from './consent.ts';
import type { Message, Reason } from './message.ts';
import type { ReceivedMessage } from './pack.ts';
import { tryChangeVisibility, tryEnqueue } from './queue.ts';
import type { ObjectPosition, RedeliveryMemory } from './redelivery-memory.ts';

/** A message as SQS delivers it. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often SQS has delivered it, including this time. */
  readonly receiveCount: number;
}

const MIN_DELAY_S = 30;
const MAX_DELAY_S = 900;

/** Removes all objects of a message except these. */
const keepObjects = (message: Message, objects: readonly ObjectPosition[]): Message => {
  const isKept = (name: string, at: number) => objects.some(({ array, index }) => array === name && index === at);
  const entries = Object.entries(message.request).map(([name, value]): [string, Json] => [
    name,
    Array.isArray(value) ? value.filter((_, at) => isKept(name, at)) : value,
  ]);
  return { ...message, request: Object.fromEntries(entries) };
};

/** The state of a batch's messages. Each goes back to the queue unless it is settled, so that none is lost. */
export class Settlement {
  readonly #unsettled: Map<string, QueueRecord>;
  readonly #runtime: Runtime;
  readonly #memory: RedeliveryMemory;
  readonly #deadline: Deadline;
  readonly reasons = new Set<Reason>();
  delivered = 0;
  deadLettered = 0;
  /** Consents that were not sent, because the person has unsubscribed since. */
  superseded = 0;
  /** The first error of SQS. */
  cause: unknown;

  constructor(records: readonly QueueRecord[], runtime: Runtime, memory: RedeliveryMemory, deadline: Deadline) {
    this.#unsettled = new Map(records.map((record) => [record.messageId, record]));
    this.#runtime = runtime;
    this.#memory = memory;
    this.#deadline = deadline;
  }

  /** Each message once, because SQS may put a message into a batch twice. */
  get unsettled(): readonly QueueRecord[] {
    return [...this.#unsettled.values()];
  }

  /** Records that a message needs nothing more. */
  settle(id: string): void {
    this.#unsettled.delete(id);
    this.#memory.settled.set(id, true);
    this.#memory.pending.delete(id);
  }

  markDelivered({ id }: ReceivedMessage): void {
    this.delivered += 1;
    this.settle(id);
  }

  /** Removes some permissions from a message. If nothing is left, settles it and returns `undefined`. */
  leaveOut(one: ReceivedMessage, dropped: readonly ConsentChange[]): ReceivedMessage | undefined {
    if (dropped.length === 0) return one;
    this.superseded += dropped.length;
    const message = withoutPermissions(one.message, dropped);
    if (message !== undefined) return { ...one, message };
    this.settle(one.id);
    return undefined;
  }

  /** Dead-letters a message. If SQS fails, it goes back to the queue, and is dead-lettered when it comes again. */
  async deadLetter(
    { id, message }: ReceivedMessage,
    reason: Reason,
    objects?: readonly ObjectPosition[],
  ): Promise<void> {
    // A misconfigured request was not processed, so it is sent again when it comes back.
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

  /** Returns messages to the queue, with a delay that grows with their receive count. */
  async retryLater(ids: readonly string[], retryAfterMs = 0): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const record = this.#unsettled.get(id);
        if (record === undefined) return;
        const growing = MIN_DELAY_S * 2 ** Math.min(record.receiveCount - 1, 10);
        const seconds = Math.min(MAX_DELAY_S, Math.max(Math.ceil(retryAfterMs / 1_000), growing));
        const { cause } = await tryChangeVisibility(record.receiptHandle, seconds, this.#runtime, this.#deadline);
        this.cause ??= cause;
      }),
    );
  }
}
