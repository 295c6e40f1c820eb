import { BoundedMap } from '../bounded-map.ts';
import type { AcceptedResponse } from '../braze/response.ts';

const MAX_ANSWERS = 200;
/** Longer answers are not cached, so that the cache stays small. */
const MAX_ANSWER_CHARACTERS = 65_536;

interface CachedAnswer {
  readonly accepted: AcceptedResponse;
  /** Milliseconds since 1970, because that clock continues while Lambda has the environment frozen. */
  readonly at: number;
}

/** Braze's answers to look-ups, for `cacheSeconds` of their endpoint. */
export class AnswerCache {
  readonly #maxAgeMs: number;
  readonly #answers = new BoundedMap<string, CachedAnswer>(MAX_ANSWERS);

  constructor(maxAgeSeconds: number) {
    this.#maxAgeMs = maxAgeSeconds * 1_000;
  }

  get(question: string, now: number): AcceptedResponse | undefined {
    const found = this.#answers.get(question);
    return found !== undefined && Math.abs(now - found.at) < this.#maxAgeMs ? found.accepted : undefined;
  }

  set(question: string, accepted: AcceptedResponse, now: number): void {
    if (JSON.stringify(accepted.body).length <= MAX_ANSWER_CHARACTERS)
      this.#answers.set(question, { accepted, at: now });
  }
}
