import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AwsError, callAws, clientOptions, describeStack } from '../aws.ts';
import { CliError } from '../cli.ts';
import { type Stage, toStackName } from '../service.ts';
import { type DeadLetter, parseDeadLetter } from './dead-letter.ts';

/** How long received messages stay hidden from other consumers, while a person reads and decides. */
const VISIBILITY_TIMEOUT_S = 900;
const BATCH_SIZE = 10;

/** The URL of a queue, from the outputs of the stage's stack. */
export const findQueueUrl = async (output: string, stage: Stage, region: string): Promise<string> => {
  const stack = toStackName(stage);
  const { outputs } = await describeStack(stage, region);
  const url = outputs.get(output);
  if (url !== undefined) return url;
  throw new CliError(`The stack ${stack} has no output ${output}. Deploy this version of the service first.`);
};

/** The dead-letter queue for one run of the command. Messages that were received and not handled are released. */
export class DeadLetterQueue {
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #held = new Map<string, DeadLetter>();
  #hiddenSince = 0;

  constructor(url: string, region: string) {
    const endpoint = process.env.AWS_ENDPOINT_URL_SQS || process.env.AWS_ENDPOINT_URL;
    this.#client = new SQSClient({ ...clientOptions(region), ...(endpoint && { endpoint }) });
    this.#url = url;
  }

  /** All messages of the queue, the oldest first; stops early when interrupted. */
  async receiveAll(interruption: AbortSignal): Promise<readonly DeadLetter[]> {
    this.#hiddenSince = performance.now();
    while (!interruption.aborted) {
      const before = this.#held.size;
      await this.#receive();
      if (this.#held.size === before) break;
    }
    return [...this.#held.values()].toSorted((a, b) => a.sentAt - b.sentAt);
  }

  async #receive(): Promise<void> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: BATCH_SIZE,
      VisibilityTimeout: VISIBILITY_TIMEOUT_S,
      // A short poll asks only some of SQS's servers and may find nothing in a queue that is not empty.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['reason'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    const { Messages = [] } = await callAws('sqs:ReceiveMessage', (options) => this.#client.send(command, options));
    for (const { MessageId = '', ReceiptHandle = '', Body = '', Attributes, MessageAttributes } of Messages) {
      const reason = MessageAttributes?.reason?.StringValue ?? '';
      const sentAt = Number(Attributes?.SentTimestamp);
      this.#held.set(MessageId, parseDeadLetter(MessageId, ReceiptHandle, Body, reason, sentAt));
    }
  }

  /** Keeps the messages hidden while a slow run goes on; cheap to call before each message. */
  async extendVisibility(): Promise<void> {
    if (performance.now() - this.#hiddenSince < (VISIBILITY_TIMEOUT_S * 1_000) / 2) return;
    this.#hiddenSince = performance.now();
    await this.#changeVisibility(VISIBILITY_TIMEOUT_S);
  }

  /** Copies a message to another queue, and deletes it here once SQS has acknowledged the copy. */
  async move(letter: DeadLetter, to: string, body = letter.body): Promise<void> {
    const MessageAttributes = { reason: { DataType: 'String', StringValue: letter.reason } };
    const command = new SendMessageCommand({ QueueUrl: to, MessageBody: body, MessageAttributes });
    await callAws('sqs:SendMessage', (options) => this.#client.send(command, options));
    await this.delete(
      letter,
      `Message ${letter.id} is in both queues now: it will be delivered, so do not redrive it again.`,
    );
  }

  async delete({ id, receiptHandle }: DeadLetter, advice?: string): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle });
    await callAws('sqs:DeleteMessage', (options) => this.#client.send(command, options), { advice });
    this.#held.delete(id);
  }

  /** Makes what was not handled visible again; returns why that failed, where it did. */
  async release(): Promise<string | undefined> {
    try {
      await this.#changeVisibility(0);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return `${error.message} Messages that were not handled are hidden for up to ${VISIBILITY_TIMEOUT_S / 60} minutes; none is lost.`;
    } finally {
      this.#client.destroy();
    }
  }

  async #changeVisibility(seconds: number): Promise<void> {
    const letters = [...this.#held.values()];
    for (let from = 0; from < letters.length; from += BATCH_SIZE) {
      const Entries = letters.slice(from, from + BATCH_SIZE).map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }));
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
      await callAws('sqs:ChangeMessageVisibility', (options) => this.#client.send(command, options));
    }
  }
}
