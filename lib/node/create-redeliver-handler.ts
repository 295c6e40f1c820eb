import type { Context as LambdaContext, SQSBatchResponse } from 'aws-lambda';
import type { Outcome } from '../answer.ts';
import type { Endpoint } from '../braze/endpoint.ts';
import { monotonicNow } from '../clock.ts';
import { toInvocationDeadline } from '../deadline.ts';
import { type BatchReport, redeliverBatch } from '../delivery/redeliver-batch.ts';
import { RedeliveryMemory } from '../delivery/redelivery-memory.ts';
import { parseSqsRecords } from '../entry/sqs.ts';
import { ConfigurationError } from '../errors.ts';
import { createRuntime, initializeRuntime, type Runtime, writeToStdout } from '../runtime.ts';
import { logInvocation, serializeError } from './log.ts';

/** The function's timeout; a batch takes seconds. */
const MAX_BATCH_MS = 60_000;

/** The most serious result of a batch, as an outcome of nodes, because alarms are defined on those. */
const toOutcome = ({ failedIds, reasons, endedEarly, cause }: BatchReport): Outcome => {
  if (reasons.has('misconfigured') || cause instanceof ConfigurationError) return 'misconfigured';
  if (endedEarly) return 'unavailable';
  if (reasons.has('in_doubt')) return 'in_doubt';
  if (failedIds.length > 0) return 'queued';
  return reasons.size > 0 ? 'partial' : 'sent';
};

export interface RedeliverDefinition {
  readonly name: string;
  readonly description: string;
  /** The nodes whose requests may be sent. */
  readonly nodes: readonly { readonly endpoint: Endpoint }[];
}

/**
 * Creates the handler for the messages of the undelivered queue. It returns the messages that go back to the queue
 * (partial batch response), and never throws, because SQS would then deliver all messages again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const createRedeliverHandler = ({ name, nodes }: RedeliverDefinition, runtime?: Runtime) => {
  let current = runtime ?? initializeRuntime();
  const endpoints = nodes.map(({ endpoint }) => endpoint);
  const memory = new RedeliveryMemory();

  return async (event: unknown, lambda?: Partial<LambdaContext>): Promise<SQSBatchResponse> => {
    const startedAt = monotonicNow();
    const records = parseSqsRecords(event);
    let report: BatchReport;
    try {
      current ??= createRuntime();
      const deadline = toInvocationDeadline(lambda, MAX_BATCH_MS);
      report = await redeliverBatch(records, { endpoints, runtime: current, memory }, deadline);
    } catch (cause) {
      const failedIds = records.map(({ messageId }) => messageId);
      report = {
        failedIds,
        delivered: 0,
        deadLettered: 0,
        superseded: 0,
        reasons: new Set(),
        endedEarly: true,
        requests: 0,
        brazeMs: 0,
        cause,
      };
    }
    const { failedIds, delivered, deadLettered, superseded, requests, brazeMs, status, cause } = report;
    const line = {
      node: name,
      service: current?.settings.SERVICE,
      stage: current?.settings.STAGE,
      settings_ignored: current?.settings.ignored,
      outcome: toOutcome(report),
      request_id: lambda?.awsRequestId,
      braze_status: status,
      delivered,
      dead_lettered: deadLettered,
      superseded,
      returned: failedIds.length,
      requests,
      ssm_ms: current?.parameters.takeSsmWaitMs() ?? 0,
      braze_ms: brazeMs,
      total_ms: Math.round(monotonicNow() - startedAt),
      ...(cause !== undefined && { error: serializeError(cause) }),
    };
    logInvocation(line, true, current?.write ?? writeToStdout);
    return { batchItemFailures: failedIds.map((itemIdentifier) => ({ itemIdentifier })) };
  };
};
