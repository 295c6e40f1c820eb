import {
  ChangeMessageVisibilityCommand,
  type ChangeMessageVisibilityCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Deadline } from '../deadline.ts';
import type { SendOnce } from '../http.ts';
import { createAwsClientOptions, createRequestHandler } from './aws.ts';
import type { Settings } from './env.ts';

/** The operations of SQS that functions call. Each throws what the SDK throws. */
export interface Sqs {
  /** Resolves when SQS has acknowledged the message; the SDK compares the MD5 of the body. */
  sendMessage(input: SendMessageCommandInput, deadline: Deadline): Promise<void>;
  changeMessageVisibility(input: ChangeMessageVisibilityCommandInput, deadline: Deadline): Promise<void>;
}

const MAX_ATTEMPTS = 3;
const ATTEMPT_TIMEOUT_MS = 900;
/** With less time, no call is made: SQS could store the message without our seeing the acknowledgement. */
const MIN_CALL_MS = 5;

/** A signal that aborts a call and its retries at the deadline. */
const createSignal = (deadline: Deadline): AbortSignal => {
  const remainingMs = deadline.remainingMs();
  if (remainingMs < MIN_CALL_MS) throw new DOMException('No time is left to call SQS.', 'TimeoutError');
  return AbortSignal.timeout(Math.floor(remainingMs));
};

/** Creates a client for the queues at `origin`, or at the endpoint of the environment variables. */
export const createSqs = (settings: Settings, origin: string, send: SendOnce): Sqs => {
  const client = new SQSClient({
    ...createAwsClientOptions(settings, settings.AWS_ENDPOINT_URL_SQS ?? settings.AWS_ENDPOINT_URL ?? origin),
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: createRequestHandler(send, ATTEMPT_TIMEOUT_MS),
  });
  return {
    sendMessage: async (input, deadline) => {
      await client.send(new SendMessageCommand(input), { abortSignal: createSignal(deadline) });
    },
    changeMessageVisibility: async (input, deadline) => {
      await client.send(new ChangeMessageVisibilityCommand(input), { abortSignal: createSignal(deadline) });
    },
  };
};
