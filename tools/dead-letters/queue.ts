import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { call, clientSettings, failureOf, orStop } from '../aws.ts';
import { Stop } from '../cli.ts';
import { type Stage, stackOf } from '../service.ts';
import { type Letter, letterOf } from './dead-letter.ts';

/** How long what was received stays hidden from others, while a person reads and decides. */
const HIDDEN_S = 900;
const BATCH = 10;

/** The URL of a queue, as the stage's stack tells it. */
export const findQueue = async (output: string, stage: Stage, region: string): Promise<string> => {
  const client = new CloudFormationClient(clientSettings(region));
  const command = new DescribeStacksCommand({ StackName: stackOf(stage) });
  const { Stacks = [] } = await orStop(
    'cloudformation:DescribeStacks',
    call((options) => client.send(command, options)),
    ({ name }) =>
      name === 'ValidationError'
        ? `There is no stack ${stackOf(stage)} in ${region}. Deploy it, or say another --region or --queue-url.`
        : undefined,
  );
  const found = Stacks.flatMap(({ Outputs = [] }) => Outputs).find(({ OutputKey }) => OutputKey === output);
  if (found?.OutputValue !== undefined) return found.OutputValue;
  throw new Stop(`The stack ${stackOf(stage)} has no output ${output}. Deploy this version of the service first.`);
};

/** The dead-letter queue as one run of the command sees it. What it has seen and not handled, it gives back. */
export class DeadLetterQueue {
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #held = new Map<string, Letter>();

  constructor(url: string, region: string) {
    const endpoint = process.env.AWS_ENDPOINT_URL_SQS || process.env.AWS_ENDPOINT_URL;
    this.#client = new SQSClient({ ...clientSettings(region), ...(endpoint && { endpoint }) });
    this.#url = url;
  }

  /** Everything that lies there, the oldest first; stops early when interrupted. */
  async receiveAll(interruption: AbortSignal): Promise<readonly Letter[]> {
    while (!interruption.aborted) {
      const before = this.#held.size;
      await this.#receive();
      // Nothing, or only what was hidden for too short a time.
      if (this.#held.size === before) break;
    }
    return [...this.#held.values()].toSorted((a, b) => a.sent - b.sent);
  }

  async #receive(): Promise<void> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: BATCH,
      VisibilityTimeout: HIDDEN_S,
      // A short poll may find nothing in a queue that holds something.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['reason'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    const { Messages = [] } = await orStop(
      'sqs:ReceiveMessage',
      call((options) => this.#client.send(command, options)),
    );
    for (const { MessageId = '', ReceiptHandle = '', Body = '', Attributes, MessageAttributes } of Messages) {
      const reason = MessageAttributes?.reason?.StringValue ?? '';
      const sent = Number(Attributes?.SentTimestamp);
      this.#held.set(MessageId, letterOf(MessageId, ReceiptHandle, Body, reason, sent));
    }
  }

  /** Puts a copy into another queue, and only once SQS has acknowledged that, takes the message out of this one. */
  async move(letter: Letter, to: string): Promise<void> {
    const MessageAttributes = { reason: { DataType: 'String', StringValue: letter.reason } };
    const command = new SendMessageCommand({ QueueUrl: to, MessageBody: letter.body, MessageAttributes });
    await orStop(
      'sqs:SendMessage',
      call((options) => this.#client.send(command, options)),
    );
    await this.delete(
      letter,
      `Message ${letter.id} is in both queues now: it is sent again, so do not redrive it once more.`,
    );
  }

  async delete({ id, receiptHandle }: Letter, otherwise = ''): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle });
    await orStop(
      'sqs:DeleteMessage',
      call((options) => this.#client.send(command, options)),
      ({ sentence }) => `${sentence} ${otherwise}`.trimEnd(),
    );
    this.#held.delete(id);
  }

  /** Lets others see again what was not handled; returns why that failed, where it did. */
  async giveBack(): Promise<string | undefined> {
    const letters = [...this.#held.values()];
    try {
      for (let from = 0; from < letters.length; from += BATCH) {
        const Entries = letters.slice(from, from + BATCH).map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        }));
        const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
        await call((options) => this.#client.send(command, options));
      }
      return undefined;
    } catch (error) {
      const { sentence } = failureOf(error, 'sqs:ChangeMessageVisibility');
      return `${sentence} What was not handled is hidden for up to ${HIDDEN_S / 60} minutes; nothing is lost.`;
    } finally {
      this.#client.destroy();
    }
  }
}
