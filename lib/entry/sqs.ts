import * as v from 'valibot';
import type { QueueRecord } from '../delivery/settlement.ts';

const Receives = v.fallback(v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1)), 1);
const Record = v.object({
  messageId: v.string(),
  receiptHandle: v.fallback(v.string(), ''),
  body: v.fallback(v.string(), ''),
  attributes: v.fallback(v.object({ ApproximateReceiveCount: Receives }), { ApproximateReceiveCount: 1 }),
});
const Event = v.object({ Records: v.array(v.unknown()) });

/**
 * Parses the records of an SQS event; any other event has none. A record without an id is dropped, because
 * `batchItemFailures` cannot name it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const parseSqsRecords = (event: unknown): readonly QueueRecord[] => {
  const { success, output } = v.safeParse(Event, event);
  if (!success) return [];
  return output.Records.flatMap((record) => {
    const read = v.safeParse(Record, record);
    if (!read.success) return [];
    const { messageId, receiptHandle, body, attributes } = read.output;
    return [{ messageId, receiptHandle, body, receiveCount: attributes.ApproximateReceiveCount }];
  });
};
