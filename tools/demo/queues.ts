import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { isObject, type Json, type JsonObject, parseJson } from '../../emulators/json.ts';

/** A message that a function put into a queue. */
export interface Kept {
  readonly queue: 'undelivered' | 'dead-letter';
  /** The message attribute, by which an operator counts without reading. */
  readonly reason: string | undefined;
  readonly message: JsonObject;
  readonly received: Message;
}

/** The two queues of a stage, in the local SQS. */
export interface Queues {
  readonly undeliveredUrl: string;
  readonly deadLetterUrl: string;
  /** Everything that is in them, received as their consumer would. */
  receive(): Promise<readonly Kept[]>;
  /** What Lambda does after a batch: deletes each message that the function did not send back. */
  settle(batch: readonly Kept[], answer: JsonObject): Promise<void>;
  close(): void;
}

const MOST = 10;

export const openQueues = async (endpoint: string, environment: NodeJS.ProcessEnv): Promise<Queues> => {
  const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const client = new SQSClient({ endpoint, region: AWS_REGION, credentials });
  const create = async (QueueName: string): Promise<string> => {
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName }));
    return QueueUrl;
  };
  const [undeliveredUrl, deadLetterUrl] = await Promise.all([create('undelivered'), create('dead-letters')]);

  const receiveFrom = async (queue: Kept['queue'], QueueUrl: string): Promise<readonly Kept[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: MOST,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages.map((received) => {
      const body = parseJson(received.Body ?? '');
      const reason = received.MessageAttributes?.reason?.StringValue;
      return { queue, reason, message: isObject(body) ? body : {}, received };
    });
  };

  return {
    undeliveredUrl,
    deadLetterUrl,
    receive: async () =>
      (
        await Promise.all([receiveFrom('undelivered', undeliveredUrl), receiveFrom('dead-letter', deadLetterUrl)])
      ).flat(),
    settle: async (batch, { batchItemFailures }) => {
      const failed = new Set(
        (Array.isArray(batchItemFailures) ? batchItemFailures : []).map((failure) => failure.itemIdentifier),
      );
      const done = batch.filter(({ received }) => !failed.has(received.MessageId));
      await Promise.all(
        done.map(({ received }) =>
          client.send(new DeleteMessageCommand({ QueueUrl: undeliveredUrl, ReceiptHandle: received.ReceiptHandle })),
        ),
      );
    },
    close: () => client.destroy(),
  };
};

/** The event with which Lambda hands messages of the undelivered queue to `redeliver`. */
export const toSqsEvent = (batch: readonly Kept[]): { readonly [key: string]: Json } => ({
  Records: batch.map(({ received, reason = '' }) => ({
    messageId: received.MessageId ?? '',
    receiptHandle: received.ReceiptHandle ?? '',
    body: received.Body ?? '',
    attributes: { ...received.Attributes },
    messageAttributes: { reason: { stringValue: reason, dataType: 'String' } },
    md5OfBody: received.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:undelivered',
    awsRegion: 'us-east-1',
  })),
});
