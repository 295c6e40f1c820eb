import type { Context as LambdaContext } from 'aws-lambda';
import { type Answer, type AnswerParts, type Outcome, SUCCESS_BY_OUTCOME, type Success, toAnswer } from '../answer.ts';
import type { BrazeRequest, Endpoint } from '../braze/endpoint.ts';
import { type AcceptedResponse, findRejected } from '../braze/response.ts';
import { type Deadline, invocationDeadline, withDeadline } from '../deadline.ts';
import { type DeliveryResult, sendOrQueue } from '../delivery/send-or-queue.ts';
import { type Envelope, matchesStage, parseEvent } from '../entry/event.ts';
import { type HttpResponse, parseSignedRequest, type SignedRequest, toHttpResponse } from '../entry/http.ts';
import { verifySignature } from '../entry/signature.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { IdentifierName } from '../payload/identity.ts';
import { type Call, parsePayload } from '../payload/parse.ts';
import type { Field } from '../payload/schema.ts';
import { createRuntime, type Runtime } from '../runtime.ts';
import { logInvocation, serializeError } from './log.ts';

/** Words that a node answers with besides the common ones, and what `success` says with each. */
export interface ExtraOutcomes {
  readonly [outcome: string]: Success;
}

/** What Braze's answer says to the flow; `values` are further keys of the node's answer. */
export interface ResponseOutcome<Own extends ExtraOutcomes> {
  readonly outcome: Outcome | (keyof Own & string);
  readonly detail: string;
  readonly values?: { readonly [key: string]: string };
}

/** A node, declared: what it is for, what a designer may say to it, and the request that Braze gets of it. */
export interface Node<P, Own extends ExtraOutcomes> {
  /** The name of its file and of its function. */
  readonly node: string;
  readonly description: string;
  readonly endpoint: Endpoint;
  /** By what the endpoint finds a person, where it can't do so by all five. */
  readonly identifiers?: readonly IdentifierName[];
  /** What a designer may say beside the identity. */
  readonly payload: Field<P>;
  /** A pure function; `undefined` where there is nothing to say. */
  readonly toRequest: (said: P, call: Call) => BrazeRequest | undefined;
  readonly outcomes?: Own;
  /** A pure function of an answer with status 2xx; `undefined` where it says nothing out of the common. */
  readonly readResponse?: (response: AcceptedResponse, said: P) => ResponseOutcome<Own> | undefined;
}

/** How an invocation ended: what the flow is told, and what the log line tells the operator besides. */
interface Ending extends AnswerParts {
  readonly delivery?: DeliveryResult;
  readonly cause?: unknown;
  /** Of a call over HTTPS that did not get as far as the node. */
  readonly status?: 400 | 401 | 413;
}

/** An ending in one of the common words. */
const ending = (outcome: Outcome, detail: string, more: Partial<Ending> = {}): Ending => ({
  success: SUCCESS_BY_OUTCOME[outcome],
  outcome,
  detail,
  ...more,
});

/** What the answer needs once the last wait has ended. */
const ANSWER_MARGIN_MS = 25;
/** Of a body that comes over HTTPS. */
const LARGEST_BODY = 256 * 1_024;

const keptOrNot = (kept: boolean): string =>
  kept ? 'The request waits in the dead-letter queue.' : 'The request was not kept.';

/** The one place where what became of a request turns into the word the flow branches on (contract, sections 3 and 6). */
const endingOf = (result: DeliveryResult, { paths }: BrazeRequest, unusable: readonly string[]): Ending => {
  const known = { delivery: result, unusable, cause: result.cause };
  switch (result.kind) {
    case 'accepted': {
      const rejected = findRejected(result.accepted, paths);
      const all = [...new Set([...unusable, ...rejected.paths])];
      if (all.length === 0 && rejected.extent === 'none') return ending('sent', 'Braze accepted everything.', known);
      if (rejected.extent === 'all') {
        return ending('rejected', 'Braze refused every object of the request.', { ...known, unusable: all });
      }
      const detail = 'Braze accepted the request, but some fields or objects were left out.';
      return ending('partial', detail, { ...known, unusable: all });
    }
    case 'rejected':
      return ending('rejected', `Braze refused the request (${result.delivered.status}).`, known);
    case 'queued':
      return ending('queued', 'Braze cannot take it now; it is kept and will be sent again.', known);
    case 'misconfigured':
      return ending('misconfigured', `${result.problem} ${keptOrNot(result.deadLettered)}`, known);
    case 'in_doubt':
      return ending('in_doubt', `Braze may or may not have processed it. ${keptOrNot(true)}`, known);
    case 'dropped':
      return ending('unavailable', 'Braze could not take it, and it was not kept either.', known);
  }
};

