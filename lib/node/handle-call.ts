import { SUCCESS_BY_OUTCOME, type Success } from '../answer.ts';
import type { BrazeCredentials } from '../braze/credentials.ts';
import { type BrazeRequest, fillTarget } from '../braze/endpoint.ts';
import type { AcceptedResponse } from '../braze/response.ts';
import type { Deadline } from '../deadline.ts';
import { type PendingRequest, sendOrQueue } from '../delivery/send-or-queue.ts';
import { type Envelope, matchesStage } from '../entry/event.ts';
import { type IdentityClaim, parseIdentityClaim } from '../entry/identity-claim.ts';
import { verifyIdentityTokens } from '../entry/identity-token.ts';
import type { IdentifierName } from '../payload/identity.ts';
import { parsePayload } from '../payload/parse.ts';
import type { Runtime } from '../runtime.ts';
import type { AnswerCache } from './answer-cache.ts';
import {
  type CallResult,
  createResult,
  deliveryToResult,
  describeQueueing,
  endWith,
  type InvalidFields,
  type Step,
} from './call-result.ts';
import type { ExtraOutcomes, NodeDefinition } from './definition.ts';

/** What is known about a call, for its log line, even if it ends in an error. */
export interface CallRecord {
  envelope?: Envelope;
  /** Only of a signed call. */
  callId?: string | undefined;
  /** Only of a payload with a `signed_id`. */
  identity?: 'verified' | 'typed';
}

/** What a handler keeps between calls. */
export interface HandlerState {
  readonly runtime: Runtime;
  /** Only if the endpoint has `cacheSeconds`. */
  readonly cache: AnswerCache | undefined;
}

/** Returns the external id that `signed_id` proves. Ends the call if the identity must be verified and is not. */
const verifyIdentity = async (
  node: string,
  { tokens, requiresVerified }: IdentityClaim,
  { settings, parameters }: Runtime,
  deadline: Deadline,
): Promise<Step<string | undefined>> => {
  const mustVerify = requiresVerified || settings.VERIFIED_NODES.includes(node);
  // Returns without reading the secrets, so that calls without a token work while SSM is down.
  if (!mustVerify && tokens.length === 0) return { kind: 'continue', value: undefined };
  const secrets = await parameters.getLinkSecrets(deadline);
  if (mustVerify && secrets.length === 0) {
    const missing = `The parameter ${settings.PARAMETER_PATH}/link_secret is missing or too short.`;
    return endWith('misconfigured', `${missing} ${describeQueueing(false)}`);
  }
  const verifiedId = verifyIdentityTokens(tokens, secrets, Date.now());
  return mustVerify && verifiedId === undefined
    ? endWith('unverified', 'The identity must be verified, and it is not.')
    : { kind: 'continue', value: verifiedId };
};

/** A request with everything that sending it needs. */
interface PreparedRequest<P> {
  readonly request: BrazeRequest;
  readonly path: string;
  readonly query: string;
  readonly payload: P;
  readonly invalid: InvalidFields;
}

/** Converts the payload of a call to a request. Ends the call if there is nothing to send. */
const prepareRequest = <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  { payload, context }: Envelope,
  verifiedId: string | undefined,
  now: number,
  definition: NodeDefinition<P, Extra, N>,
  { settings, observer }: Runtime,
): Step<PreparedRequest<P>> => {
  const options = {
    now,
    country: settings.DEFAULT_COUNTRY,
    dateOrder: settings.DATE_ORDER,
    onParsed: observer?.onValue,
    verifiedId,
  };
  const parsed = parsePayload(payload, definition, options, context.user_data);
  observer?.onPayload(parsed);
  const { invalid } = parsed;
  if (parsed.kind === 'invalid') return endWith('invalid', parsed.reason, { invalid });
  const call = { ...parsed.call, chatId: context.chat_id, callId: context.call_id };
  const request = definition.toRequest(parsed.payload, call);
  if (request === undefined) return endWith('invalid', 'There is nothing to send.', { invalid });
  const { paths = {}, parameters } = request;
  const { endpoint } = definition;
  const { maxObjects = Number.POSITIVE_INFINITY } = endpoint;
  if (Object.values(paths).flat().length > maxObjects) {
    return endWith('invalid', `The request would have more than ${maxObjects} objects.`, { invalid });
  }
  const target = fillTarget(endpoint, parameters);
  if (target.kind === 'invalid') {
    const named = target.names.map((name) => [name, target.reason] as const);
    const detail = 'A value cannot be part of the URL of the request.';
    return endWith('invalid', detail, { invalid: new Map([...invalid, ...named]) });
  }
  const { path, query } = target;
  return { kind: 'continue', value: { request, path, query, payload: parsed.payload, invalid } };
};

