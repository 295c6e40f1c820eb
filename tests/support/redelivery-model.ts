import { randomUUID } from 'node:crypto';
import type { Fault } from '../../emulators/braze/faults.ts';
import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';
import { redeliver } from '../../handlers/redeliver.ts';
import { setSubscription } from '../../handlers/set-subscription.ts';
import { readSettings } from '../../lib/config/env.ts';
import { parseMessage } from '../../lib/delivery/message.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../../lib/node/create-redeliver-handler.ts';
import { createRuntime, type Runtime } from '../../lib/runtime.ts';

const LAMBDA = { getRemainingTimeInMillis: () => 60_000 };

/** A stage whose redelivery a test steps through; nothing is written to standard output. */
export class RedeliveryModel {
  readonly stage: LocalStage;
  #subscribe = createHandler(setSubscription);
  #redeliver = createRedeliverHandler(redeliver);

  private constructor(stage: LocalStage) {
    this.stage = stage;
    this.startEnvironments();
  }

  static async create(): Promise<RedeliveryModel> {
    return new RedeliveryModel(await startLocalStage());
  }

  /** The execution environments end, and new ones remember nothing. */
  startEnvironments(): void {
    const settings = () => readSettings({ ...this.stage.variables, TIME_BUDGET_MS: '1500' });
    const runtime = (): Runtime => createRuntime(settings(), { write: () => {} });
    this.#subscribe = createHandler(setSubscription, runtime());
    this.#redeliver = createRedeliverHandler(redeliver, runtime());
  }

  /** Puts a request into the undelivered queue that a conversation could not deliver. */
  queue(external_id: string, change: 'attribute' | 'inc' | 'event' | 'purchase'): void {
    const time = new Date(Date.now()).toISOString();
    const request = {
      attribute: { attributes: [{ external_id, plan: 'gold' }] },
      inc: { attributes: [{ external_id, visits: { inc: 1 } }] },
      event: { events: [{ external_id, name: 'came', time }] },
      purchase: { purchases: [{ external_id, product_id: 'mug', currency: 'EUR', price: 1, time }] },
    }[change];
    const where = { node: 'track-user', stage: 'sandbox', method: 'POST', path: 'users/track' };
    const what = { reason: 'busy', time, idempotent: change === 'attribute', request };
    this.stage.undelivered.put(JSON.stringify({ version: 2, ...where, ...what }));
  }

  /** Lets `redeliver` handle messages of the undelivered queue; SQS may deliver the same ones once more. */
  async redeliver(max: number, isDuplicated = false): Promise<void> {
    const queue = this.stage.undelivered;
    const batch = queue.messages.slice(0, max);
    if (batch.length === 0) return;
    const { batchItemFailures } = await this.#redeliver(queue.deliver(batch), LAMBDA);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const handled = batch.filter(({ id }) => !failed.has(id));
    if (isDuplicated && handled.length > 0) await this.#redeliver(queue.deliver(handled), LAMBDA);
    queue.delete(handled.map(({ id }) => id));
  }

  /** What a person says about email, and the outcome. */
  async subscribe(external_id: string, email_subscribe: string): Promise<string> {
    const answer = await this.#subscribe({ payload: { external_id, email_subscribe } }, LAMBDA);
    return 'outcome' in answer ? String(answer.outcome) : '';
  }

  setFault(fault: Fault | undefined): void {
    this.stage.braze.clearFaults();
    if (fault !== undefined) this.stage.braze.fault(fault);
  }

  deadLettered(reason: string): number {
    return this.stage.deadLetters.messages.filter(({ body }) => {
      const parsed = parseMessage(body);
      return parsed.kind === 'message' && parsed.message.reason === reason;
    }).length;
  }

  /** The people about whom a queue holds a message. */
  peopleIn(queue: 'undelivered' | 'deadLetters'): ReadonlySet<string> {
    return new Set(this.stage[queue].messages.flatMap(({ body }) => /"external_id":"([^"]+)"/.exec(body)?.[1] ?? []));
  }

  /** How often a change came to Braze. */
  timesAtBraze(external_id: string): number {
    const profile = this.stage.braze.profile({ external_id });
    const attribute = profile?.custom_attributes.plan === 'gold' ? 1 : 0;
    const visits = Number(profile?.custom_attributes.visits ?? 0);
    return attribute + visits + (profile?.events.length ?? 0) + (profile?.purchases.length ?? 0);
  }

  newPerson(): string {
    return `person-${randomUUID()}`;
  }

  reset(): void {
    this.stage.reset();
    this.startEnvironments();
  }
}
