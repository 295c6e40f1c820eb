import type { Context as LambdaContext } from 'aws-lambda';
import { type Answer, type AnswerParts, type Outcome, SUCCESS_BY_OUTCOME, type Success, toAnswer } from '../answer.ts';
import { type BrazeRequest, fillTarget } from '../braze/endpoint.ts';
import { type AcceptedResponse, locateRejected } from '../braze/response.ts';
import { monotonicNow } from '../clock.ts';
import { type Deadline, invocationDeadline, withDeadline } from '../deadline.ts';
import { type DeliveryResult, type PendingRequest, sendOrQueue } from '../delivery/send-or-queue.ts';
import { type Envelope, matchesStage, parseEvent } from '../entry/event.ts';
import { type HttpResponse, parseSignedRequest, type SignedRequest, toHttpResponse } from '../entry/http.ts';
import { type IdentityClaim, parseIdentityClaim } from '../entry/identity-claim.ts';
import { verifyIdentityTokens } from '../entry/identity-token.ts';
import { parseSignatureHeader, verifySignature } from '../entry/signature.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { IdentifierName } from '../payload/identity.ts';
import { countReasons, type InvalidReason } from '../payload/invalid-reason.ts';
import { parsePayload } from '../payload/parse.ts';
import { createRuntime, initializeRuntime, type Runtime, writeToStdout } from '../runtime.ts';
import { AnswerCache } from './answer-cache.ts';
import type { ExtraOutcomes, NodeDefinition } from './definition.ts';
import { logInvocation, serializeError } from './log.ts';
import { RecentAnswers } from './recent-answers.ts';

type InvalidFields = ReadonlyMap<string, InvalidReason>;

/** The result of a call: the answer to the flow, and details for the log line. */
interface CallResult extends AnswerParts {
  readonly invalid?: InvalidFields;
  readonly delivery?: DeliveryResult;
  readonly cause?: unknown;
  /** Whether it is the answer that the same call got before. */
  readonly isRepeated?: boolean;
  /** Whether Braze's answer came from the cache. */
  readonly isCached?: boolean;
  /** Only of an HTTPS call that was rejected before its payload was parsed. */
  readonly status?: 400 | 401 | 413;
}

/** A result with one of the common outcomes. */
const result = (outcome: Outcome, detail: string, more: Partial<CallResult> = {}): CallResult => ({
  success: SUCCESS_BY_OUTCOME[outcome],
  outcome,
  detail,
  ...more,
});

/** Time for writing the log line and returning the answer. */
const ANSWER_MARGIN_MS = 25;
/** The limit for an HTTPS call. */
const MAX_BODY_BYTES = 256 * 1_024;

const queueNote = (isQueued: boolean): string =>
  isQueued ? 'The request waits in the dead-letter queue.' : 'The request was not kept.';

/** Converts the result of a delivery to the outcome that the flow branches on. */
const toResult = (delivery: DeliveryResult, { paths = {} }: BrazeRequest, invalid: InvalidFields): CallResult => {
  const details = { delivery, invalid, cause: delivery.cause };
  switch (delivery.kind) {
    case 'accepted': {
      const { extent, positions } = locateRejected(delivery.accepted, paths);
      const rejected = Object.entries(paths).flatMap(([name, list]) =>
        list.filter((_, at) => positions.some(({ array, index }) => array === name && index === at)),
      );
      const all = new Map<string, InvalidReason>([
        ...invalid,
        ...rejected.map((path) => [path, 'refused_by_braze'] as const),
      ]);
      if (all.size === 0 && extent === 'none') return result('sent', 'Braze accepted everything.', details);
      if (extent === 'all') {
        return result('rejected', 'Braze refused every object of the request.', { ...details, invalid: all });
      }
      const detail = 'Braze accepted the request, but some fields or objects were left out.';
      return result('partial', detail, { ...details, invalid: all });
    }
    case 'rejected':
      return result('rejected', `Braze refused the request (${delivery.delivered.status}).`, details);
    case 'queued':
      return result('queued', 'Braze cannot take it now; it is kept and will be sent again.', details);
    case 'misconfigured':
      return result('misconfigured', `${delivery.problem} ${queueNote(delivery.deadLettered)}`, details);
    case 'in_doubt':
      return result('in_doubt', `Braze may or may not have processed it. ${queueNote(true)}`, details);
    case 'dropped':
      return result('unavailable', 'Braze could not take it, and it was not kept either.', details);
  }
};

/** What is known about a call, for its log line, even if it ends in an error. */
interface CallRecord {
  envelope?: Envelope;
  /** Only of a signed call. */
  callId?: string | undefined;
  /** Only of a payload with a `signed_id`. */
  identity?: 'verified' | 'typed';
}

