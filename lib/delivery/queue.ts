import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { callAws } from '../aws.ts';
import type { Settings } from '../config/env.ts';
import type { Deadline } from '../deadline.ts';
import type { Reason } from './message.ts';

const LIMIT = { attempts: 3, perAttempt: 900 };

const operationOf = (name: string, queueUrl: string) => ({
  service: 'sqs' as const,
  target: `AmazonSQS.${name}`,
  origin: new URL(queueUrl).origin,
  ...LIMIT,
});

const LARGEST_MESSAGE = 1_024 * 1_024;

const escaped = (json: string, characters: RegExp): string =>
  json.replace(characters, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);

/**
 * Escapes what JSON may hold as it is, but SQS refuses with all that stands beside it: two characters at AWS, and
 * beyond the first 65,536 every one at local emulators; the latter only where the message still fits.
 */
const acceptable = (json: string): string => {
  const everywhere = escaped(json, /[\ud800-\udfff\ufffe\uffff]/g);
  return Buffer.byteLength(everywhere) <= LARGEST_MESSAGE ? everywhere : escaped(json, /[\ufffe\uffff]/g);
};

/**
 * Puts a JSON text into a queue, and returns once SQS has acknowledged it, and so holds it durably; throws otherwise.
 * The reason stands beside the text too, for whoever may count messages but not read them.
 */
export const send = async (
  text: string,
  reason: Reason,
  queueUrl: string,
  deadline: Deadline,
  settings: Settings,
): Promise<void> => {
  const MessageBody = acceptable(text);
  const MessageAttributes = { reason: { DataType: 'String', StringValue: reason } };
  // Only what tells us our own words is an acknowledgement of them.
  const MD5OfMessageBody = v.literal(createHash('md5').update(MessageBody).digest('hex'));
  const output = v.pipe(v.string(), v.parseJson(), v.object({ MD5OfMessageBody }));
  const operation = { ...operationOf('SendMessage', queueUrl), output };
  await callAws(operation, { QueueUrl: queueUrl, MessageBody, MessageAttributes }, settings, deadline);
};

/** Lets a received message wait longer before SQS delivers it again; throws where SQS does not agree. */
export const delayReturn = async (
  ReceiptHandle: string,
  seconds: number,
  queueUrl: string,
  deadline: Deadline,
  settings: Settings,
): Promise<void> => {
  const operation = { ...operationOf('ChangeMessageVisibility', queueUrl), output: v.string() };
  await callAws(operation, { QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: seconds }, settings, deadline);
};
