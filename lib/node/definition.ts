import type { Outcome, Success } from '../answer.ts';
import type { BrazeRequest, Endpoint } from '../braze/endpoint.ts';
import type { AcceptedResponse } from '../braze/response.ts';
import type { IdentifierName, Identity } from '../payload/identity.ts';
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

/** A call, and which conversation it belongs to, where it says so. */
export interface NodeCall<I extends Identity = Identity> extends Call<I> {
  readonly chatId?: string | undefined;
  readonly callId?: string | undefined;
}

/**
 * A node as data: what it is for, which payload it takes and the request that it makes of it. `identifiers` narrows the
 * identity that `toRequest` is given; with none, the request is about nobody.
 */
export interface NodeDefinition<P, Extra extends ExtraOutcomes, N extends IdentifierName = IdentifierName>
  extends PayloadRules<P, N> {
  /** The name of its file and of its function. */
  readonly name: string;
  readonly description: string;
  readonly example?: NodeExample;
  readonly endpoint: Endpoint;
  /** Pure. Returns `undefined` where the payload holds nothing that could be sent. */
  readonly toRequest: (payload: P, call: NodeCall<Identity<N>>) => BrazeRequest | undefined;
  readonly outcomes?: Extra;
  /**
   * Pure; reads what the endpoint declares to be an answer, its status and the errors that Braze lists included. Returns
   * `undefined` where the common outcomes say enough.
   */
  readonly readResponse?: (response: AcceptedResponse, payload: P) => ResponseOutcome<Extra> | undefined;
}

/** The definition as it is, with its types inferred. */
export const defineNode = <
  P,
  const Extra extends ExtraOutcomes = Record<never, Success>,
  N extends IdentifierName = IdentifierName,
>(
  definition: NodeDefinition<P, Extra, N>,
): NodeDefinition<P, Extra, N> => definition;
