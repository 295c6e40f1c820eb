import type { Outcome, Success } from '../answer.ts';
import type { BrazeRequest, Endpoint } from '../braze/endpoint.ts';
import type { AcceptedResponse } from '../braze/response.ts';
import type { IdentifierName, Identity } from '../payload/identity.ts';
import type { Call, PayloadRules } from '../payload/parse.ts';

/** Outcomes that only this node has, each with its value of `success`. */
export interface ExtraOutcomes {
  readonly [outcome: string]: Success;
}

/** The outcome of Braze's response; `values` are added to the answer. */
export interface ResponseOutcome<Extra extends ExtraOutcomes> {
  readonly outcome: Outcome | (keyof Extra & string);
  readonly detail: string;
  readonly values?: { readonly [key: string]: string };
}

/** An example for the documentation. */
export interface NodeExample {
  /** The Parameter Input without `node`, with a flow's variables in braces. */
  readonly payload: { readonly [key: string]: unknown };
  /** The keys of its answer, except the common ones. */
  readonly variables?: readonly string[];
}

/** A call, with the ids of its conversation if they are given. */
export interface NodeCall<I extends Identity = Identity> extends Call<I> {
  readonly chatId?: string | undefined;
  readonly callId?: string | undefined;
}

/**
 * A node as data: its payload, the pure function from that to a request, and the meaning of Braze's response.
 * `identifiers` narrows the type of the identity that `toRequest` gets; if empty, a request is not about a person.
 */
export interface NodeDefinition<P, Extra extends ExtraOutcomes, N extends IdentifierName = IdentifierName>
  extends PayloadRules<P, N> {
  /** Also the name of its file and of its function. */
  readonly name: string;
  readonly description: string;
  readonly example?: NodeExample;
  readonly endpoint: Endpoint;
  /** A pure function; returns `undefined` if there is nothing to send. */
  readonly toRequest: (payload: P, call: NodeCall<Identity<N>>) => BrazeRequest | undefined;
  readonly outcomes?: Extra;
  /**
   * A pure function of what the endpoint's `isAnswer` accepts, with status and `errors`. Returns `undefined` for a common
   * outcome: `sent`, `partial` or `rejected`.
   */
  readonly readResponse?: (response: AcceptedResponse, payload: P) => ResponseOutcome<Extra> | undefined;
}

/**
 * Returns the definition, with its types inferred.
 *
 * @example
 * export const renameUser = defineNode({
 *   name: 'rename-user',
 *   description: 'Gives a profile another `external_id`.',
 *   endpoint: {
 *     path: 'users/external_ids/rename',
 *     permission: 'users.external_ids.rename',
 *     isIdempotent: () => false,
 *     queueOnFailure: true,
 *   },
 *   identifiers: ['external_id'],
 *   payload: object({ new_external_id: required(external_id) }),
 *   toRequest: ({ new_external_id }, { identity: { identifier } }) => ({
 *     body: { external_id_renames: [{ current_external_id: identifier.external_id, new_external_id }] },
 *     paths: { external_id_renames: ['new_external_id'] },
 *   }),
 * });
 * export const handler = createHandler(renameUser);
 */
export const defineNode = <
  P,
  const Extra extends ExtraOutcomes = Record<never, Success>,
  N extends IdentifierName = IdentifierName,
>(
  definition: NodeDefinition<P, Extra, N>,
): NodeDefinition<P, Extra, N> => definition;
