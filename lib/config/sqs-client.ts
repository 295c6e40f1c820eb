import {
  ChangeMessageVisibilityCommand,
  type ChangeMessageVisibilityCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Deadline } from '../deadline.ts';
import type { SendOnce } from '../http.ts';
import { awsClientOptions, createRequestHandler } from './aws.ts';
import type { Settings } from './env.ts';

/** SQS, as far as a function calls it. Each call throws what the SDK throws. */
export interface Sqs {
  /** Returns once SQS has acknowledged the very text, and so holds it durably. */
  sendMessage(input: SendMessageCommandInput, deadline: Deadline): Promise<void>;
  changeMessageVisibility(input: ChangeMessageVisibilityCommandInput, deadline: Deadline): Promise<void>;
}

const MAX_ATTEMPTS = 3;
const ATTEMPT_TIMEOUT_MS = 900;
/** A shorter call is not begun: SQS might store a message, and nobody would see the acknowledgement. */
const MIN_CALL_MS = 5;

/** Ends a call and its retries with the deadline. */
const signalAt = (deadline: Deadline): AbortSignal => {
  const remainingMs = deadline.remainingMs();
  if (remainingMs < MIN_CALL_MS) throw new DOMException('No time is left to call SQS.', 'TimeoutError');
  return AbortSignal.timeout(Math.floor(remainingMs));
};

/** A client for the queues at `origin`, unless the environment names another endpoint. */
export const createSqs = (settings: Settings, origin: string, send: SendOnce): Sqs => {
  const client = new SQSClient({
    ...awsClientOptions(settings, settings.AWS_ENDPOINT_URL_SQS ?? settings.AWS_ENDPOINT_URL ?? origin),
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: createRequestHandler(send, ATTEMPT_TIMEOUT_MS),
  });
  return {
    sendMessage: async (input, deadline) => {
      await client.send(new SendMessageCommand(input), { abortSignal: signalAt(deadline) });
    },
    changeMessageVisibility: async (input, deadline) => {
      await client.send(new ChangeMessageVisibilityCommand(input), { abortSignal: signalAt(deadline) });
    },
  };
};
