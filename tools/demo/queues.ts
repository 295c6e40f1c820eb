import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { isObject, type JsonObject, parseJson } from '../../emulators/json.ts';

/** A message that a function put into a queue. */
export interface QueuedMessage {
  readonly queue: 'undelivered' | 'dead-letter';
  readonly body: JsonObject;
  readonly received: Message;
}

/** The two queues of a stage, in the local SQS. */
export const openQueues = async (endpoint: string, region: string) => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region, credentials });
  const create = async (QueueName: string): Promise<string> => {
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName }));
    return QueueUrl;
  };
  const [undeliveredUrl, deadLetterUrl] = await Promise.all([create('undelivered'), create('dead-letters')]);
  const receiveFrom = async (queue: QueuedMessage['queue'], QueueUrl: string): Promise<readonly QueuedMessage[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    const { Messages = [] } = await client.send(command);
    return Messages.map((received) => {
      const body = parseJson(received.Body ?? '');
      return { queue, body: isObject(body) ? body : {}, received };
    });
  };
  return {
    undeliveredUrl,
    deadLetterUrl,
    receive: async (): Promise<readonly QueuedMessage[]> => {
      const all = await Promise.all([
        receiveFrom('undelivered', undeliveredUrl),
        receiveFrom('dead-letter', deadLetterUrl),
      ]);
      return all.flat();
    },
    close: () => client.destroy(),
  };
};

/** The event with which Lambda hands messages of the undelivered queue to `redeliver`. */
export const toSqsEvent = (messages: readonly QueuedMessage[]) => ({
  Records: messages.map(({ received }) => ({
    messageId: received.MessageId,
    receiptHandle: received.ReceiptHandle,
    body: received.Body,
    attributes: received.Attributes,
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:undelivered',
    awsRegion: 'us-east-1',
  })),
});