/** The stations of a call, in order: payload, request, delivery, answer. */
const pass = async <P, Own extends ExtraOutcomes>(
  node: Node<P, Own>,
  { payload, context }: Envelope,
  runtime: Runtime,
  deadline: Deadline,
): Promise<Ending> => {
  const { settings, parameters } = runtime;
  if (!matchesStage(context.env, settings.STAGE)) {
    return ending('misconfigured', `The conversation belongs to another stage than ${settings.STAGE}.`);
  }
  // Begun before the payload is read, so that SSM's time and ours pass together.
  const access = parameters.credentials(deadline);
  access.catch(() => {});

  const now = Date.now();
  const reading = { now, country: settings.DEFAULT_COUNTRY, dateOrder: settings.DATE_ORDER };
  const parsed = parsePayload(payload, node.payload, reading, context.user_data, node.identifiers);
  const unusable = [...parsed.invalid.keys()];
  if (parsed.kind === 'invalid') return ending('invalid', parsed.reason, { unusable });
  const request = node.toRequest(parsed.payload, parsed.call);
  if (request === undefined) return ending('invalid', 'There is nothing to send.', { unusable });
  const { path, maxObjects, isIdempotent, queueOnFailure } = node.endpoint;
  if (Object.values(request.paths).flat().length > maxObjects) {
    return ending('invalid', `The request would hold more than ${maxObjects} objects.`, { unusable });
  }

  const outgoing = {
    node: node.node,
    stage: settings.STAGE,
    time: new Date(now).toISOString(),
    endpoint: path,
    replay_safe: isIdempotent(request.body, settings.REPLAY_IN_DOUBT),
    request: request.body,
  };
  const result = await sendOrQueue(outgoing, queueOnFailure, access, runtime, deadline);
  const report = result.kind === 'accepted' ? node.readResponse?.(result.accepted, parsed.payload) : undefined;
  if (report === undefined) return endingOf(result, request, unusable);
  // The keys of both, which the compiler does not see through a generic spread.
  const successOf = { ...SUCCESS_BY_OUTCOME, ...node.outcomes } as Readonly<Record<typeof report.outcome, Success>>;
  return { success: successOf[report.outcome], ...report, unusable, delivery: result };
};

const REFUSED = ending('misconfigured', 'The signature is missing, wrong or too old.', { status: 401 });

/** The envelope of a call over HTTPS, once its signature has proved whose it is (contract, section 7). */
const enter = async (
  call: SignedRequest,
  node: string,
  { parameters }: Runtime,
  deadline: Deadline,
): Promise<Envelope | Ending> => {
  const secrets = await parameters.nodeSecrets(deadline);
  if (!verifySignature(call.signature, node, call.body, secrets, Date.now())) return REFUSED;
  if (call.body.length > LARGEST_BODY) return ending('invalid', 'The body is larger than 256 KB.', { status: 413 });
  try {
    return parseEvent(JSON.parse(call.body.toString()));
  } catch {
    return ending('invalid', 'The body is not JSON.', { status: 400 });
  }
};

/** What is thrown and not known to be anyone else's to mend is a developer's. */
const endingOfError = (cause: unknown): Ending => {
  if (cause instanceof ConfigurationError)
    return ending('misconfigured', `${cause.message} ${keptOrNot(false)}`, { cause });
  const known = cause instanceof ParametersUnavailableError;
  return ending('unavailable', known ? cause.message : 'An internal fault; the log line names it.', { cause });
};

/**
 * Makes a node's declaration its Lambda handler, for direct invocation and behind the HTTP API alike. It always answers
 * with a flat object of strings, never throws, and never outlives its time deadline. The declaration stays readable on
 * it, for the tests and the documentation.
 */
export const defineNode = <P, const Own extends ExtraOutcomes = Record<never, Success>>(node: Node<P, Own>) => {
  let runtime: Runtime | undefined;

  // A literal async function of two parameters: Lambda's Node 24 refuses others, or answers `null` for them.
  return Object.assign(async (event: unknown, lambda?: Partial<LambdaContext>): Promise<Answer | HttpResponse> => {
    const began = performance.now();
    const call = parseSignedRequest(event);
    let envelope: Envelope | undefined;
    let end: Ending;
    try {
      runtime ??= createRuntime();
      const here = runtime;
      const deadline = invocationDeadline(lambda, here.settings.TIME_BUDGET_MS);
      const answering = async (): Promise<Ending> => {
        const inner = deadline.earlierBy(ANSWER_MARGIN_MS);
        const entered = call === undefined ? parseEvent(event) : await enter(call, node.node, here, inner);
        if ('outcome' in entered) return entered;
        envelope = entered;
        return pass(node, entered, here, inner);
      };
      end = await withDeadline(deadline, answering(), () => {
        throw new Error('The time deadline ended before the call did.');
      });
    } catch (cause) {
      end = endingOfError(cause);
    }
    const { outcome, unusable, delivery, cause, status } = end;
    logInvocation({
      node: node.node,
      service: runtime?.settings.SERVICE,
      stage: runtime?.settings.STAGE,
      outcome,
      http_status: status,
      chat_id: envelope?.context.chat_id,
      request_id: lambda?.awsRequestId,
      braze_status: delivery?.delivered?.status,
      attempts: delivery?.delivered?.attempts ?? 0,
      ssm_ms: runtime?.parameters.takeSsmWaitMs() ?? 0,
      braze_ms: delivery?.delivered?.brazeMs ?? 0,
      total_ms: Math.round(performance.now() - began),
      invalid_fields: unusable?.length ?? 0,
      ...(cause !== undefined && { error: serializeError(cause) }),
    });
    return call === undefined ? toAnswer(end) : toHttpResponse(status ?? 200, toAnswer(end));
  }, node);
};
