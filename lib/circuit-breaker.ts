import { monotonicNow } from './clock.ts';

const FAILURES_TO_OPEN = 5;
const MIN_OPEN_MS = 5_000;
const MAX_OPEN_MS = 60_000;

/**
 * Spares a conversation the wait for a Braze that is down. Closed, it lets every call through; five failures in a row
 * open it, and no call is tried; after `MIN_OPEN_MS` it is half-open and lets one call through. A success closes it, a
 * failure doubles the time until the next, up to `MAX_OPEN_MS`. Each execution environment has its own.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #openMs = MIN_OPEN_MS;
  #opensUntil = 0;
  #isTrying = false;

  /** By default on a clock that nobody sets. */
  constructor(now = monotonicNow) {
    this.#now = now;
  }

  get isClosed(): boolean {
    return this.#failures < FAILURES_TO_OPEN;
  }

  /** Whether a call may be made now. Whoever gets `true` must then record how it went, or release it. */
  tryAcquire(): boolean {
    if (this.isClosed) return true;
    if (this.#isTrying || this.#now() < this.#opensUntil) return false;
    this.#isTrying = true;
    return true;
  }

  /** The call was not made, or says nothing about Braze. */
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