/**
 * Lambda returns at most 6 MB, as JSON; the text of an answer over HTTPS is quoted once more. The rest is for the paths.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_VALUES_BYTES = 6 * 1_024 * 1_024 - 512 * 1_024;

const isReturnable = (values: CallResult['values']): boolean =>
  Buffer.byteLength(JSON.stringify(JSON.stringify(values ?? {}))) <= MAX_VALUES_BYTES;

/** Reads an answer with the node's own `readResponse`; `undefined` for a common outcome. */
const readAnswer = <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  { readResponse, outcomes }: NodeDefinition<P, Extra, N>,
  accepted: AcceptedResponse,
  payload: P,
): CallResult | undefined => {
  const reading = readResponse?.(accepted, payload);
  if (reading === undefined) return undefined;
  if (!isReturnable(reading.values)) {
    return createResult('unavailable', 'Braze’s answer is larger than what a function can return.');
  }
  // A cast, because TypeScript does not infer the keys of a generic spread.
  const successes = { ...SUCCESS_BY_OUTCOME, ...outcomes } as Readonly<Record<typeof reading.outcome, Success>>;
  return { success: successes[reading.outcome], ...reading };
};

/** Sends a request, or takes Braze's answer from the cache, and converts the answer to the result of the call. */
const send = async <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  { request, path, query, payload, invalid }: PreparedRequest<P>,
  now: number,
  definition: NodeDefinition<P, Extra, N>,
  credentials: Promise<BrazeCredentials>,
  { runtime, cache }: HandlerState,
  deadline: Deadline,
): Promise<CallResult> => {
  const { endpoint, outcomes = {} } = definition;
  const { body = {} } = request;
  const cacheKey = cache === undefined ? '' : JSON.stringify([path, query, body]);
  const cached = cache?.get(cacheKey, now);
  const cachedAnswer = cached === undefined ? undefined : readAnswer(definition, cached, payload);
  if (cachedAnswer !== undefined) return { ...cachedAnswer, invalid, isCached: true };

  const { STAGE, REPLAY_IN_DOUBT } = runtime.settings;
  const pending: PendingRequest = {
    node: definition.name,
    stage: STAGE,
    time: new Date(now).toISOString(),
    method: endpoint.method ?? 'POST',
    path,
    idempotent: endpoint.isIdempotent(body, REPLAY_IN_DOUBT),
    request: body,
  };
  const delivery = await sendOrQueue(pending, { ...endpoint, query }, credentials, runtime, deadline);
  if (delivery.kind !== 'accepted') return deliveryToResult(delivery, request, invalid);
  const answer = readAnswer(definition, delivery.accepted, payload);
  if (answer === undefined) return deliveryToResult(delivery, request, invalid);
  // A common outcome such as `unavailable` means that Braze's answer could not be read, so it is not cached.
  if (Object.hasOwn(outcomes, answer.outcome)) cache?.set(cacheKey, delivery.accepted, now);
  return { ...answer, invalid, delivery };
};

/** Runs a call: stage, identity, payload, request, delivery, result. Writes what it learns early into `record`. */
export const handleCall = async <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  definition: NodeDefinition<P, Extra, N>,
  envelope: Envelope,
  state: HandlerState,
  deadline: Deadline,
  record: CallRecord,
): Promise<CallResult> => {
  const { payload, context } = envelope;
  const { settings, parameters } = state.runtime;
  const claim = parseIdentityClaim(payload ?? {}, context.user_data);
  if (claim.hasSignedId) record.identity = 'typed';
  if (!matchesStage(context.env, settings.STAGE)) {
    return createResult('misconfigured', `The conversation belongs to another stage than ${settings.STAGE}.`);
  }
  // Started before the payload is parsed, so that both happen at the same time.
  const credentials = parameters.getCredentials(deadline);
  credentials.catch(() => {});

  const identity = await verifyIdentity(definition.name, claim, state.runtime, deadline);
  if (identity.kind === 'end') return identity.result;
  if (identity.value !== undefined) record.identity = 'verified';
  const now = Date.now();
  const prepared = prepareRequest(envelope, identity.value, now, definition, state.runtime);
  if (prepared.kind === 'end') return prepared.result;
  return send(prepared.value, now, definition, credentials, state, deadline);
};
