import { post } from '../braze/client.ts';
import type { BrazeCredentials } from '../braze/credentials.ts';
import { type Verdict, verdictOf } from '../braze/response.ts';
import { type Deadline, fullJitter, sleep } from '../deadline.ts';
import { ParametersUnavailableError } from '../errors.ts';

/** A request as it goes to Braze. */
export interface Delivery {
  /** The endpoint's path, `users/track`. */
  readonly endpoint: string;
  readonly json: string;
  /** Whether sending it twice does what sending it once does. */
  readonly replaySafe: boolean;
}

/** What came of it, and what it took. */
export interface Delivered {
  readonly verdict: Verdict;
  readonly status: number | undefined;
  /** None where the deadline had ended before the first. */
  readonly attempts: number;
  /** How long all attempts waited for Braze. */
  readonly milliseconds: number;
  /** Why the last attempt had no answer, or why a refused key could not be read again. */
  readonly cause?: unknown;
}

/** How patient a delivery is; the contract's figures while a person waits, others while nobody does. */
export interface Patience {
  readonly attemptMs: number;
  readonly retries: number;
}
const WHILE_SOMEONE_WAITS: Patience = { attemptMs: 3_000, retries: 2 };
/** Less than this is no attempt, not even the first: no answer comes so soon, and we would be in doubt for nothing. */
const SHORTEST_ATTEMPT_MS = 50;

/**
 * Sends a request, again where that is safe, and never past the deadline (contract, section 6): twice more while Braze
 * surely did not process it or it is replay-safe, once more with the key that SSM holds after a 401.
 */
export const deliver = async (
  { endpoint, json, replaySafe }: Delivery,
  access: BrazeCredentials,
  reread: (refused: BrazeCredentials) => Promise<BrazeCredentials | undefined>,
  deadline: Deadline,
  { attemptMs, retries: mostRetries }: Patience = WHILE_SOMEONE_WAITS,
): Promise<Delivered> => {
  let { url, apiKey } = access;
  let delivered: Delivered = { verdict: { verdict: 'busy' }, status: undefined, attempts: 0, milliseconds: 0 };
  let waited = 0;
  let retries = 0;
  let keyWasRead = false;
  for (;;) {
    const limit = Math.min(attemptMs, deadline.remainingMs());
    if (limit < SHORTEST_ATTEMPT_MS) return delivered;
    const began = performance.now();
    const reply = await post(`${url}/${endpoint}`, apiKey, json, limit);
    const verdict = verdictOf(reply, Date.now());
    waited += performance.now() - began;
    delivered = {
      verdict,
      status: reply.kind === 'response' ? reply.status : undefined,
      attempts: delivered.attempts + 1,
      milliseconds: Math.round(waited),
      ...(reply.kind !== 'response' && { cause: reply.cause }),
    };
    if (verdict.verdict === 'unauthorized' && !keyWasRead) {
      keyWasRead = true;
      try {
        const read = await reread({ url, apiKey });
        if (read === undefined) return delivered;
        ({ url, apiKey } = read);
        continue;
      } catch (cause) {
        // Perhaps the key was rotated, and only SSM's throttling keeps the next one from us: that passes.
        const isPassing = cause instanceof ParametersUnavailableError;
        return { ...delivered, cause, ...(isPassing && { verdict: { verdict: 'busy' } }) };
      }
    }
    const again = verdict.verdict === 'busy' || (verdict.verdict === 'unclear' && replaySafe);
    const told = verdict.verdict === 'busy' ? verdict.waitMs : undefined;
    const wait = told ?? fullJitter(retries + 1, 200, 1_000);
    if (!again || retries === mostRetries || wait + SHORTEST_ATTEMPT_MS > deadline.remainingMs()) return delivered;
    await sleep(wait);
    retries += 1;
  }
};
