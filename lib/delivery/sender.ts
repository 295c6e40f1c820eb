import type { BrazeCredentials } from '../braze/credentials.ts';
import { type Endpoint, isRequestTo, toJsonBody } from '../braze/endpoint.ts';
import { type AcceptedResponse, type BrazeResponse, hadNoEffect, locateRejected } from '../braze/response.ts';
import { PARTNER, toRecipientKey, USERS_TRACK } from '../braze/users-track.ts';
import type { Deadline } from '../deadline.ts';
import { ConfigurationError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import {
  type ConsentExport,
  type ConsentProfile,
  comparePermission,
  holdsOtherPermission,
  listPermissions,
  readExport,
  toExports,
  toIdentifierKey,
} from './consent.ts';
import { type DeliveryRequest, deliver, type Exchange, isOutage, type RetryPolicy } from './deliver.ts';
import { getAgeMs, type Message } from './message.ts';
import { type PackedRequest, pack, type ReceivedMessage } from './pack.ts';
import type { RedeliveryMemory } from './redelivery-memory.ts';
import type { Settlement } from './settlement.ts';

/** What the redeliver handler keeps between batches. */
export interface RedeliverState {
  /** The endpoints of this service's nodes. Messages for others are not sent. */
  readonly endpoints: readonly Endpoint[];
  readonly runtime: Runtime;
  readonly memory: RedeliveryMemory;
}

/** Nobody waits for a batch, but a request must end before Lambda's timeout. */
const RETRY_POLICY: RetryPolicy = { attemptMs: 10_000, retries: 1 };
/** With less time, no request is sent, because the deadline could cut it off and put it in doubt. */
const MIN_REQUEST_MS = RETRY_POLICY.attemptMs / 4;
const MAX_PARALLEL_REQUESTS = 4;

/** A request without effect, whose response shows that Braze is up. */
const PROBE: DeliveryRequest = {
  method: 'POST',
  path: USERS_TRACK.path,
  json: JSON.stringify({ partner: PARTNER }),
  isIdempotent: true,
};

const EXPORT = { method: 'POST', path: 'users/export/ids', isIdempotent: true } as const;
/** The limit for a batch, so that five environments stay below Braze's 250 a minute. The other messages come again. */
const MAX_EXPORTS = 10;
/** Older permissions are compared with the profile before they are sent. */
const MAX_UNCOMPARED_AGE_MS = 15 * 60_000;

const holdsOldPermission = (message: Message): boolean =>
  getAgeMs(message) > MAX_UNCOMPARED_AGE_MS && (listPermissions(message).length > 0 || holdsOtherPermission(message));

const isIdempotent = ({ message }: ReceivedMessage): boolean => message.idempotent;
const toIds = (messages: readonly ReceivedMessage[]): readonly string[] => messages.map(({ id }) => id);

/** Chooses an idempotent message with no earlier message of the same person; else the first message. */
const chooseCanary = (messages: readonly ReceivedMessage[]): ReceivedMessage | undefined => {
  const seen = new Set<string>();
  const inOrder = messages.toSorted((a, b) => a.message.time.localeCompare(b.message.time));
  const idempotent = inOrder.find((one) => {
    const person = toRecipientKey(one.message.request);
    const isFirst = !seen.has(person);
    seen.add(person);
    return isFirst && isIdempotent(one);
  });
  return idempotent ?? inOrder[0];
};

/** Sends messages until Braze seems to be down; those not sent then go back to the queue. */
export class Sender {
  readonly #endpoints: readonly Endpoint[];
  readonly #runtime: Runtime;
  readonly #memory: RedeliveryMemory;
  readonly #settlement: Settlement;
  readonly #deadline: Deadline;
  #stopped = false;
  /** Whether Braze has responded to a request of this batch. */
  #isAnswering = false;
  requests = 0;
  brazeMs = 0;
  status: number | undefined;
  cause: unknown;

  constructor({ endpoints, runtime, memory }: RedeliverState, settlement: Settlement, deadline: Deadline) {
    this.#endpoints = endpoints;
    this.#runtime = runtime;
    this.#memory = memory;
    this.#settlement = settlement;
    this.#deadline = deadline;
  }

  async sendAll(messages: readonly ReceivedMessage[]): Promise<void> {
    let credentials: BrazeCredentials;
    try {
      credentials = await this.#runtime.parameters.getCredentials(this.#deadline);
    } catch (cause) {
      this.cause = cause;
      if (cause instanceof ConfigurationError) return this.#settlement.deadLetterAll(messages, 'misconfigured');
      return this.#settlement.retryLater(toIds(messages));
    }
    const { true: toCompare = [], false: others = [] } = Object.groupBy(messages, ({ message }) =>
      holdsOldPermission(message) ? 'true' : 'false',
    );
    const rest = await this.#tryOne(others, credentials);
    const current = await this.#compareAll(toCompare, credentials);
    const waiting = [...pack(await this.#tryOne([...rest, ...current], credentials))];
    const work = async () => {
      for (let request = waiting.shift(); request !== undefined; request = waiting.shift())
        await this.#send(request, credentials);
    };
    // All of them end before an error leaves this method: what they send must be settled.
    const ended = await Promise.allSettled(Array.from({ length: MAX_PARALLEL_REQUESTS }, work));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  /**
   * Sends one message first, to find out whether Braze is up, unless Braze has responded already or all messages are
   * idempotent. Returns the other messages.
   */
  async #tryOne(
    messages: readonly ReceivedMessage[],
    credentials: BrazeCredentials,
  ): Promise<readonly ReceivedMessage[]> {
    const { breaker } = this.#runtime;
    const canary = chooseCanary(messages);
    if (this.#stopped || canary === undefined) return messages;
    const isBrazeUp = this.#isAnswering || (!this.#memory.wasUnknown && messages.every(isIdempotent));
    const wasClosed = breaker.isClosed;
    if (wasClosed && isBrazeUp) return messages;
    if (!breaker.tryAcquire()) {
      this.#stopped = true;
      return messages;
    }
    // The breaker is open after five failures. A probe avoids putting another message in doubt.
    if (!wasClosed && !isIdempotent(canary)) {
      await this.#deliver(PROBE, credentials);
      return messages;
    }
    for (const request of pack([canary])) await this.#send(request, credentials);
    return messages.filter((one) => one !== canary);
  }

  /** Compares the permissions of messages with Braze's profiles, and returns the messages that may be sent. */
  async #compareAll(
    messages: readonly ReceivedMessage[],
    credentials: BrazeCredentials,
  ): Promise<readonly ReceivedMessage[]> {
    const people = messages.flatMap(({ message }) => listPermissions(message).map(({ identifier }) => identifier));
    const exports = toExports([...new Map(people.map((one) => [toIdentifierKey(one), one])).values()]);
    const postponed = new Set(exports.slice(MAX_EXPORTS).flatMap((one) => one.people.map(toIdentifierKey)));
    const profiles = await this.#exportConsent(exports.slice(0, MAX_EXPORTS), credentials);
    if (profiles === undefined) {
      await this.#settlement.deadLetterAll(messages, 'misconfigured');
      return [];
    }
    const compared = await Promise.all(
      messages.map((one) => {
        const isPostponed = listPermissions(one.message).some(({ identifier }) =>
          postponed.has(toIdentifierKey(identifier)),
        );
        return this.#stopped || isPostponed ? this.#settlement.retryLater([one.id]) : this.#compare(one, profiles);
      }),
    );
    return compared.flatMap((one) => one ?? []);
  }

  async #compare(
    one: ReceivedMessage,
    profiles: ReadonlyMap<string, readonly ConsentProfile[]>,
  ): Promise<ReceivedMessage | undefined> {
    const { message } = one;
    const givenAt = Date.parse(message.time);
    const findings = listPermissions(message).map((change) => ({
      change,
      finding: comparePermission(change, givenAt, profiles.get(toIdentifierKey(change.identifier))),
    }));
    const isUnknown = holdsOtherPermission(message) || findings.some(({ finding }) => finding === 'unknown');
    // A message with the reason `stale` was redriven by an operator, who wants it sent anyway.
    if (isUnknown && message.reason !== 'stale') {
      await this.#settlement.deadLetter(one, 'stale');
      return undefined;
    }
    const dropped = findings.flatMap(({ change, finding }) => (finding === 'superseded' ? [change] : []));
    return this.#settlement.leaveOut(one, dropped);
  }

  /**
   * Exports the consents of profiles, by `toIdentifierKey`; people whose export failed are missing. `undefined` if Braze
   * rejects the key for every request, not only for exports.
   */
  async #exportConsent(
    exports: readonly ConsentExport[],
    credentials: BrazeCredentials,
  ): Promise<ReadonlyMap<string, readonly ConsentProfile[]> | undefined> {
    const profiles = new Map<string, readonly ConsentProfile[]>();
    if (exports.length > 0 && !this.#stopped && !this.#runtime.breaker.tryAcquire()) this.#stopped = true;
    for (const { people, body } of exports) {
      if (this.#stopped) break;
      const response = await this.#deliver({ ...EXPORT, json: JSON.stringify(body) }, credentials);
      if (response?.kind === 'accepted') {
        for (const [key, found] of readExport(response.accepted.body, people)) profiles.set(key, found);
        continue;
      }
      // It may be about one person, so the others are asked for.
      if (response?.kind === 'rejected') continue;
      if (response?.kind === 'unauthorized') {
        return (await this.#deliver(PROBE, credentials))?.kind === 'unauthorized' ? undefined : profiles;
      }
      // A probe shows whether Braze is down, or only exports fail.
      if (this.#stopped && this.status !== 429) {
        this.#stopped = false;
        await this.#deliver(PROBE, credentials);
      }
      break;
    }
    return profiles;
  }

  async #send(request: PackedRequest, credentials: BrazeCredentials): Promise<void> {
    const { messages, method, path, body } = request;
    if (this.#stopped) return this.#settlement.retryLater(toIds(messages));
    const delivery = {
      method,
      path,
      json: toJsonBody(method, body),
      isIdempotent: messages.every(isIdempotent),
      isAnswer: this.#endpoints.find((endpoint) => isRequestTo(endpoint, request))?.isAnswer,
    };
    const response = await this.#deliver(delivery, credentials);
    if (response === undefined) return this.#settlement.retryLater(toIds(messages));
    await this.#settle(request, response, credentials);
  }

  /** Returns `undefined` if too little time was left. */
  async #deliver(delivery: DeliveryRequest, credentials: BrazeCredentials): Promise<BrazeResponse | undefined> {
    const { send, breaker, parameters } = this.#runtime;
    if (this.#deadline.remainingMs() < MIN_REQUEST_MS) {
      this.#stopped = true;
      breaker.release();
      return undefined;
    }
    this.requests += 1;
    const exchange = await deliver(
      send,
      delivery,
      credentials,
      ({ apiKey }) => parameters.refreshAfter401(apiKey, this.#deadline),
      this.#deadline,
      RETRY_POLICY,
    );
    this.#record(exchange);
    return exchange.response;
  }

  #record(exchange: Exchange): void {
    const { response, status, brazeMs, cause } = exchange;
    this.status = status;
    this.brazeMs = Math.max(this.brazeMs, brazeMs);
    this.cause ??= cause;
    if (response.kind === 'busy' || response.kind === 'unknown') this.#stopped = true;
    if (isOutage(exchange)) this.#runtime.breaker.recordFailure();
    else this.#runtime.breaker.recordSuccess();
    if (response.kind === 'busy') return;
    this.#isAnswering = response.kind !== 'unknown';
    this.#memory.wasUnknown = response.kind === 'unknown';
  }

  async #settle(request: PackedRequest, response: BrazeResponse, credentials: BrazeCredentials): Promise<void> {
    const { messages } = request;
    switch (response.kind) {
      case 'accepted':
        return this.#accept(request, response.accepted, credentials);
      case 'rejected':
        // Nothing was processed. The batch is halved until the invalid message is alone, so that the others are sent.
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

  /** Dead-letters the rejected objects, and marks the other messages as delivered. */
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
        const found = owners[array]?.[index];
        return found?.owner === one ? [{ array, index: found.index }] : [];
      });
      if (objects.length > 0) await this.#settlement.deadLetter(one, 'rejected', objects);
      else this.#settlement.markDelivered(one);
    }
  }

  /** Braze did not report which objects it rejected. Idempotent messages are sent again, one by one, to find out. */
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
