import type { Deadline } from '../deadline.ts';
import type { Runtime } from '../runtime.ts';
import type { Reason } from './message.ts';

/** Messages of the undelivered queue are retried; those of the dead-letter queue wait for an operator. */
export type QueueName = 'UNDELIVERED_QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_MESSAGE_BYTES = 1_024 * 1_024;

const escapeCharacters = (json: string, characters: RegExp): string =>
  json.replace(characters, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

/**
 * Escapes characters that are valid in JSON but make SQS reject a message: U+FFFE and U+FFFF, and in local emulators
 * those above U+FFFF, which are escaped if the message still fits.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const escapeForSqs = (json: string): string => {
  const escaped = escapeCharacters(json, /[\ud800-\udfff\ufffe\uffff]/g);
  return Buffer.byteLength(escaped) <= MAX_MESSAGE_BYTES ? escaped : escapeCharacters(json, /[\ufffe\uffff]/g);
};

/**
 * Puts a JSON text into a queue. `enqueued` if SQS has acknowledged it; `cause` if the call failed. The reason is also a
 * message attribute, so that messages can be counted without the permission to decrypt them. Never throws.
 */
export const tryEnqueue = async (
  queue: QueueName,
  text: string,
  reason: Reason,
  { settings, getSqs }: Runtime,
  deadline: Deadline,
): Promise<{ readonly enqueued: boolean; readonly cause?: unknown }> => {
  const QueueUrl = settings[queue];
  if (QueueUrl === undefined) return { enqueued: false };
  const MessageAttributes = { reason: { DataType: 'String', StringValue: reason } };
  try {
    await getSqs(QueueUrl).sendMessage({ QueueUrl, MessageBody: escapeForSqs(text), MessageAttributes }, deadline);
    return { enqueued: true };
  } catch (cause) {
    return { enqueued: false, cause };
  }
};

/**
 * Changes the visibility timeout of a message in the undelivered queue; `cause` if the call failed, and the message then
 * comes back after the queue's own visibility timeout. Never throws.
 */
export const tryChangeVisibility = async (
  ReceiptHandle: string,
  VisibilityTimeout: number,
  { settings, getSqs }: Runtime,
  deadline: Deadline,
): Promise<{ readonly cause?: unknown }> => {
  const QueueUrl = settings.UNDELIVERED_QUEUE_URL;
  if (QueueUrl === undefined) return {};
  try {
    await getSqs(QueueUrl).changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }, deadline);
    return {};
  } catch (cause) {
    return { cause };
  }
};
