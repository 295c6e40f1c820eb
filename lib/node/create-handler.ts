import type { Context as LambdaContext } from 'aws-lambda';
import { type Answer, toAnswer } from '../answer.ts';
import { monotonicNow } from '../clock.ts';
import { type Deadline, toInvocationDeadline, withDeadline } from '../deadline.ts';
import { type Envelope, parseEvent } from '../entry/event.ts';
import { type HttpResponse, parseSignedRequest, type SignedRequest, toHttpResponse } from '../entry/http.ts';
import { parseSignatureHeader, verifySignature } from '../entry/signature.ts';
import type { IdentifierName } from '../payload/identity.ts';
import { countReasons, type InvalidReason } from '../payload/invalid-reason.ts';
import { createRuntime, initializeRuntime, type Runtime, writeToStdout } from '../runtime.ts';
import { AnswerCache } from './answer-cache.ts';
import { type CallResult, createResult, endWith, errorToResult, type Step } from './call-result.ts';
import type { ExtraOutcomes, NodeDefinition } from './definition.ts';
import { type CallRecord, handleCall } from './handle-call.ts';
import { logInvocation, serializeError } from './log.ts';
import { RecentAnswers } from './recent-answers.ts';

/** Time for writing the log line and returning the answer. */
const ANSWER_MARGIN_MS = 25;
/** The limit for an HTTPS call. */
const MAX_BODY_BYTES = 256 * 1_024;

const UNAUTHORIZED = createResult('misconfigured', 'The signature is missing, wrong or too old.', { httpStatus: 401 });

/** Verifies the signature of an HTTPS call. */
const verifyCall = async (
  { signature, body }: SignedRequest,
  node: string,
  { parameters }: Runtime,
  deadline: Deadline,
): Promise<boolean> => {
  const header = parseSignatureHeader(signature, Date.now());
  return header !== undefined && verifySignature(header, node, body, await parameters.getNodeSecrets(deadline));
};

const parseBody = (body: Buffer): Step<Envelope> => {
  if (body.length > MAX_BODY_BYTES) return endWith('invalid', 'The body is larger than 256 KB.', { httpStatus: 413 });
  try {
    return { kind: 'continue', value: parseEvent(JSON.parse(body.toString())) };
  } catch {
    return endWith('invalid', 'The body is not JSON.', { httpStatus: 400 });
  }
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

  // Two parameters, because Lambda's Node.js 24 runtime rejects handlers with a third one, the former callback.
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
  return async (event: unknown, lambda?: Partial<LambdaContext>): Promise<Answer | HttpResponse> => {
    const startedAt = monotonicNow();
    const signedRequest = parseSignedRequest(event);
    const record: CallRecord = {};
    let isAuthentic = signedRequest === undefined;
    let result: CallResult;
    try {
      current ??= createRuntime();
      const activeRuntime = current;
      const deadline = toInvocationDeadline(lambda, activeRuntime.settings.TIME_BUDGET_MS);
      const run = async (): Promise<CallResult> => {
        const callDeadline = deadline.earlierBy(ANSWER_MARGIN_MS);
        if (signedRequest !== undefined) {
          isAuthentic = await verifyCall(signedRequest, definition.name, activeRuntime, callDeadline);
          if (!isAuthentic) return UNAUTHORIZED;
        }
        const envelope: Step<Envelope> =
          signedRequest === undefined ? { kind: 'continue', value: parseEvent(event) } : parseBody(signedRequest.body);
        if (envelope.kind === 'end') return envelope.result;
        record.envelope = envelope.value;
        if (signedRequest !== undefined) record.callId = envelope.value.context.call_id;
        const earlier = record.callId === undefined ? undefined : recentAnswers.get(record.callId);
        if (earlier !== undefined) return { ...earlier, isRepeated: true };
        return handleCall(definition, envelope.value, { runtime: activeRuntime, cache }, callDeadline, record);
      };
      result = await withDeadline(deadline, run(), () => {
        // A bug: every step of a call ends before `callDeadline`.
        throw new Error('The deadline passed before the call ended.');
      });
    } catch (cause) {
      result = errorToResult(cause);
    }
    const { outcome, invalid, delivery, cause, httpStatus, isRepeated, isCached } = result;
    const reasons: InvalidReason[] = [...(invalid?.values() ?? [])];
    if (record.identity === 'typed') reasons.push('not_verified');
    const line = {
      node: definition.name,
      service: current?.settings.SERVICE,
      stage: current?.settings.STAGE,
      settings_ignored: current?.settings.ignored,
      outcome,
      http_status: httpStatus,
      chat_id: record.envelope?.context.chat_id,
      request_id: lambda?.awsRequestId,
      braze_status: delivery?.exchange?.status,
      attempts: delivery?.exchange?.attempts ?? 0,
      ssm_ms: current?.parameters.takeSsmWaitMs() ?? 0,
      braze_ms: delivery?.exchange?.brazeMs ?? 0,
      total_ms: Math.round(monotonicNow() - startedAt),
      invalid_fields: invalid?.size ?? 0,
      ...(reasons.length > 0 && { invalid_reasons: countReasons(reasons) }),
      identity: record.identity,
      repeated: isRepeated,
      cached: isCached,
      ...(cause !== undefined && { error: serializeError(cause) }),
    };
    logInvocation(line, isAuthentic, current?.write ?? writeToStdout);
    const answer = toAnswer({ ...result, identity: record.identity });
    if (record.callId !== undefined && !isRepeated) recentAnswers.set(record.callId, result.success, answer);
    return signedRequest === undefined ? answer : toHttpResponse(httpStatus ?? 200, answer);
  };
};
