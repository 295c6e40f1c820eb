import type { JsonObject } from '../json.ts';

/** A request body, and for each of its objects the path by which the designer knows it. */
export interface BrazeRequest {
  readonly body: JsonObject;
  readonly paths: { readonly [array: string]: readonly string[] };
}

/** An endpoint of Braze's REST API, as far as delivering to it needs to know it. */
export interface Endpoint {
  /** Below the REST endpoint: `users/track`. */
  readonly path: string;
  /** What the API key must be allowed to do. */
  readonly permission: string;
  /** How many objects a request may hold. */
  readonly maxObjects: number;
  /** Whether sending `body` twice does what sending it once does; `eventsAreSafe` is the stage's `REPLAY_IN_DOUBT`. */
  readonly isIdempotent: (body: JsonObject, eventsAreSafe: boolean) => boolean;
  /** Whether a request that could not be delivered is worth keeping; the answer to a question is not. */
  readonly queueOnFailure: boolean;
}
