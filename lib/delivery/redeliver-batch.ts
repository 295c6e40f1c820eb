import type { BrazeCredentials } from '../braze/credentials.ts';
import { type Endpoint, isRequestTo } from '../braze/endpoint.ts';
import { type AcceptedResponse, type BrazeResponse, hadNoEffect, locateRejected } from '../braze/response.ts';
import { PARTNER, recipientKey, USERS_TRACK } from '../braze/users-track.ts';
import type { Deadline } from '../deadline.ts';
import { ConfigurationError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type Delivered, type Delivery, deliver, isOutage, type RetryPolicy } from './deliver.ts';
import { parseMessage, type Reason } from './message.ts';
import { type PackedRequest, pack, type ReceivedMessage } from './pack.ts';
import type { RedeliveryMemory } from './redelivery-memory.ts';
import { type QueueRecord, Settlement } from './settlement.ts';

/** What a batch is redelivered with. */
export interface Redelivery {
  /** What the nodes of this service may ask Braze; nothing else is sent, whatever a message says. */
  readonly endpoints: readonly Endpoint[];
  readonly runtime: Runtime;
  readonly memory: RedeliveryMemory;
}

/** What became of a batch. */
export interface BatchReport {
  /** The messages that go back to the queue. */
  readonly failedIds: readonly string[];
  readonly delivered: number;
  readonly deadLettered: number;
  readonly requests: number;
  /** Why messages were dead-lettered. */
  readonly reasons: ReadonlySet<Reason>;
  readonly status?: number | undefined;
  /** How long Braze took for the slowest request. */
  readonly brazeMs: number;
  readonly cause?: unknown;
}

/** Nobody waits here, but a request must have ended before Lambda does. */
const RETRY_POLICY: RetryPolicy = { attemptMs: 10_000, retries: 1 };
/** A request that the deadline cuts off would be in doubt for nothing, so it is not begun. */
const MIN_REQUEST_MS = RETRY_POLICY.attemptMs / 4;
const MAX_PARALLEL_REQUESTS = 4;
/** What dead-lettering and delaying may still take once the last request has been given up. */
const SETTLE_MS = 2_500;

/** Sends a batch of undelivered messages. What is neither delivered nor dead-lettered goes back to the queue; never throws. */
export const redeliverBatch = async (
  records: readonly QueueRecord[],
  redelivery: Redelivery,
  deadline: Deadline,
): Promise<BatchReport> => {
  const { runtime, memory } = redelivery;
  const settlement = new Settlement(records, runtime, memory, deadline);
  const sender = new Sender(redelivery, settlement, deadline.earlierBy(SETTLE_MS));
  const messages = await sortOut(redelivery, settlement);
  if (messages.length > 0) await sender.sendAll(messages);
  return {
    failedIds: settlement.unsettled.map(({ messageId }) => messageId),
    delivered: settlement.delivered,
    deadLettered: settlement.deadLettered,
    reasons: settlement.reasons,
    requests: sender.requests,
    status: sender.status,
    brazeMs: sender.brazeMs,
    cause: settlement.cause ?? sender.cause,
  };
};

/** The messages that may be sent; all others are settled or go back. */
const sortOut = async (
  { endpoints, runtime, memory }: Redelivery,
  settlement: Settlement,
): Promise<readonly ReceivedMessage[]> => {
  const messages: ReceivedMessage[] = [];
  await Promise.all(
    settlement.unsettled.map(async ({ messageId: id, body }) => {
      if (memory.settled.get(id)) return settlement.settle(id);
      const message = parseMessage(body);
      if (message === undefined) return settlement.deadLetterText(id, body, 'unreadable');
      // A roll-forward will know it; until then it waits, and then goes to the dead-letter queue by itself.
      if (message === 'later_version') return settlement.retryLater([id]);
      const pending = memory.pending.get(id);
      if (pending !== undefined) return settlement.deadLetter({ id, message }, pending.reason, pending.objects);
      const endpoint = endpoints.find((one) => isRequestTo(one, message));
      if (message.stage !== runtime.settings.STAGE || endpoint === undefined)
        return settlement.deadLetter({ id, message }, 'misconfigured');
      const idempotent = message.idempotent && endpoint.isIdempotent(message.request, runtime.settings.REPLAY_IN_DOUBT);
      messages.push({ id, message: { ...message, idempotent } });
    }),
  );
  return messages;
};

