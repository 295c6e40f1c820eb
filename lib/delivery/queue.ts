import type { Deadline } from '../deadline.ts';
import type { Runtime } from '../runtime.ts';
import type { Reason } from './message.ts';

/** The undelivered queue is sent again by itself, the dead-letter queue waits for an operator. */
export type QueueName = 'UNDELIVERED_QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_MESSAGE_BYTES = 1_024 * 1_024;

const escapeCharacters = (json: string, characters: RegExp): string =>
  json.replace(characters, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

/**
 * Escapes characters that JSON may hold but for which SQS refuses the message: U+FFFE and U+FFFF at AWS, and all beyond
 * the first 65,536 in local emulators; the latter only where the message still fits.
 */
const escapeForSqs = (json: string): string => {
  const escaped = escapeCharacters(json, /[\ud800-\udfff\ufffe\uffff]/g);
  return Buffer.byteLength(escaped) <= MAX_MESSAGE_BYTES ? escaped : escapeCharacters(json, /[\ufffe\uffff]/g);
};

/**
 * Whether SQS has acknowledged a JSON text, and so holds it durably; `cause` where it was asked and did not. The reason
 * stands beside the text too, for whoever may count messages but not read them. Never throws.
 */
export const tryEnqueue = async (
  queue: QueueName,
  text: string,
  reason: Reason,
  { settings, sqs }: Runtime,
  deadline: Deadline,
): Promise<{ readonly enqueued: boolean; readonly cause?: unknown }> => {
  const QueueUrl = settings[queue];
  if (QueueUrl === undefined) return { enqueued: false };
  const MessageAttributes = { reason: { DataType: 'String', StringValue: reason } };
  try {
    await sqs(QueueUrl).sendMessage({ QueueUrl, MessageBody: escapeForSqs(text), MessageAttributes }, deadline);
    return { enqueued: true };
  } catch (cause) {
    return { enqueued: false, cause };
  }
};

/**
 * Lets a message of the undelivered queue wait so long before SQS delivers it again. What SQS threw, where it did not
 * agree: then the message comes back all the same, after the queue's own visibility timeout. Never throws.
 */
export const tryChangeVisibility = async (
  ReceiptHandle: string,
  VisibilityTimeout: number,
  { settings, sqs }: Runtime,
  deadline: Deadline,
): Promise<unknown> => {
  const QueueUrl = settings.UNDELIVERED_QUEUE_URL;
  if (QueueUrl === undefined) return undefined;
  try {
    await sqs(QueueUrl).changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }, deadline);
    return undefined;
  } catch (cause) {
    return cause;
  }
};
