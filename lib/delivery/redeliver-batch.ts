import { isRequestTo } from '../braze/endpoint.ts';
import type { Deadline } from '../deadline.ts';
import { type ConsentChange, listGroupPermissions, listPermissions, listRefusals, toIdentifierKey } from './consent.ts';
import { getAgeMs, parseMessage, type Reason } from './message.ts';
import type { ReceivedMessage } from './pack.ts';
import type { RedeliveryMemory } from './redelivery-memory.ts';
import { type RedeliverState, Sender } from './sender.ts';
import { type QueueRecord, Settlement } from './settlement.ts';

/** The result of a batch. */
export interface BatchReport {
  /** The messages that go back to the queue. */
  readonly failedIds: readonly string[];
  readonly delivered: number;
  readonly deadLettered: number;
  /** Consents that were not sent, because the person has unsubscribed since. */
  readonly superseded: number;
  readonly requests: number;
  /** Why messages were dead-lettered. */
  readonly reasons: ReadonlySet<Reason>;
  readonly status?: number | undefined;
  /** The time of the slowest request. */
  readonly brazeMs: number;
  /** Whether a bug ended the batch. */
  readonly endedEarly: boolean;
  readonly cause?: unknown;
}

/** The time reserved for dead-lettering and delaying messages after the last request. */
const SETTLE_MS = 2_500;

/** Sends a batch of undelivered messages. Those neither delivered nor dead-lettered go back to the queue. Never throws. */
export const redeliverBatch = async (
  records: readonly QueueRecord[],
  state: RedeliverState,
  deadline: Deadline,
): Promise<BatchReport> => {
  const { runtime, memory } = state;
  const settlement = new Settlement(records, runtime, memory, deadline);
  const sender = new Sender(state, settlement, deadline.earlierBy(SETTLE_MS));
  let failure: { readonly cause: unknown } | undefined;
  try {
    const messages = await selectSendable(state, settlement);
    const current = leaveOutRefused(messages, memory, settlement);
    if (current.length > 0) await sender.sendAll(current);
  } catch (cause) {
    // A bug. What was settled before it must not go back to the queue.
    failure = { cause };
  }
  return {
    failedIds: settlement.unsettled.map(({ messageId }) => messageId),
    delivered: settlement.delivered,
    deadLettered: settlement.deadLettered,
    superseded: settlement.superseded,
    reasons: settlement.reasons,
    requests: sender.requests,
    status: sender.status,
    brazeMs: sender.brazeMs,
    endedEarly: failure !== undefined,
    cause: failure?.cause ?? settlement.cause ?? sender.cause,
  };
};

/** Returns the messages that may be sent; settles the others or returns them to the queue. */
const selectSendable = async (
  { endpoints, runtime, memory }: RedeliverState,
  settlement: Settlement,
): Promise<readonly ReceivedMessage[]> => {
  const messages: ReceivedMessage[] = [];
  await Promise.all(
    settlement.unsettled.map(async ({ messageId: id, body }) => {
      if (memory.settled.get(id)) return settlement.settle(id);
      const parsed = parseMessage(body);
      if (parsed.kind === 'unreadable') return settlement.deadLetterText(id, body, 'unreadable');
      // The next deployment may know this version. After too many receives, SQS dead-letters the message.
      if (parsed.kind === 'later_version') return settlement.retryLater([id]);
      const { message } = parsed;
      const pending = memory.pending.get(id);
      if (pending !== undefined) return settlement.deadLetter({ id, message }, pending.reason, pending.objects);
      const endpoint = endpoints.find((one) => isRequestTo(one, message));
      if (message.stage !== runtime.settings.STAGE || endpoint === undefined)
        return settlement.deadLetter({ id, message }, 'misconfigured');
      const { bestBeforeMs = Number.POSITIVE_INFINITY } = endpoint;
      // A message with the reason `expired` was redriven by an operator, who wants it sent anyway.
      const isExpired = getAgeMs(message) > bestBeforeMs;
      if (isExpired && message.reason !== 'expired') return settlement.deadLetter({ id, message }, 'expired');
      // Braze may no longer know the id that makes a transactional message idempotent.
      const idempotent =
        message.idempotent && !isExpired && endpoint.isIdempotent(message.request, runtime.settings.REPLAY_IN_DOUBT);
      messages.push({ id, message: { ...message, idempotent } });
    }),
  );
  return messages;
};

const toConsentKey = ({ identifier, channel }: ConsentChange): string => `${channel} ${toIdentifierKey(identifier)}`;

/** Leaves out permissions that a later message revokes, or one of the same moment: messages of a queue may come in any order. */
const leaveOutRefused = (
  messages: readonly ReceivedMessage[],
  { refusals }: RedeliveryMemory,
  settlement: Settlement,
): readonly ReceivedMessage[] => {
  for (const { message } of messages) {
    for (const change of listRefusals(message)) {
      const key = toConsentKey(change);
      refusals.set(key, Math.max(Date.parse(message.time), refusals.get(key) ?? 0));
    }
  }
  return messages.flatMap((one) => {
    const givenAt = Date.parse(one.message.time);
    const permissions = [...listPermissions(one.message), ...listGroupPermissions(one.message)];
    const dropped = permissions.filter((change) => givenAt <= (refusals.get(toConsentKey(change)) ?? 0));
    return settlement.leaveOut(one, dropped) ?? [];
  });
};
