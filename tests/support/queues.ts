import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueRecord } from '../../lib/delivery/redeliver.ts';

export const LOCAL_AWS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_SQS: process.env.TEST_SQS_URL ?? '',
};

Object.assign(process.env, LOCAL_AWS);

/** What lies in a queue, as whoever looks into it sees it. */
export interface Lying {
  readonly body: string;
  readonly reason: string | undefined;
}

/** A queue of the local SQS that nobody else uses. */
export class TestQueue {
  readonly url: string;
  readonly #client: SQSClient;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.url = url;
  }

  async put(body: string, reason?: string): Promise<void> {
    const MessageAttributes = reason === undefined ? {} : { reason: { DataType: 'String', StringValue: reason } };
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body, MessageAttributes }));
  }

  /** Up to ten messages as Lambda hands them on; they stay invisible. */
  async arrivals(): Promise<readonly QueueRecord[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    const { Messages = [] } = await this.#client.send(command);
    return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      receives: Number(Attributes?.ApproximateReceiveCount),
    }));
  }

  /** Takes everything out that is visible. */
  async drain(): Promise<readonly Lying[]> {
    const all: Lying[] = [];
    for (;;) {
      const command = new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      });
      const { Messages = [] } = await this.#client.send(command);
      if (Messages.length === 0) return all;
      for (const { Body = '', ReceiptHandle, MessageAttributes } of Messages) {
        all.push({ body: Body, reason: MessageAttributes?.reason?.StringValue });
        await this.#client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
      }
    }
  }

  /** How many can be received, and how many are out with someone. */
  async counts(): Promise<{ readonly visible: number; readonly out: number }> {
    const { Attributes } = await this.#client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['All'] }),
    );
    return {
      visible: Number(Attributes?.ApproximateNumberOfMessages),
      out: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    };
  }
}

const client = new SQSClient({ region: 'us-east-1', endpoint: LOCAL_AWS.AWS_ENDPOINT_URL_SQS });
afterAll(() => client.destroy());

export const makeQueue = async (name = 'queue'): Promise<TestQueue> => {
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: `${name}-${randomUUID()}` }));
  return new TestQueue(client, QueueUrl);
};
