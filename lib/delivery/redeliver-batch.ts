import { isRequestTo } from '../braze/endpoint.ts';
import type { Deadline } from '../deadline.ts';
import { type ConsentChange, identifierKey, listPermissions, listRefusals } from './consent.ts';
import { messageAgeMs, parseMessage, type Reason } from './message.ts';
import type { ReceivedMessage } from './pack.ts';
import type { RedeliveryMemory } from './redelivery-memory.ts';
import { type Redelivery, Sender } from './sender.ts';
import { type QueueRecord, Settlement } from './settlement.ts';

/** What became of a batch. */
export interface BatchReport {
  /** The messages that go back to the queue. */
  readonly failedIds: readonly string[];
  readonly delivered: number;
  readonly deadLettered: number;
  /** Permissions that were left out, because the person has refused since. */
  readonly superseded: number;
  readonly requests: number;
  /** Why messages were dead-lettered. */
  readonly reasons: ReadonlySet<Reason>;
  readonly status?: number | undefined;
  /** How long Braze took for the slowest request. */
  readonly brazeMs: number;
  readonly cause?: unknown;
}

/** What dead-lettering and delaying may still take once the last request has been given up. */
const SETTLE_MS = 2_500;

/** Sends a batch of undelivered messages. What is neither delivered nor dead-lettered goes back to the queue; never throws. */
export const redeliverBatch = async (
  records: readonly QueueRecord[],
  redelivery: Redelivery,
  deadline: Deadline,
): Promise<BatchReport> => {
  const { runtime, memory } = redelivery;
  const settlement = new Settlement(records, runtime, memory, deadline);
  const sender = new Sender(redelivery, settlement, deadline.earlierBy(SETTLE_MS));
  const messages = await sortOut(redelivery, settlement);
  const current = leaveOutRefused(messages, memory, settlement);
  if (current.length > 0) await sender.sendAll(current);
  return {
    failedIds: settlement.unsettled.map(({ messageId }) => messageId),
    delivered: settlement.delivered,
    deadLettered: settlement.deadLettered,
    superseded: settlement.superseded,
    reasons: settlement.reasons,
    requests: sender.requests,
    status: sender.status,
    brazeMs: sender.brazeMs,
    cause: settlement.cause ?? sender.cause,
  };
};

/** The messages that may be sent; all others are settled or go back. */
const sortOut = async (
  { endpoints, runtime, memory }: Redelivery,
  settlement: Settlement,
): Promise<readonly ReceivedMessage[]> => {
  const messages: ReceivedMessage[] = [];
  await Promise.all(
    settlement.unsettled.map(async ({ messageId: id, body }) => {
      if (memory.settled.get(id)) return settlement.settle(id);
      const message = parseMessage(body);
      if (message === undefined) return settlement.deadLetterText(id, body, 'unreadable');
      // A roll-forward will know it; until then it waits, and then goes to the dead-letter queue by itself.
      if (message === 'later_version') return settlement.retryLater([id]);
      const pending = memory.pending.get(id);
      if (pending !== undefined) return settlement.deadLetter({ id, message }, pending.reason, pending.objects);
      const endpoint = endpoints.find((one) => isRequestTo(one, message));
      if (message.stage !== runtime.settings.STAGE || endpoint === undefined)
        return settlement.deadLetter({ id, message }, 'misconfigured');
      const { bestBeforeMs = Number.POSITIVE_INFINITY } = endpoint;
      // An operator who has redriven it wants it sent all the same.
      if (messageAgeMs(message) > bestBeforeMs && message.reason !== 'expired')
        return settlement.deadLetter({ id, message }, 'expired');
      const idempotent = message.idempotent && endpoint.isIdempotent(message.request, runtime.settings.REPLAY_IN_DOUBT);
      messages.push({ id, message: { ...message, idempotent } });
    }),
  );
  return messages;
};

const consentKey = ({ identifier, channel }: ConsentChange): string => `${channel} ${identifierKey(identifier)}`;

/** Messages of one queue may overtake each other: a permission is left out where a later message refuses it. */
const leaveOutRefused = (
  messages: readonly ReceivedMessage[],
  { refusals }: RedeliveryMemory,
  settlement: Settlement,
): readonly ReceivedMessage[] => {
  for (const { message } of messages) {
    for (const change of listRefusals(message)) {
      const key = consentKey(change);
      refusals.set(key, Math.max(Date.parse(message.time), refusals.get(key) ?? 0));
    }
  }
  return messages.flatMap((one) => {
    const said = Date.parse(one.message.time);
    const dropped = listPermissions(one.message).filter((change) => said < (refusals.get(consentKey(change)) ?? 0));
    return settlement.leaveOut(one, dropped) ?? [];
  });
};
