import type { Context as LambdaContext, SQSBatchResponse } from 'aws-lambda';
import type { Outcome } from '../answer.ts';
import { monotonicNow } from '../clock.ts';
import { invocationDeadline } from '../deadline.ts';
import { type Redelivery, redeliver } from '../delivery/redeliver.ts';
import { parseSqsRecords } from '../entry/sqs.ts';
import { ConfigurationError } from '../errors.ts';
import { createRuntime, initializeRuntime, type Runtime, writeToStdout } from '../runtime.ts';
import { logInvocation, serializeError } from './log.ts';

/** The function's own timeout; a batch takes seconds. */
const LONGEST_MS = 60_000;

/** The gravest of what happened in the batch, as a node would have answered it: alarms look for these words. */
const outcomeOf = ({ returned, reasons, cause }: Redelivery): Outcome => {
  if (reasons.has('misconfigured') || cause instanceof ConfigurationError) return 'misconfigured';
  if (reasons.has('in_doubt')) return 'in_doubt';
  if (returned.length > 0) return 'queued';
  return reasons.size > 0 ? 'partial' : 'sent';
};

/**
 * The handler that SQS feeds with the undelivered queue. It answers with the messages that go back to the queue
 * (partial batch response) and never throws: a thrown error would send back those that are delivered as well.
 */
export const createRedeliverHandler = (definition: { readonly name: string }, runtime?: Runtime) => {
  let current = runtime ?? initializeRuntime();

  return async (event: unknown, lambda?: Partial<LambdaContext>): Promise<SQSBatchResponse> => {
    const began = monotonicNow();
    const arrivals = parseSqsRecords(event);
    let redelivery: Redelivery;
    let outcome: Outcome;
    try {
      current ??= createRuntime();
      redelivery = await redeliver(arrivals, current, invocationDeadline(lambda, LONGEST_MS));
      outcome = outcomeOf(redelivery);
    } catch (cause) {
      outcome = cause instanceof ConfigurationError ? 'misconfigured' : 'unavailable';
      const returned = arrivals.map(({ messageId }) => messageId);
      redelivery = { returned, delivered: 0, parked: 0, reasons: new Set(), requests: 0, milliseconds: 0, cause };
    }
    const { returned, delivered, parked, requests, milliseconds, status, cause } = redelivery;
    const line = {
      node: definition.name,
      service: current?.settings.SERVICE,
      stage: current?.settings.STAGE,
      settings_ignored: current?.settings.ignored,
      outcome,
      request_id: lambda?.awsRequestId,
      braze_status: status,
      delivered,
      parked,
      returned: returned.length,
      requests,
      ssm_ms: current?.parameters.takeSsmWaitMs() ?? 0,
      braze_ms: milliseconds,
      total_ms: Math.round(monotonicNow() - began),
      ...(cause !== undefined && { error: serializeError(cause) }),
    };
    logInvocation(line, true, current?.write ?? writeToStdout);
    return { batchItemFailures: returned.map((itemIdentifier) => ({ itemIdentifier })) };
  };
};
