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

/** The records of an SQS event; none in what is no such event. A record without an id can't be answered for. */
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
