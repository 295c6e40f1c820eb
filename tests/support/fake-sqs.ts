import { createHash, randomUUID } from 'node:crypto';
import { createFaultQueue } from '../../emulators/fault-queue.ts';
import { isObject, isText, type JsonObject, parseJson } from '../../emulators/json.ts';
import { type Exchange, startServer } from '../../emulators/server.ts';

/** What SQS does instead of answering well; the last two happen after it has stored the message. */
export type SqsFault = 'reset' | '500' | 'hang' | 'reset-after' | '500-after';

/** A message that nobody has deleted. */
export interface QuickMessage {
  /** Changed by whoever wants a consumer not to know the message any more. */
  id: string;
  readonly body: string;
  readonly reason: string | undefined;
  /** How often it was received. */
  receives: number;
}

/** A queue whose messages lie open to the test, which plays the part of Lambda's poller. */
export class QuickQueue {
  readonly url: string;
  messages: QuickMessage[] = [];

  constructor(url: string) {
    this.url = url;
  }

  put(body: string, reason?: string): void {
    this.messages.push({ id: randomUUID(), body, reason, receives: 0 });
  }

  /** The event that Lambda makes of some messages. */
  deliver(messages: readonly QuickMessage[]): object {
    return {
      Records: messages.map((message) => {
        message.receives += 1;
        const { id, body, receives } = message;
        return {
          messageId: id,
          receiptHandle: randomUUID(),
          body,
          attributes: { ApproximateReceiveCount: String(receives) },
        };
      }),
    };
  }

  delete(ids: readonly string[]): void {
    this.messages = this.messages.filter(({ id }) => !ids.includes(id));
  }
}

export interface QuickSqs {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly url: string;
  readonly undelivered: QuickQueue;
  readonly deadLetters: QuickQueue;
  /** How many requests were answered or dropped. */
  readonly requests: number;
  /** Told of each text that was asked to be stored: whether it is, and whether the asker heard so. */
  onSend: (queue: QuickQueue, body: string, stored: boolean, told: boolean) => void;
  fault(fault: SqsFault, times?: number): void;
  clearFaults(): void;
  /** After so many more requests, nothing that is sent arrives any more: its sender has died. */
  dieAfter(requests: number): void;
  revive(): void;
  reset(): void;
  close(): Promise<void>;
}

/** How long a hanging request hangs. Whoever is less patient sees no end; the others need not wait for seconds. */
const HANG_MS = 150;

const ok = (body: JsonObject) => ({
  status: 200,
  headers: { 'Content-Type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
});

/**
 * An SQS of two queues on loopback that speaks as much of the JSON protocol as our code does (`SendMessage`,
 * `ChangeMessageVisibility`), a hundred times faster than a whole emulator, and that can fail between any two steps.
 */
export const startQuickSqs = async (): Promise<QuickSqs> => {
  const faults = createFaultQueue<SqsFault>();
  let requests = 0;
  let alive = Number.POSITIVE_INFINITY;

  const send = (queue: QuickQueue, body: string, reason: string | undefined, { send, reset, pause }: Exchange) => {
    const fault = alive <= 0 ? 'reset' : faults.take();
    alive -= 1;
    const stored = fault === undefined || fault === 'reset-after' || fault === '500-after';
    if (stored) queue.put(body, reason);
    sqs.onSend(queue, body, stored, fault === undefined);
    if (fault === 'hang') return pause(HANG_MS).then(reset);
    if (fault === 'reset' || fault === 'reset-after') return reset();
    if (fault !== undefined) return send({ status: 500, body: '{"__type":"InternalFailure"}' });
    const MD5OfMessageBody = createHash('md5').update(body).digest('hex');
    return send(ok({ MessageId: randomUUID(), MD5OfMessageBody }));
  };

  const server = await startServer(2_000_000, (exchange) => {
    requests += 1;
    const { headers, body } = exchange.received;
    const input = parseJson(String(body));
    const queue = [sqs.undelivered, sqs.deadLetters].find(({ url }) => isObject(input) && input.QueueUrl === url);
    if (!isObject(input) || queue === undefined) return exchange.send({ status: 400, body: '{"__type":"Unknown"}' });
    if (headers['x-amz-target'] === 'AmazonSQS.ChangeMessageVisibility') {
      return alive > 0 && faults.take() === undefined ? exchange.send(ok({})) : exchange.reset();
    }
    const { MessageBody: text, MessageAttributes: attributes } = input;
    if (!isText(text)) return exchange.send({ status: 400, body: '{"__type":"MissingParameter"}' });
    const reason = isObject(attributes) && isObject(attributes.reason) ? attributes.reason.StringValue : undefined;
    return send(queue, text, isText(reason) ? reason : undefined, exchange);
  });

  const sqs: QuickSqs = {
    url: server.url,
    undelivered: new QuickQueue(`${server.url}/000000000000/undelivered`),
    deadLetters: new QuickQueue(`${server.url}/000000000000/dead-letters`),
    get requests() {
      return requests;
    },
    onSend: () => {},
    fault: faults.add,
    clearFaults: faults.clear,
    dieAfter: (after) => {
      alive = after;
    },
    revive: () => {
      alive = Number.POSITIVE_INFINITY;
    },
    reset: () => {
      faults.clear();
      sqs.revive();
      sqs.undelivered.messages = [];
      sqs.deadLetters.messages = [];
    },
    close: server.close,
  };
  return sqs;
};
