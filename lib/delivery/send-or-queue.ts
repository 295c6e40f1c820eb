import type { BrazeCredentials } from '../braze/credentials.ts';
import { type Endpoint, toJsonBody } from '../braze/endpoint.ts';
import type { AcceptedResponse } from '../braze/response.ts';
import { type Deadline, withDeadline } from '../deadline.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { deliver, type Exchange, isOutage } from './deliver.ts';
import type { Message, Reason } from './message.ts';
import { type QueueName, tryEnqueue } from './queue.ts';

/** A request with everything that a queued message needs. */
export type PendingRequest = Omit<Message, 'version' | 'reason'>;

/**
 * The result of a request. Its kinds are outcomes of the call, except that `accepted` has several. `exchange` is missing
 * if nothing was sent.
 */
export type DeliveryResult = { readonly exchange?: Exchange; readonly cause?: unknown } & (
  | { readonly kind: 'accepted'; readonly accepted: AcceptedResponse }
  | { readonly kind: 'rejected'; readonly exchange: Exchange }
  /** In the undelivered queue: SQS has acknowledged it. */
  | { readonly kind: 'queued' }
  /** An operator must act; in the dead-letter queue if `isDeadLettered`. `problem` is a sentence. */
  | { readonly kind: 'misconfigured'; readonly problem: string; readonly isDeadLettered: boolean }
  /** Perhaps processed, and not idempotent; in the dead-letter queue: SQS has acknowledged it. */
  | { readonly kind: 'in_doubt' }
  /** Neither delivered nor in a queue. */
  | { readonly kind: 'unavailable' }
);

/** The time reserved for queueing a request after it was sent. */
const computeQueueReserveMs = (deadline: Deadline): number => Math.min(1_000, deadline.remainingMs() / 4);
/** The same before it is sent. Shorter, because waiting for SSM longer gets more requests sent in a cold-start storm. */
const computeQueueReserveWithoutBrazeMs = (deadline: Deadline): number => Math.min(500, deadline.remainingMs() / 4);

const describeRefusal = (status: number | undefined): string =>
  status === 401
    ? 'Braze rejected the API key (401).'
    : `Braze answered ${status}: the key lacks a permission, or the URL is wrong.`;

/** A shorter timeout does not show that Braze is down, unless it is half of the stage's time budget. */
const MIN_CONCLUSIVE_TIMEOUT_MS = 1_000;

const recordExchange = ({ breaker, settings }: Runtime, exchange: Exchange) => {
  const { attempts, timedOutAfterMs } = exchange;
  const isTooShort =
    timedOutAfterMs > 0 && timedOutAfterMs < Math.min(MIN_CONCLUSIVE_TIMEOUT_MS, settings.TIME_BUDGET_MS / 2);
  if (attempts === 0 || (isOutage(exchange) && isTooShort)) breaker.release();
  else if (isOutage(exchange)) breaker.recordFailure();
  else breaker.recordSuccess();
};

/** How a request is sent, and whether it is queued. */
export type Handling = Pick<Endpoint, 'queueOnFailure' | 'isAnswer'> & { readonly query?: string };

/** Longer than Braze usually takes, so the call will probably need the queue. */
const PREPARE_QUEUE_AFTER_MS = 1_000;

/** Loads the SQS client while the call waits for Braze, so that loading takes no time from the queueing. */
const prepareQueue = ({ settings, getSqs }: Runtime, deadline: Deadline): NodeJS.Timeout =>
  setTimeout(
    () => {
      const url = settings.UNDELIVERED_QUEUE_URL ?? settings.DEAD_LETTER_QUEUE_URL;
      try {
        if (url !== undefined) getSqs(url);
      } catch {
        // Ignored here, because queueing meets the same error and reports it.
      }
    },
    Math.min(PREPARE_QUEUE_AFTER_MS, deadline.remainingMs() / 2),
  );

/** Sends a request to Braze. If it is not delivered and `queueOnFailure`, queues or dead-letters it. Never throws. */
export const sendOrQueue = async (
  request: PendingRequest,
  handling: Handling,
  credentials: Promise<BrazeCredentials>,
  runtime: Runtime,
  deadline: Deadline,
): Promise<DeliveryResult> => {
  const preparing = handling.queueOnFailure ? prepareQueue(runtime, deadline) : undefined;
  try {
    return await sendAndHandleFailure(request, handling, credentials, runtime, deadline);
  } finally {
    clearTimeout(preparing);
  }
};

const sendAndHandleFailure = async (
  request: PendingRequest,
  { queueOnFailure, isAnswer, query = '' }: Handling,
  credentials: Promise<BrazeCredentials>,
  runtime: Runtime,
  deadline: Deadline,
): Promise<DeliveryResult> => {
  const { parameters, breaker } = runtime;
  const enqueue = async (queue: QueueName, reason: Reason): ReturnType<typeof tryEnqueue> => {
    if (!queueOnFailure) return { enqueued: false };
    const message: Message = { version: 2, reason, ...request };
    return tryEnqueue(queue, JSON.stringify(message), reason, runtime, deadline);
  };
  const requeue = async (
    reason: Reason,
    details: { readonly exchange?: Exchange; readonly cause?: unknown },
  ): Promise<DeliveryResult> => {
    const { enqueued, cause = details.cause } = await enqueue('UNDELIVERED_QUEUE_URL', reason);
    return { ...details, cause, kind: enqueued ? 'queued' : 'unavailable' };
  };
  const deadLetter = (reason: Reason) => enqueue('DEAD_LETTER_QUEUE_URL', reason);

  let current: BrazeCredentials;
  try {
    current = await withDeadline(deadline.earlierBy(computeQueueReserveWithoutBrazeMs(deadline)), credentials, () => {
      throw new ParametersUnavailableError('SSM did not answer in time.');
    });
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) return requeue('busy', { cause });
    const { enqueued } = await deadLetter('misconfigured');
    return { kind: 'misconfigured', problem: cause.message, cause, isDeadLettered: enqueued };
  }

  if (!breaker.tryAcquire()) return requeue('busy', {});
  const sendDeadline = deadline.earlierBy(computeQueueReserveMs(deadline));
  const exchange = await deliver(
    runtime.send,
    {
      method: request.method,
      path: request.path,
      query,
      json: toJsonBody(request.method, request.request),
      isIdempotent: request.idempotent,
      isAnswer,
    },
    current,
    ({ apiKey }) => parameters.refreshAfter401(apiKey, sendDeadline),
    sendDeadline,
  );
  recordExchange(runtime, exchange);
  const { response, status, cause } = exchange;
  switch (response.kind) {
    case 'accepted':
      return { kind: 'accepted', accepted: response.accepted, exchange };
    case 'rejected':
      return { kind: 'rejected', exchange };
    case 'unauthorized':
    case 'forbidden': {
      const { enqueued } = await deadLetter('misconfigured');
      return { kind: 'misconfigured', problem: describeRefusal(status), exchange, cause, isDeadLettered: enqueued };
    }
    case 'busy':
      return requeue('busy', { exchange, cause });
    case 'unknown': {
      if (request.idempotent) return requeue('unknown', { exchange, cause });
      const { enqueued, cause: failure = cause } = await deadLetter('in_doubt');
      return { kind: enqueued ? 'in_doubt' : 'unavailable', exchange, cause: failure };
    }
  }
};
