import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfiguration } from '../aws.ts';
import type { Budget } from '../budget.ts';
import type { Settings } from '../settings.ts';
import type { Reason } from './message.ts';

const LIMIT = { attempts: 3, perAttempt: 900 };

const clients = new WeakMap<Settings, SQSClient>();
const clientOf = (settings: Settings): SQSClient => {
  const client =
    clients.get(settings) ?? new SQSClient(clientConfiguration(settings, settings.AWS_ENDPOINT_URL_SQS, LIMIT));
  clients.set(settings, client);
  return client;
};

const ending = (budget: Budget) => ({ abortSignal: AbortSignal.timeout(Math.ceil(budget.left())) });

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
  budget: Budget,
  settings: Settings,
): Promise<void> => {
  const MessageAttributes = { reason: { DataType: 'String', StringValue: reason } };
  const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: acceptable(text), MessageAttributes });
  await clientOf(settings).send(command, ending(budget));
};

/** Lets a received message wait longer before SQS delivers it again; throws where SQS does not agree. */
export const delayReturn = async (
  ReceiptHandle: string,
  seconds: number,
  queueUrl: string,
  budget: Budget,
  settings: Settings,
): Promise<void> => {
  const command = new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: seconds });
  await clientOf(settings).send(command, ending(budget));
};
