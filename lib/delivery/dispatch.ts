import type { BrazeCredentials } from '../braze/credentials.ts';
import type { Receipt } from '../braze/response.ts';
import { type Deadline, withDeadline } from '../deadline.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type Delivered, deliver } from './deliver.ts';
import { keep, type Queue } from './keep.ts';
import type { Message, Reason } from './message.ts';

/** A request ready to go, with what has to be known of it wherever it ends up. */
export type Outgoing = Omit<Message, 'version' | 'reason'>;

/** Where a request is now. `delivered` tells of the attempts; it is missing where it did not come to one. */
export type Fate = { readonly delivered?: Delivered; readonly cause?: unknown } & (
  | { readonly fate: 'accepted'; readonly receipt: Receipt }
  | { readonly fate: 'rejected'; readonly delivered: Delivered }
  /** In the undelivered queue: SQS has acknowledged it. */
  | { readonly fate: 'queued' }
  /** An operator must act; in the dead-letter queue where `kept`. `problem` is a sentence. */
  | { readonly fate: 'misconfigured'; readonly problem: string; readonly kept: boolean }
  /** Perhaps processed, and not to be repeated; in the dead-letter queue: SQS has acknowledged it. */
  | { readonly fate: 'in_doubt' }
  /** Neither delivered nor kept. */
  | { readonly fate: 'lost' }
);

/** What is left for keeping a request when Braze has used up the rest of the time. */
const reserve = (deadline: Deadline): number => Math.min(1_000, deadline.remainingMs() / 4);
/** The same where it has not come to Braze. Less, since in a storm of cold starts SSM's time decides what is sent. */
const reserveWithoutBraze = (deadline: Deadline): number => Math.min(500, deadline.remainingMs() / 4);

const refusal = (status: number | undefined): string =>
  status === 401
    ? 'Braze refused the API key (401).'
    : `Braze answered ${status}: the key lacks a permission or the address is wrong.`;

/** Sends a request to Braze and, where `queueOnFailure`, keeps it in the queue that fits where it could not be sent. Never throws. */
export const dispatch = async (
  outgoing: Outgoing,
  queueOnFailure: boolean,
  access: Promise<BrazeCredentials>,
  { parameters, settings, breaker }: Runtime,
  deadline: Deadline,
): Promise<Fate> => {
  const put = async (into: Queue, reason: Reason): ReturnType<typeof keep> =>
    queueOnFailure
      ? keep(into, JSON.stringify({ version: 1, reason, ...outgoing } satisfies Message), reason, settings, deadline)
      : { kept: false };
  const queue = async (
    reason: Reason,
    known: { readonly delivered?: Delivered; readonly cause?: unknown },
  ): Promise<Fate> => {
    const { kept, cause = known.cause } = await put('UNDELIVERED_QUEUE_URL', reason);
    return { ...known, cause, fate: kept ? 'queued' : 'lost' };
  };
  const park = (reason: Reason) => put('DEAD_LETTER_QUEUE_URL', reason);

  let open: BrazeCredentials;
  try {
    open = await withDeadline(deadline.earlierBy(reserveWithoutBraze(deadline)), access, () => {
      throw new ParametersUnavailableError('SSM did not answer in time.');
    });
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) return queue('busy', { cause });
    return { fate: 'misconfigured', problem: cause.message, cause, kept: (await park('misconfigured')).kept };
  }

  if (!breaker.admits()) return queue('busy', {});
  const sending = deadline.earlierBy(reserve(deadline));
  const delivered = await deliver(
    { endpoint: outgoing.endpoint, json: JSON.stringify(outgoing.request), replaySafe: outgoing.replay_safe },
    open,
    ({ apiKey }) => parameters.refreshAfter401(apiKey, sending),
    sending,
  );
  const { verdict, status, cause } = delivered;
  if (delivered.attempts === 0) breaker.untried();
  // A Braze that limits our rate, or refuses our key, is not down.
  else if (status !== 429 && status !== 401 && (verdict.verdict === 'busy' || verdict.verdict === 'unclear'))
    breaker.failed();
  else breaker.succeeded();
  switch (verdict.verdict) {
    case 'accepted':
      return { fate: 'accepted', receipt: verdict.receipt, delivered };
    case 'rejected':
      return { fate: 'rejected', delivered };
    case 'unauthorized':
    case 'forbidden':
      return {
        fate: 'misconfigured',
        problem: refusal(status),
        delivered,
        cause,
        kept: (await park('misconfigured')).kept,
      };
    case 'busy':
      return queue('busy', { delivered, cause });
    case 'unclear': {
      if (outgoing.replay_safe) return queue('unclear', { delivered, cause });
      const parked = await park('in_doubt');
      return { fate: parked.kept ? 'in_doubt' : 'lost', delivered, cause: parked.cause ?? cause };
    }
  }
};
