const FAILURES_TO_OPEN = 5;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;

/**
 * Spares a conversation the wait for a Braze that is down: five failed calls in a row open it, and nothing is tried
 * until it has rested; then one call may probe. A success closes it, a failed probe doubles the rest, up to a minute.
 * One per execution environment, so it needs no agreement with anyone.
 */
export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #rest = FIRST_REST_MS;
  #restsUntil = 0;
  #probing = false;

  constructor(now = () => Date.now()) {
    this.#now = now;
  }

  /** Whether a call may be tried now. Whoever is let through says afterwards how it went, or that it came to nothing. */
  admits(): boolean {
    if (this.#failures < FAILURES_TO_OPEN) return true;
    if (this.#probing || this.#now() < this.#restsUntil) return false;
    this.#probing = true;
    return true;
  }

  untried(): void {
    this.#probing = false;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#rest = FIRST_REST_MS;
    this.#probing = false;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures < FAILURES_TO_OPEN) return;
    if (this.#probing) this.#rest = Math.min(LONGEST_REST_MS, this.#rest * 2);
    this.#probing = false;
    this.#restsUntil = this.#now() + this.#rest;
  }
}
