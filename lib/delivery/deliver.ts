import { type OutgoingRequest, sendToBraze } from '../braze/client.ts';
import type { BrazeCredentials } from '../braze/credentials.ts';
import { type BrazeResponse, classifyResponse, type IsAnswer } from '../braze/response.ts';
import { monotonicNow, sleep } from '../clock.ts';
import { type Deadline, drawBackoffMs } from '../deadline.ts';
import { ParametersUnavailableError } from '../errors.ts';
import type { SendOnce } from '../http.ts';

/** A request to Braze, with what decides about retries. */
export interface DeliveryRequest extends OutgoingRequest {
  readonly isIdempotent: boolean;
  /** The endpoint's own `isAnswer`, if it has one. */
  readonly isAnswer?: IsAnswer | undefined;
}

/** What came of a request: the last response, and what all attempts took. */
export interface Exchange {
  readonly response: BrazeResponse;
  readonly status: number | undefined;
  /** 0 if too little time was left for the first. */
  readonly attempts: number;
  /** How long all attempts took together, without the pauses between them. */
  readonly brazeMs: number;
  /** The longest timeout that passed without a response; 0 if none did. */
  readonly timedOutAfterMs: number;
  /** Why the last attempt had no response, or why new credentials could not be read. */
  readonly cause?: unknown;
}

export interface RetryPolicy {
  readonly attemptMs: number;
  readonly retries: number;
}
/** For calls: a person is waiting. */
const INTERACTIVE: RetryPolicy = { attemptMs: 3_000, retries: 2 };
/** Braze takes longer to respond, so a shorter attempt could only put the request in doubt. */
const MIN_ATTEMPT_MS = 50;
const BASE_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 1_000;

/**
 * Sends a request, and retries it until the deadline where that is safe: `retries` times if Braze did not process it or
 * it is idempotent, and once after a 401, with credentials read again.
 */
export const deliver = async (
  send: SendOnce,
  delivery: DeliveryRequest,
  credentials: BrazeCredentials,
  refreshCredentials: (refused: BrazeCredentials) => Promise<BrazeCredentials | undefined>,
  deadline: Deadline,
  { attemptMs, retries: maxRetries }: RetryPolicy = INTERACTIVE,
): Promise<Exchange> => {
  let current = credentials;
  let exchange: Exchange = {
    response: { kind: 'busy' },
    status: undefined,
    attempts: 0,
    brazeMs: 0,
    timedOutAfterMs: 0,
  };
  let waited = 0;
  let retries = 0;
  let refreshed = false;
  for (;;) {
    const timeoutMs = Math.min(attemptMs, deadline.remainingMs());
    if (timeoutMs < MIN_ATTEMPT_MS) return exchange;
    const startedAt = monotonicNow();
    const result = await sendToBraze(send, current, delivery, timeoutMs);
    const response = classifyResponse(result, Date.now(), delivery.isAnswer);
    waited += monotonicNow() - startedAt;
    const cause = result.kind === 'response' ? undefined : result.cause;
    exchange = {
      response,
      status: result.kind === 'response' ? result.status : undefined,
      attempts: exchange.attempts + 1,
      brazeMs: Math.round(waited),
      timedOutAfterMs: isTimeout(cause) ? Math.max(exchange.timedOutAfterMs, timeoutMs) : exchange.timedOutAfterMs,
      ...(cause !== undefined && { cause }),
    };
    if (response.kind === 'unauthorized' && !refreshed) {
      refreshed = true;
      try {
        const refreshedCredentials = await refreshCredentials(current);
        if (refreshedCredentials === undefined) return exchange;
        current = refreshedCredentials;
        continue;
      } catch (cause) {
        // Retryable: the key may have been rotated, and the new one cannot be read now.
        const retryable = cause instanceof ParametersUnavailableError;
        return { ...exchange, cause, ...(retryable && { response: { kind: 'busy' } }) };
      }
    }
    const shouldRetry = response.kind === 'busy' || (response.kind === 'unknown' && delivery.isIdempotent);
    const retryAfterMs = response.kind === 'busy' ? response.retryAfterMs : undefined;
    const wait = retryAfterMs ?? drawBackoffMs(retries + 1, BASE_BACKOFF_MS, MAX_BACKOFF_MS);
    if (!shouldRetry || retries === maxRetries || wait + MIN_ATTEMPT_MS > deadline.remainingMs()) return exchange;
    await sleep(wait);
    retries += 1;
  }
};

const isTimeout = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';

/** Whether Braze is down. A rate limit or a rejected key is no outage. */
export const isOutage = ({ response, status }: Exchange): boolean =>
  (response.kind === 'busy' || response.kind === 'unknown') && status !== 429 && status !== 401;
