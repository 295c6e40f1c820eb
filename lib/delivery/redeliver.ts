import type { BrazeCredentials } from '../braze/credentials.ts';
import { type AcceptedResponse, type BrazeResponse, hadNoEffect } from '../braze/response.ts';
import { USERS_TRACK } from '../braze/users-track.ts';
import type { Deadline } from '../deadline.ts';
import { ConfigurationError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Runtime } from '../runtime.ts';
import { deliver } from './deliver.ts';
import { type Message, type Reason, readMessage } from './message.ts';
import { type PackedRequest, pack, type ReceivedMessage } from './pack.ts';
import { tryChangeVisibility, tryEnqueue } from './queue.ts';

/** What SQS delivered, as far as it matters here. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often SQS has delivered it, this time included. */
  readonly receives: number;
}

/** What became of a batch. What is neither delivered nor parked goes back to the queue. */
export interface Redelivery {
  readonly returned: readonly string[];
  readonly delivered: number;
  readonly parked: number;
  readonly requests: number;
  /** For what the parked ones were. */
  readonly reasons: ReadonlySet<Reason>;
  readonly status?: number | undefined;
  /** How long Braze took for the slowest request. */
  readonly milliseconds: number;
  readonly cause?: unknown;
}

/** Nobody waits here; but a request must have ended before Lambda does. */
const PATIENCE = { attemptMs: 10_000, retries: 1 };
const REQUESTS_AT_A_TIME = 4;
const FIRST_DELAY_S = 30;
const LONGEST_DELAY_S = 3_600;
/** What parking and delaying may still take once the last request has been given up. */
const PARKING_MS = 2_500;

/**
 * What Braze must not get again, and could not be parked because SQS failed as well: it goes back to the queue, but
 * when it comes again, it is only parked.
 */
const owed = new Map<string, { readonly message: Message; readonly reason: Reason }>();

/** One batch on its way. Every message starts as one that goes back, until it is safely somewhere else. */
class Batch {
  readonly #runtime: Runtime;
  readonly #deadline: Deadline;
  /** The part of the deadline that leaves time to park what the last request puts in doubt. */
  readonly #sending: Deadline;
  readonly #open: Map<string, QueueRecord>;
  readonly #reasons = new Set<Reason>();
  #delivered = 0;
  #parked = 0;
  #requests = 0;
  #milliseconds = 0;
  #stopped = false;
  #status: number | undefined;
  #cause: unknown;

  constructor(arrivals: readonly QueueRecord[], runtime: Runtime, deadline: Deadline) {
    this.#runtime = runtime;
    this.#deadline = deadline;
    this.#sending = deadline.earlierBy(PARKING_MS);
    this.#open = new Map(arrivals.map((arrival) => [arrival.messageId, arrival]));
  }