/** Returns the external id that `signed_id` proves; the result of the call if it must prove one and does not. */
const verifyIdentity = async (
  node: string,
  { tokens, requiresVerified }: IdentityClaim,
  { settings, parameters }: Runtime,
  deadline: Deadline,
): Promise<{ readonly verifiedId: string | undefined } | CallResult> => {
  const mustVerify = requiresVerified || settings.VERIFIED_NODES.includes(node);
  // Returns without reading the secrets, so that calls without a token work while SSM is down.
  if (!mustVerify && tokens.length === 0) return { verifiedId: undefined };
  const secrets = await parameters.linkSecrets(deadline);
  if (mustVerify && secrets.length === 0) {
    const missing = `The parameter ${settings.PARAMETER_PATH}/link_secret is missing or too short.`;
    return result('misconfigured', `${missing} ${queueNote(false)}`);
  }
  const verifiedId = verifyIdentityTokens(tokens, secrets, Date.now());
  return mustVerify && verifiedId === undefined
    ? result('unverified', 'A verified identity is required, and there is none.')
    : { verifiedId };
};

/** What a handler keeps between calls. */
interface HandlerState {
  readonly runtime: Runtime;
  /** Only if the endpoint has `cacheSeconds`. */
  readonly cache: AnswerCache | undefined;
}

/** Runs a call: identity, payload, request, delivery, result. */
const handleCall = async <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  definition: NodeDefinition<P, Extra, N>,
  { payload, context }: Envelope,
  { runtime, cache }: HandlerState,
  deadline: Deadline,
  record: CallRecord,
): Promise<CallResult> => {
  const claim = parseIdentityClaim(payload ?? {}, context.user_data);
  if (claim.hasSignedId) record.identity = 'typed';
  const { settings, parameters } = runtime;
  if (!matchesStage(context.env, settings.STAGE)) {
    return result('misconfigured', `The conversation belongs to another stage than ${settings.STAGE}.`);
  }
  // Started before the payload is parsed, so that both happen at the same time.
  const credentials = parameters.credentials(deadline);
  credentials.catch(() => {});

  const identity = await verifyIdentity(definition.name, claim, runtime, deadline);
  if ('outcome' in identity) return identity;
  if (identity.verifiedId !== undefined) record.identity = 'verified';
  const now = Date.now();
  const options = {
    now,
    country: settings.DEFAULT_COUNTRY,
    dateOrder: settings.DATE_ORDER,
    onParsed: runtime.observer?.value,
    ...identity,
  };
  const parsed = parsePayload(payload, definition, options, context.user_data);
  runtime.observer?.payload(parsed);
  const { invalid } = parsed;
  if (parsed.kind === 'invalid') return result('invalid', parsed.reason, { invalid });
  const call = { ...parsed.call, chatId: context.chat_id, callId: context.call_id };
  const request = definition.toRequest(parsed.payload, call);
  if (request === undefined) return result('invalid', 'There is nothing to send.', { invalid });
  const { endpoint, outcomes = {}, readResponse } = definition;
  const { body = {}, paths = {}, parameters: given } = request;
  const { maxObjects = Number.POSITIVE_INFINITY } = endpoint;
  if (Object.values(paths).flat().length > maxObjects) {
    return result('invalid', `The request would hold more than ${maxObjects} objects.`, { invalid });
  }
  const target = fillTarget(endpoint, given);
  if (target.kind === 'invalid') {
    const named = target.names.map((name) => [name, target.reason] as const);
    const detail = 'A value cannot stand in the address of the request.';
    return result('invalid', detail, { invalid: new Map([...invalid, ...named]) });
  }

  const read = (
    accepted: AcceptedResponse,
  ): Pick<CallResult, 'success' | 'outcome' | 'detail' | 'values'> | undefined => {
    const reading = readResponse?.(accepted, parsed.payload);
    if (reading === undefined) return undefined;
    // A cast, because TypeScript does not infer the keys of a generic spread.
    const successes = { ...SUCCESS_BY_OUTCOME, ...outcomes } as Readonly<Record<typeof reading.outcome, Success>>;
    return { success: successes[reading.outcome], ...reading };
  };
  const { path, query } = target;
  const cacheKey = cache === undefined ? '' : JSON.stringify([path, query, body]);
  const cached = cache?.get(cacheKey, now);
  const cachedReading = cached === undefined ? undefined : read(cached);
  if (cachedReading !== undefined) return { ...cachedReading, invalid, isCached: true };

  const pending: PendingRequest = {
    node: definition.name,
    stage: settings.STAGE,
    time: new Date(now).toISOString(),
    method: endpoint.method ?? 'POST',
    path,
    idempotent: endpoint.isIdempotent(body, settings.REPLAY_IN_DOUBT),
    request: body,
  };
  const delivery = await sendOrQueue(pending, { ...endpoint, query }, credentials, runtime, deadline);
  const reading = delivery.kind === 'accepted' ? read(delivery.accepted) : undefined;
  if (delivery.kind !== 'accepted' || reading === undefined) return toResult(delivery, request, invalid);
  // With a common outcome such as `unavailable`, Braze's answer could not be read, so it is not cached.
  if (Object.hasOwn(outcomes, reading.outcome)) cache?.set(cacheKey, delivery.accepted, now);
  return { ...reading, invalid, delivery };
};

const UNAUTHORIZED = result('misconfigured', 'The signature is missing, wrong or too old.', { status: 401 });

