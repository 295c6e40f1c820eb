import type { Json, JsonObject } from '../lib/json.ts';

/** A value of the payload as it arrived, and what the node made of it. */
export interface CleanedValue {
  readonly path: string;
  readonly raw: string;
  /** `undefined` where the value counts as absent, or cannot be used. */
  readonly value: string | undefined;
  readonly isInvalid: boolean;
}

export interface InvalidField {
  readonly path: string;
  /** Why it cannot be used, in words. */
  readonly reason: string;
  /** What would be usable, where the rule of the field says it. */
  readonly accepted: string | undefined;
}

/** A request as it was sent to the emulated Braze. */
export interface ObservedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Json | undefined;
  /** Braze's status, or in words why there is none. */
  readonly answered: string;
  /** What Braze would drop or store as something else, in words. */
  readonly notes: readonly string[];
}

/** Everything that one call does, from the filled-in payload to the branch. */
export interface Simulation {
  readonly cleaned: readonly CleanedValue[];
  readonly invalid: readonly InvalidField[];
  readonly requests: readonly ObservedRequest[];
  /** Why the profiles of the page cannot be put into Braze, so that it holds nobody; empty where they can. */
  readonly profilesProblem: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  readonly answer: Readonly<Record<string, string>>;
  /** How many requests wait in the undelivered queue, and in the dead-letter queue. */
  readonly undelivered: number;
  readonly deadLetters: number;
  /** Whether Braze was brought back, and what waited was sent. */
  readonly isRedelivered: boolean;
  /** How long the person in the chat would have waited, in milliseconds. */
  readonly waitedMs: number;
}

/** A call, and what it must be the same as in a deployed function. */
export interface ObservableCall {
  readonly node: string;
  readonly payload: JsonObject;
  readonly user_data: JsonObject;
  /** The settings of the stage; empty for none. */
  readonly country: string;
  readonly dateOrder: string;
}
export interface Observed {
  readonly answer: unknown;
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly json: unknown;
  }[];
}