/** Nothing is asked of Braze and nothing changed, but an answer shows that it is back. */
const PROBE: Delivery = {
  method: 'POST',
  path: USERS_TRACK.path,
  json: JSON.stringify({ partner: PARTNER }),
  isIdempotent: true,
};

const isIdempotent = ({ message }: ReceivedMessage): boolean => message.idempotent;
const toIds = (messages: readonly ReceivedMessage[]): readonly string[] => messages.map(({ id }) => id);

/** An idempotent message before which the same person said nothing; else the first. */
const chooseCanary = (messages: readonly ReceivedMessage[]): ReceivedMessage | undefined => {
  const seen = new Set<string>();
  const inOrder = messages.toSorted((a, b) => a.message.time.localeCompare(b.message.time));
  const idempotent = inOrder.find((one) => {
    const person = recipientKey(one.message.request);
    const isFirst = !seen.has(person);
    seen.add(person);
    return isFirst && isIdempotent(one);
  });
  return idempotent ?? inOrder[0];
};

/** Sends messages, and stops at the first sign that Braze is down: what has not been tried goes back untouched. */
class Sender {
  readonly #runtime: Runtime;
  readonly #memory: RedeliveryMemory;
  readonly #settlement: Settlement;
  readonly #deadline: Deadline;
  #stopped = false;
  requests = 0;
  brazeMs = 0;
  status: number | undefined;
  cause: unknown;

  constructor({ runtime, memory }: Redelivery, settlement: Settlement, deadline: Deadline) {
    this.#runtime = runtime;
    this.#memory = memory;
    this.#settlement = settlement;
    this.#deadline = deadline;
  }

  async sendAll(messages: readonly ReceivedMessage[]): Promise<void> {
    let credentials: BrazeCredentials;
    try {
      credentials = await this.#runtime.parameters.credentials(this.#deadline);
    } catch (cause) {
      this.cause = cause;
      if (cause instanceof ConfigurationError) return this.#settlement.deadLetterAll(messages, 'misconfigured');
      return this.#settlement.retryLater(toIds(messages));
    }
    const rest = await this.#tryOne(messages, credentials);
    const waiting = [...pack(rest)];
    const work = async () => {
      for (let request = waiting.shift(); request !== undefined; request = waiting.shift())
        await this.#send(request, credentials);
    };
    await Promise.all(Array.from({ length: MAX_PARALLEL_REQUESTS }, work));
  }

