import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { callAws } from '../aws.ts';
import type { Settings } from '../config/env.ts';
import type { Deadline } from '../deadline.ts';
import type { Reason } from './message.ts';

const SQS_RETRY = { attempts: 3, perAttempt: 900 };

const operationOf = (name: string, queueUrl: string) => ({
  service: 'sqs' as const,
  target: `AmazonSQS.${name}`,
  origin: new URL(queueUrl).origin,
  ...SQS_RETRY,
});

const MAX_MESSAGE_BYTES = 1_024 * 1_024;

const escaped = (json: string, characters: RegExp): string =>
  json.replace(characters, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

/**
 * Escapes what JSON may hold as it is, but SQS refuses with all that stands beside it: two characters at AWS, and
 * beyond the first 65,536 every one at local emulators; the latter only where the message still fits.
 */
const escapeForSqs = (json: string): string => {
  const everywhere = escaped(json, /[\ud800-\udfff\ufffe\uffff]/g);
  return Buffer.byteLength(everywhere) <= MAX_MESSAGE_BYTES ? everywhere : escaped(json, /[\ufffe\uffff]/g);
};

/**
 * Puts a JSON text into a queue, and returns once SQS has acknowledged it, and so holds it durably; throws otherwise.
 * The reason stands beside the text too, for whoever may count messages but not read them.
 */
export const sendMessage = async (
  text: string,
  reason: Reason,
  queueUrl: string,
  deadline: Deadline,
  settings: Settings,
): Promise<void> => {
  const MessageBody = escapeForSqs(text);
  const MessageAttributes = { reason: { DataType: 'String', StringValue: reason } };
  // Only what tells us our own words is an acknowledgement of them.
  const MD5OfMessageBody = v.literal(createHash('md5').update(MessageBody).digest('hex'));
  const output = v.pipe(v.string(), v.parseJson(), v.object({ MD5OfMessageBody }));
  const operation = { ...operationOf('SendMessage', queueUrl), output };
  await callAws(operation, { QueueUrl: queueUrl, MessageBody, MessageAttributes }, settings, deadline);
};

/** Lets a received message wait longer before SQS delivers it again; throws where SQS does not agree. */
export const changeVisibility = async (
  ReceiptHandle: string,
  seconds: number,
  queueUrl: string,
  deadline: Deadline,
  settings: Settings,
): Promise<void> => {
  const operation = { ...operationOf('ChangeMessageVisibility', queueUrl), output: v.string() };
  await callAws(operation, { QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: seconds }, settings, deadline);
};

/** The undelivered queue is sent again by itself, the dead-letter queue waits for an operator. */
export type QueueName = 'UNDELIVERED_QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL';

/** Whether SQS has acknowledged a text and so holds it; `cause` where it was asked and did not. Never throws. */
export const tryEnqueue = async (
  queue: QueueName,
  text: string,
  reason: Reason,
  settings: Settings,
  deadline: Deadline,
): Promise<{ readonly enqueued: boolean; readonly cause?: unknown }> => {
  const url = settings[queue];
  if (url === undefined) return { enqueued: false };
  try {
    await sendMessage(text, reason, url, deadline, settings);
    return { enqueued: true };
  } catch (cause) {
    return { enqueued: false, cause };
  }
};
