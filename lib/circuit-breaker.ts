import { monotonicNow } from './clock.ts';

const MIN_FAILURES_TO_OPEN = 5;
const MIN_OPEN_MS = 5_000;
const MAX_OPEN_MS = 60_000;

/**
 * A circuit breaker, so that conversations do not wait for Braze while it is down. Closed: every call is made. Open,
 * after `MIN_FAILURES_TO_OPEN` failures in a row: no call is made for `MIN_OPEN_MS`. Then half-open: one call is made; its
 * success closes the breaker, its failure opens it for twice as long, up to `MAX_OPEN_MS`.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #openMs = MIN_OPEN_MS;
  #opensUntil = 0;
  #isTrying = false;

  /** `now` is a monotonic clock. */
  constructor(now = monotonicNow) {
    this.#now = now;
  }

  get isClosed(): boolean {
    return this.#failures < MIN_FAILURES_TO_OPEN;
  }

  /** Whether a call may be made now. After `true`, the caller must record its result, or release it. */
  tryAcquire(): boolean {
    if (this.isClosed) return true;
    if (this.#isTrying || this.#now() < this.#opensUntil) return false;
    this.#isTrying = true;
    return true;
  }

  /** For a call that was not made, or whose result does not show whether Braze is up. */
  release(): void {
    this.#isTrying = false;
  }

  recordSuccess(): void {
    this.#failures = 0;
    this.#openMs = MIN_OPEN_MS;
    this.#isTrying = false;
  }

  recordFailure(): void {
    this.#failures += 1;
    if (this.isClosed) return;
    if (this.#isTrying) this.#openMs = Math.min(MAX_OPEN_MS, this.#openMs * 2);
    this.#isTrying = false;
    this.#opensUntil = this.#now() + this.#openMs;
  }
}
