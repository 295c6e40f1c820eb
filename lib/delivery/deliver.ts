import { type Outgoing, sendToBraze } from '../braze/client.ts';
import type { BrazeCredentials } from '../braze/credentials.ts';
import { type BrazeResponse, classifyResponse, type IsAnswer } from '../braze/response.ts';
import { monotonicNow, sleep } from '../clock.ts';
import { type Deadline, fullJitter } from '../deadline.ts';
import { ParametersUnavailableError } from '../errors.ts';
import type { SendOnce } from '../http.ts';

/** A request as it goes to Braze. */
export interface Delivery extends Outgoing {
  readonly isIdempotent: boolean;
  /** Which answers are the endpoint's own, where they are not those of most. */
  readonly isAnswer?: IsAnswer | undefined;
}

/** What came of it, and what it took. */
export interface Delivered {
  readonly response: BrazeResponse;
  readonly status: number | undefined;
  /** None where the deadline had passed before the first. */
  readonly attempts: number;
  /** How long all attempts waited for Braze. */
  readonly brazeMs: number;
  /** The longest time that an attempt waited without an answer until its timeout; 0 where none did. */
  readonly timedOutAfterMs: number;
  /** Why the last attempt had no answer, or why new credentials could not be read. */
  readonly cause?: unknown;
}

export interface RetryPolicy {
  readonly attemptMs: number;
  readonly retries: number;
}
/** While a person waits for the answer. */
const INTERACTIVE: RetryPolicy = { attemptMs: 3_000, retries: 2 };
/** No answer comes sooner, so a shorter attempt would only put the request in doubt. */
const MIN_ATTEMPT_MS = 50;

/**
 * Sends a request, and again where that is safe, never past the deadline: `retries` times while Braze surely did not
 * process it or it is idempotent, and once more with the key that SSM holds after a 401.
 */
export const deliver = async (
  send: SendOnce,
  delivery: Delivery,
  credentials: BrazeCredentials,
  refreshCredentials: (refused: BrazeCredentials) => Promise<BrazeCredentials | undefined>,
  deadline: Deadline,
  { attemptMs, retries: maxRetries }: RetryPolicy = INTERACTIVE,
): Promise<Delivered> => {
  let current = credentials;
  let delivered: Delivered = {
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
    if (timeoutMs < MIN_ATTEMPT_MS) return delivered;
    const startedAt = monotonicNow();
    const result = await sendToBraze(send, current, delivery, timeoutMs);
    const response = classifyResponse(result, Date.now(), delivery.isAnswer);
    waited += monotonicNow() - startedAt;
    const cause = result.kind === 'response' ? undefined : result.cause;
    delivered = {
      response,
      status: result.kind === 'response' ? result.status : undefined,
      attempts: delivered.attempts + 1,
      brazeMs: Math.round(waited),
      timedOutAfterMs: isTimeout(cause) ? Math.max(delivered.timedOutAfterMs, timeoutMs) : delivered.timedOutAfterMs,
      ...(cause !== undefined && { cause }),
    };
    if (response.kind === 'unauthorized' && !refreshed) {
      refreshed = true;
      try {
        const refreshedCredentials = await refreshCredentials(current);
        if (refreshedCredentials === undefined) return delivered;
        current = refreshedCredentials;
        continue;
      } catch (cause) {
        // The key may have been rotated, and SSM's throttling keeps the new one from us: retryable.
        const retryable = cause instanceof ParametersUnavailableError;
        return { ...delivered, cause, ...(retryable && { response: { kind: 'busy' } }) };
      }
    }
    const shouldRetry = response.kind === 'busy' || (response.kind === 'unknown' && delivery.isIdempotent);
    const retryAfterMs = response.kind === 'busy' ? response.retryAfterMs : undefined;
    const wait = retryAfterMs ?? fullJitter(retries + 1, 200, 1_000);
    if (!shouldRetry || retries === maxRetries || wait + MIN_ATTEMPT_MS > deadline.remainingMs()) return delivered;
    await sleep(wait);
    retries += 1;
  }
};

const isTimeout = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';

/** Whether Braze is down. A Braze that limits our rate or refuses our key is not. */
export const isOutage = ({ response, status }: Delivered): boolean =>
  (response.kind === 'busy' || response.kind === 'unknown') && status !== 429 && status !== 401;
