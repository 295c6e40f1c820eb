import type { Outcome, Success } from '../answer.ts';
import type { BrazeRequest, Endpoint } from '../braze/endpoint.ts';
import type { AcceptedResponse } from '../braze/response.ts';
import type { Call, PayloadRules } from '../payload/parse.ts';

/** Outcomes of a node beside the common ones, and the value of `success` for each. */
export interface ExtraOutcomes {
  readonly [outcome: string]: Success;
}

/** What Braze's response means to the flow; `values` are added to the keys of the answer. */
export interface ResponseOutcome<Extra extends ExtraOutcomes> {
  readonly outcome: Outcome | (keyof Extra & string);
  readonly detail: string;
  readonly values?: { readonly [key: string]: string };
}

/** What a flow designer types, and gets; the documentation shows it. */
export interface NodeExample {
  /** The Parameter Input without `node`, with the variables of a flow in it. */
  readonly payload: { readonly [key: string]: unknown };
  /** The keys of the answer to it beside the common ones. */
  readonly variables?: readonly string[];
}

/** A node as data: what it is for, which payload it takes and the request that it makes of it. */
export interface NodeDefinition<P, Extra extends ExtraOutcomes> extends PayloadRules<P> {
  /** The name of its file and of its function. */
  readonly name: string;
  readonly description: string;
  readonly example?: NodeExample;
  readonly endpoint: Endpoint;
  /** Pure. Returns `undefined` where the payload holds nothing that could be sent. */
  readonly toRequest: (payload: P, call: Call) => BrazeRequest | undefined;
  readonly outcomes?: Extra;
  /** Pure; reads a response with status 2xx. Returns `undefined` where the common outcomes say enough. */
  readonly readResponse?: (response: AcceptedResponse, payload: P) => ResponseOutcome<Extra> | undefined;
}

/** The definition as it is, with its types inferred. */
export const defineNode = <P, const Extra extends ExtraOutcomes = Record<never, Success>>(
  definition: NodeDefinition<P, Extra>,
): NodeDefinition<P, Extra> => definition;