/** Verifies the signature of an HTTPS call. */
const isAuthentic = async (
  { signature, body }: SignedRequest,
  node: string,
  { parameters }: Runtime,
  deadline: Deadline,
): Promise<boolean> => {
  const header = parseSignatureHeader(signature, Date.now());
  return header !== undefined && verifySignature(header, node, body, await parameters.nodeSecrets(deadline));
};

const parseBody = (body: Buffer): Envelope | CallResult => {
  if (body.length > MAX_BODY_BYTES) return result('invalid', 'The body is larger than 256 KB.', { status: 413 });
  try {
    return parseEvent(JSON.parse(body.toString()));
  } catch {
    return result('invalid', 'The body is not JSON.', { status: 400 });
  }
};

/** Converts an error to a result. Any error of another class is a bug. */
const errorToResult = (cause: unknown): CallResult => {
  if (cause instanceof ConfigurationError) {
    return result('misconfigured', `${cause.message} ${queueNote(false)}`, { cause });
  }
  const isKnown = cause instanceof ParametersUnavailableError;
  return result('unavailable', isKnown ? cause.message : 'An internal fault; the log line names it.', { cause });
};

/**
 * Creates the Lambda handler of a node, for direct invocations and the HTTP API. It always returns a flat object of
 * strings, never throws, and ends before its deadline.
 *
 * Without `runtime`, it creates one from the environment variables and keeps it: on Lambda at once, elsewhere at its
 * first call.
 *
 * @example
 * export const trackEvent = defineNode({ name: 'track-event', … });
 * export const handler = createHandler(trackEvent);
 */
export const createHandler = <P, Extra extends ExtraOutcomes, N extends IdentifierName>(
  definition: NodeDefinition<P, Extra, N>,
  runtime?: Runtime,
) => {
  let current = runtime ?? initializeRuntime();
  const { cacheSeconds } = definition.endpoint;
  const cache = cacheSeconds === undefined ? undefined : new AnswerCache(cacheSeconds);
  const recentAnswers = new RecentAnswers();

  // An async function with two parameters: Lambda's Node.js 24 runtime does not accept callback handlers.
  return async (event: unknown, lambda?: Partial<LambdaContext>): Promise<Answer | HttpResponse> => {
    const startedAt = monotonicNow();
    const signedRequest = parseSignedRequest(event);
    const record: CallRecord = {};
    let isVerified = signedRequest === undefined;
    let end: CallResult;
    try {
      current ??= createRuntime();
      const activeRuntime = current;
      const deadline = invocationDeadline(lambda, activeRuntime.settings.TIME_BUDGET_MS);
      const run = async (): Promise<CallResult> => {
        const inner = deadline.earlierBy(ANSWER_MARGIN_MS);
        if (signedRequest !== undefined) {
          isVerified = await isAuthentic(signedRequest, definition.name, activeRuntime, inner);
          if (!isVerified) return UNAUTHORIZED;
        }
        const parsed = signedRequest === undefined ? parseEvent(event) : parseBody(signedRequest.body);
        if ('outcome' in parsed) return parsed;
        record.envelope = parsed;
        if (signedRequest !== undefined) record.callId = parsed.context.call_id;
        const earlier = record.callId === undefined ? undefined : recentAnswers.get(record.callId);
        if (earlier !== undefined) return { ...earlier, isRepeated: true };
        return handleCall(definition, parsed, { runtime: activeRuntime, cache }, inner, record);
      };
      end = await withDeadline(deadline, run(), () => {
        throw new Error('The deadline passed before the call ended.');
      });
    } catch (cause) {
      end = errorToResult(cause);
    }
    const { outcome, invalid, delivery, cause, status, isRepeated, isCached } = end;
    const reasons: InvalidReason[] = [...(invalid?.values() ?? [])];
    if (record.identity === 'typed') reasons.push('not_verified');
    const line = {
      node: definition.name,
      service: current?.settings.SERVICE,
      stage: current?.settings.STAGE,
      settings_ignored: current?.settings.ignored,
      outcome,
      http_status: status,
      chat_id: record.envelope?.context.chat_id,
      request_id: lambda?.awsRequestId,
      braze_status: delivery?.delivered?.status,
      attempts: delivery?.delivered?.attempts ?? 0,
      ssm_ms: current?.parameters.takeSsmWaitMs() ?? 0,
      braze_ms: delivery?.delivered?.brazeMs ?? 0,
      total_ms: Math.round(monotonicNow() - startedAt),
      invalid_fields: invalid?.size ?? 0,
      ...(reasons.length > 0 && { invalid_reasons: countReasons(reasons) }),
      identity: record.identity,
      repeated: isRepeated,
      cached: isCached,
      ...(cause !== undefined && { error: serializeError(cause) }),
    };
    logInvocation(line, isVerified, current?.write ?? writeToStdout);
    const answer = toAnswer({ ...end, identity: record.identity });
    if (record.callId !== undefined && !isRepeated) recentAnswers.set(record.callId, end.success, answer);
    return signedRequest === undefined ? answer : toHttpResponse(status ?? 200, answer);
  };
};