  async run(): Promise<Redelivery> {
    const received: ReceivedMessage[] = [];
    const parking: Promise<void>[] = [];
    for (const { messageId: id, body } of this.#open.values()) {
      const message = readMessage(body);
      const owing = owed.get(id);
      if (message === undefined) parking.push(this.#park(id, body, 'unreadable'));
      else if (owing !== undefined) parking.push(this.#parkMessage({ id, message: owing.message }, owing.reason));
      else if (message.stage !== this.#runtime.settings.STAGE)
        parking.push(this.#parkMessage({ id, message }, 'misconfigured'));
      else received.push({ id, message });
    }
    await Promise.all([...parking, this.#deliver(received)]);
    return {
      returned: [...this.#open.keys()],
      delivered: this.#delivered,
      parked: this.#parked,
      reasons: this.#reasons,
      requests: this.#requests,
      status: this.#status,
      milliseconds: this.#milliseconds,
      cause: this.#cause,
    };
  }

  async #deliver(received: readonly ReceivedMessage[]): Promise<void> {
    if (received.length === 0) return;
    const access = await this.#access(received);
    if (access !== undefined) await this.#sendAll(pack(received), access);
  }

  async #access(received: readonly ReceivedMessage[]): Promise<BrazeCredentials | undefined> {
    try {
      return await this.#runtime.parameters.credentials(this.#sending);
    } catch (cause) {
      this.#cause = cause;
      if (cause instanceof ConfigurationError) await this.#parkAll(received, 'misconfigured');
      else await this.#delay(received);
      return undefined;
    }
  }

  async #sendAll(requests: readonly PackedRequest[], access: BrazeCredentials): Promise<void> {
    const waiting = [...requests];
    const work = async () => {
      for (let packed = waiting.shift(); packed !== undefined; packed = waiting.shift())
        await this.#send(packed, access);
    };
    await Promise.all(Array.from({ length: REQUESTS_AT_A_TIME }, work));
  }

  async #send(packed: PackedRequest, access: BrazeCredentials): Promise<void> {
    const { messages: received, endpoint, body } = packed;
    // A request that the deadline cuts off would be in doubt for nothing, so it is not begun.
    if (this.#stopped || this.#sending.remainingMs() < PATIENCE.attemptMs / 4) return this.#delay(received);
    this.#requests += 1;
    const { response, status, brazeMs, cause } = await deliver(
      { endpoint, json: JSON.stringify(body), isIdempotent: received.every(({ message }) => message.replay_safe) },
      access,
      ({ apiKey }) => this.#runtime.parameters.refreshAfter401(apiKey, this.#sending),
      this.#sending,
      PATIENCE,
    );
    this.#status = status;
    this.#milliseconds = Math.max(this.#milliseconds, brazeMs);
    this.#cause ??= cause;
    await this.#settle(packed, response, access);
  }

  async #settle(packed: PackedRequest, response: BrazeResponse, access: BrazeCredentials): Promise<void> {
    const { messages: received } = packed;
    switch (response.kind) {
      case 'accepted':
        return this.#accepted(packed, response.accepted);
      case 'rejected':
        // Nothing was processed, and one bad message must not sink the others: halve until it is alone.
        if (received.length === 1) return this.#parkAll(received, 'rejected');
        for (const half of halves(received)) {
          for (const request of pack(half)) await this.#send(request, access);
        }
        return;
      case 'unauthorized':
      case 'forbidden':
        return this.#parkAll(received, 'misconfigured');
      case 'busy':
        this.#stopped = true;
        return this.#delay(received, response.retryAfterMs);
      case 'unknown': {
        // Whatever follows would most likely be in doubt as well.
        this.#stopped = true;
        const { true: safe = [], false: unsafe = [] } = Object.groupBy(received, ({ message }) =>
          message.replay_safe ? 'true' : 'false',
        );
        await this.#parkAll(unsafe, 'in_doubt');
        return this.#delay(safe);
      }
    }
  }

  /** Braze's `errors` by position → the messages they belong to; of those, only what was refused is parked. */
  async #accepted({ messages: received, endpoint, owners }: PackedRequest, accepted: AcceptedResponse): Promise<void> {
    const { errors, processed } = accepted;
    if (endpoint !== USERS_TRACK.path && hadNoEffect(accepted)) return this.#parkAll(received, 'rejected');
    const refused = new Map<ReceivedMessage, Set<JsonObject>>();
    let unplaced = 0;
    for (const { input_array = '', index = -1 } of errors) {
      const place = owners[input_array]?.[index];
      if (place === undefined) unplaced += 1;
      else refused.set(place.owner, (refused.get(place.owner) ?? new Set()).add(place.object));
    }
    for (const one of received) {
      const objects = refused.get(one);
      if (unplaced > 0)
        await this.#parkMessage(one, Object.values(processed).every((count) => count === 0) ? 'rejected' : 'in_doubt');
      else if (objects !== undefined)
        await this.#parkMessage({ ...one, message: only(one.message, objects) }, 'rejected');
      else this.#done(one);
    }
  }

  #done({ id }: ReceivedMessage): void {
    this.#delivered += 1;
    this.#open.delete(id);
  }

  async #parkAll(received: readonly ReceivedMessage[], reason: Reason): Promise<void> {
    await Promise.all(received.map((one) => this.#parkMessage(one, reason)));
  }

  async #parkMessage({ id, message }: ReceivedMessage, reason: Reason): Promise<void> {
    const mayBeSentAgain = reason === 'misconfigured';
    if (!mayBeSentAgain) owed.set(id, { message, reason });
    await this.#park(id, JSON.stringify({ ...message, reason }), reason);
  }

  async #park(id: string, text: string, reason: Reason): Promise<void> {
    const { enqueued, cause } = await tryEnqueue('DEAD_LETTER_QUEUE_URL', text, reason, this.#runtime, this.#deadline);
    this.#cause ??= cause;
    if (!enqueued) return;
    this.#parked += 1;
    this.#reasons.add(reason);
    this.#open.delete(id);
    owed.delete(id);
  }

  /** The more often a message has come in vain, the later it comes again. */
  async #delay(received: readonly ReceivedMessage[], toldMs = 0): Promise<void> {
    const ids = new Set(received.map(({ id }) => id));
    const returning = [...this.#open.values()].filter(({ messageId }) => ids.has(messageId));
    await Promise.all(
      returning.map(async ({ receiptHandle, receives }) => {
        const seconds = Math.max(Math.ceil(toldMs / 1_000), FIRST_DELAY_S * 2 ** Math.min(receives - 1, 10));
        const delay = Math.min(LONGEST_DELAY_S, seconds);
        this.#cause ??= await tryChangeVisibility(receiptHandle, delay, this.#runtime, this.#deadline);
      }),
    );
  }
}

const halves = <T>(items: readonly T[]): readonly (readonly T[])[] => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};

/** The message reduced to some of its objects. */
const only = (message: Message, objects: ReadonlySet<JsonObject>): Message => ({
  ...message,
  request: Object.fromEntries(
    Object.entries(message.request).map(([name, value]): [string, Json] => [
      name,
      Array.isArray(value) ? value.filter((object) => objects.has(object)) : value,
    ]),
  ),
});

/** Sends a batch of undelivered messages (contract, section 6). Nothing is dropped; never throws. */
export const redeliver = (
  arrivals: readonly QueueRecord[],
  runtime: Runtime,
  deadline: Deadline,
): Promise<Redelivery> => new Batch(arrivals, runtime, deadline).run();