  /**
   * Finds out with one message whether Braze is well, unless it has just answered clearly or nothing can be put in
   * doubt. Returns the messages that are left.
   */
  async #tryOne(
    messages: readonly ReceivedMessage[],
    credentials: BrazeCredentials,
  ): Promise<readonly ReceivedMessage[]> {
    const { breaker } = this.#runtime;
    const { lastAnswer } = this.#memory;
    const isKnown = lastAnswer === 'clear' || (lastAnswer === 'stale' && messages.every(isIdempotent));
    const wasClosed = breaker.isClosed;
    if (wasClosed && isKnown) return messages;
    if (!breaker.tryAcquire()) {
      this.#stopped = true;
      return messages;
    }
    const canary = chooseCanary(messages);
    if (canary === undefined) return messages;
    // Five messages are in doubt by now. Another one is not risked for finding out.
    if (!wasClosed && !isIdempotent(canary)) {
      await this.#deliver(PROBE, credentials);
      return messages;
    }
    for (const request of pack([canary])) await this.#send(request, credentials);
    return messages.filter((one) => one !== canary);
  }

  async #send(request: PackedRequest, credentials: BrazeCredentials): Promise<void> {
    const { messages, method, path, body } = request;
    if (this.#stopped) return this.#settlement.retryLater(toIds(messages));
    const delivery = { method, path, json: JSON.stringify(body), isIdempotent: messages.every(isIdempotent) };
    const response = await this.#deliver(delivery, credentials);
    if (response === undefined) return this.#settlement.retryLater(toIds(messages));
    await this.#settle(request, response, credentials);
  }

  /** Undefined where no time was left for it. */
  async #deliver(delivery: Delivery, credentials: BrazeCredentials): Promise<BrazeResponse | undefined> {
    const { send, breaker, parameters } = this.#runtime;
    if (this.#deadline.remainingMs() < MIN_REQUEST_MS) {
      this.#stopped = true;
      breaker.release();
      return undefined;
    }
    this.requests += 1;
    const delivered = await deliver(
      send,
      delivery,
      credentials,
      ({ apiKey }) => parameters.refreshAfter401(apiKey, this.#deadline),
      this.#deadline,
      RETRY_POLICY,
    );
    this.#record(delivered);
    return delivered.response;
  }

  #record(delivered: Delivered): void {
    const { response, status, brazeMs, cause } = delivered;
    this.status = status;
    this.brazeMs = Math.max(this.brazeMs, brazeMs);
    this.cause ??= cause;
    if (response.kind === 'busy' || response.kind === 'unknown') this.#stopped = true;
    if (isOutage(delivered)) this.#runtime.breaker.recordFailure();
    else this.#runtime.breaker.recordSuccess();
    if (response.kind !== 'busy') this.#memory.recordAnswer(response.kind !== 'unknown');
  }

  async #settle(request: PackedRequest, response: BrazeResponse, credentials: BrazeCredentials): Promise<void> {
    const { messages } = request;
    switch (response.kind) {
      case 'accepted':
        return this.#accept(request, response.accepted, credentials);
      case 'rejected':
        // Nothing was processed, and one bad message must not sink the others: halve until it is alone.
        if (messages.length === 1) return this.#settlement.deadLetterAll(messages, 'rejected');
        for (const half of splitInHalf(messages)) {
          for (const smaller of pack(half)) await this.#send(smaller, credentials);
        }
        return;
      case 'unauthorized':
      case 'forbidden':
        return this.#settlement.deadLetterAll(messages, 'misconfigured');
      case 'busy':
        return this.#settlement.retryLater(toIds(messages), response.retryAfterMs);
      case 'unknown':
        await this.#settlement.deadLetterAll(
          messages.filter((one) => !isIdempotent(one)),
          'in_doubt',
        );
        return this.#settlement.retryLater(toIds(messages));
    }
  }

  /** Of a message, only what Braze refused goes to the dead-letter queue. */
  async #accept(
    { messages, path, owners }: PackedRequest,
    accepted: AcceptedResponse,
    credentials: BrazeCredentials,
  ): Promise<void> {
    if (path !== USERS_TRACK.path && hadNoEffect(accepted)) return this.#settlement.deadLetterAll(messages, 'rejected');
    const { extent, positions, isComplete } = locateRejected(accepted, owners);
    if (!isComplete) return this.#acceptUnlocated(messages, extent, credentials);
    for (const one of messages) {
      const objects = positions.flatMap(({ array, index }) => {
        const { owner, index: own } = owners[array]?.[index] ?? {};
        return owner === one && own !== undefined ? [{ array, index: own }] : [];
      });
      if (objects.length > 0) await this.#settlement.deadLetter(one, 'rejected', objects);
      else this.#settlement.markDelivered(one);
    }
  }

  /** Braze refused some objects and did not say which. Alone, an idempotent message shows whether it was its own. */
  async #acceptUnlocated(
    messages: readonly ReceivedMessage[],
    extent: 'some' | 'all' | 'none',
    credentials: BrazeCredentials,
  ): Promise<void> {
    if (extent === 'all') return this.#settlement.deadLetterAll(messages, 'rejected');
    const canTell = messages.length > 1 ? messages.filter(isIdempotent) : [];
    await this.#settlement.deadLetterAll(
      messages.filter((one) => !canTell.includes(one)),
      'in_doubt',
    );
    for (const one of canTell) {
      for (const request of pack([one])) await this.#send(request, credentials);
    }
  }
}

const splitInHalf = <T>(items: readonly T[]): readonly (readonly T[])[] => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};
