import { randomUUID } from 'node:crypto';
import type { Fault } from '../../emulators/braze/faults.ts';
import { isArray, isObject, type JsonObject, parseJson } from '../../emulators/json.ts';
import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';
import type { SqsFault, StoredMessage } from '../../emulators/sqs.ts';
import type { SsmFault } from '../../emulators/ssm.ts';
import { redeliver } from '../../handlers/redeliver.ts';
import { trackUser } from '../../handlers/track-user.ts';
import { SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../../lib/node/create-redeliver-handler.ts';

/** What a conversation may say. All but the first change Braze again if they are sent again. */
export const KINDS = ['attribute', 'inc', 'event', 'purchase'] as const;
export type Kind = (typeof KINDS)[number];

/** Where a consumer dies: before it begins, after so many requests to SQS, or before SQS hears how it went. */
export type Death = 'unbegun' | 'unanswered' | 0 | 1 | 2;

/** One thing that happens. */
export type Step =
  /** So many people at once tell the node something; it may die before it can keep anything or answer. */
  | { readonly does: 'talk'; readonly about: readonly Kind[]; readonly people: number; readonly dies: boolean }
  | { readonly does: 'braze'; readonly fault: Fault; readonly times: number }
  | { readonly does: 'sqs'; readonly fault: SqsFault; readonly times: number }
  | { readonly does: 'ssm'; readonly fault: SsmFault; readonly times: number }
  | { readonly does: 'lift'; readonly what: 'braze' | 'sqs' | 'ssm' }
  /** Braze has a new key; SSM may not know it yet. */
  | { readonly does: 'rotate'; readonly ssmKnows: boolean }
  /** The next conversations meet an execution environment that remembers nothing. */
  | { readonly does: 'cold start' }
  /** Lambda hands messages to `redeliver`; SQS may deliver them more than once, and time may be short. */
  | {
      readonly does: 'redeliver';
      readonly most: number;
      readonly copies: 'none' | 'at once' | 'later';
      readonly dies: Death | undefined;
      readonly hurried: boolean;
    };

/** What is known of one person: what was said about them, what the conversation was told. */
interface Told {
  readonly about: readonly Kind[];
  /** `undefined` where the node died before it could answer: nothing was promised. */
  outcome: string | undefined;
  /** How often the schedule itself has made a repetition possible. */
  repeatable: number;
}

export const BUDGET_MS = 250;
/** What the event loop of a busy test may add. */
const LATE_MS = 60;

const attributeIs = (object: JsonObject): readonly Kind[] => [
  ...('plan' in object ? ['attribute' as const] : []),
  ...('visits' in object ? ['inc' as const] : []),
];
const KINDS_IN: Readonly<Record<string, (object: JsonObject) => readonly Kind[]>> = {
  attributes: attributeIs,
  events: () => ['event'],
  purchases: () => ['purchase'],
};

/** Which person's words a queue's message holds. */
const wordsIn = (body: string): readonly { readonly person: string; readonly kind: Kind }[] => {
  const message = parseJson(body);
  const request = isObject(message) && isObject(message.request) ? message.request : {};
  return Object.entries(KINDS_IN).flatMap(([array, kindsOf]) => {
    const list = request[array];
    if (!isArray(list)) return [];
    return list
      .filter(isObject)
      .flatMap((object) => kindsOf(object).map((kind) => ({ person: String(object.external_id), kind })));
  });
};

const payloadOf = (person: string, about: readonly Kind[]) => {
  const says = (kind: Kind) => about.includes(kind);
  return {
    external_id: person,
    ...((says('attribute') || says('inc')) && {
      attributes: { ...(says('attribute') && { plan: 'gold' }), ...(says('inc') && { visits: { inc: 1 } }) },
    }),
    ...(says('event') && { event: { name: 'came' } }),
    ...(says('purchase') && { purchase: { product_id: 'mug', currency: 'EUR', price: '1.50' } }),
  };
};

/** What happened in all schedules together, to see that the test tests something. */
export interface Tally {
  readonly outcomes: Map<string, number>;
  /** Words that came to Braze more than once, all of them because a schedule made it so. */
  repeated: number;
  /** Words that came to Braze by redelivery. */
  redelivered: number;
  parked: number;
}

/** Our code between a Braze, an SSM and an SQS that do what a schedule says, and a book about what it promised. */
export class World {
  readonly #stage: LocalStage;
  readonly #tally: Tally;
  #people = new Map<string, Told>();
  /** Whose words could not be parked at once: a consumer that dies takes the knowledge of it along. */
  #unparked = new Set<string>();
  #node = createHandler(trackUser);
  #redeliver = createRedeliverHandler(redeliver);
  /** Whether the functions may hold what SSM does not say any more, or nothing. */
  #areFresh = true;

  private constructor(stage: LocalStage, tally: Tally) {
    this.#stage = stage;
    this.#tally = tally;
    stage.sqs.onSend = (queue, body, stored, told) => {
      for (const { person } of wordsIn(body)) {
        // SQS keeps it twice when the sender, who has not heard of the first, sends again: so AWS documents it.
        if (queue === stage.undelivered && stored && !told) this.#repeatable(person);
        if (queue === stage.deadLetters && !told) this.#unparked.add(person);
      }
    };
  }

  static async open(tally: Tally): Promise<World> {
    return new World(await startLocalStage({ apiKey: 'k' }), tally);
  }

  async close(): Promise<void> {
    await this.#stage.close();
  }

  /** Runs a schedule from an empty world to one without faults. Throws where a promise was broken. */
  async run(steps: readonly Step[]): Promise<void> {
    await this.#startRefresh();
    for (const [number, step] of steps.entries()) {
      await this.#take(step);
      this.#check(`after step ${number} (${step.does})`);
    }
    await this.#drain();
    this.#check('at the end');
  }

  async #startRefresh(): Promise<void> {
    this.#stage.braze.reset();
    this.#stage.sqs.reset();
    this.#people = new Map();
    this.#unparked = new Set();
    this.#lift('ssm');
    // Warm at first, whatever the schedule before did: so it does not matter to this one.
    if (this.#areFresh) await this.#warmRedeliver();
    const warm = { payload: payloadOf('warm', ['attribute']) };
    if (this.#areFresh || (await this.#getParameters(warm)) !== 'sent') {
      this.#node = createHandler(trackUser);
      await this.#getParameters(warm);
    }
    this.#areFresh = false;
    this.#stage.braze.reset();
  }

  async #warmRedeliver(): Promise<void> {
    this.#redeliver = createRedeliverHandler(redeliver);
    const message = {
      version: 1,
      node: 'track-user',
      stage: 'sandbox',
      reason: 'busy',
      time: '2026',
      replay_safe: true,
    };
    const request = { attributes: [{ external_id: 'warm', plan: 'gold' }], partner: 'pypestream' };
    this.#stage.undelivered.put(JSON.stringify({ ...message, endpoint: 'users/track', request }));
    await this.#drain();
  }

  async #take(step: Step): Promise<void> {
    switch (step.does) {
      case 'talk':
        return this.#talk(step);
      case 'redeliver':
        return this.#deliver(step);
      case 'braze':
        return this.#stage.braze.fault(step.fault, step.times);
      case 'sqs':
        return this.#stage.sqs.fault(step.fault, step.times);
      case 'ssm':
        this.#areFresh = true;
        return this.#stage.ssm.fault(step.fault, step.times);
      case 'lift':
        return this.#lift(step.what);
      case 'rotate':
        this.#areFresh = true;
        this.#stage.braze.apiKey = `k${randomUUID()}`;
        if (step.ssmKnows) this.#lift('ssm');
        return;
      case 'cold start':
        this.#coldStart();
    }
  }

  #lift(what: 'braze' | 'sqs' | 'ssm'): void {
    if (what === 'braze') this.#stage.braze.clearFaults();
    if (what === 'sqs') this.#stage.sqs.clearFaults();
    if (what !== 'ssm') return;
    this.#stage.ssm.clearFaults();
    const { ssm, braze, variables } = this.#stage;
    ssm.parameters.put(`${variables.PARAMETER_PATH}/braze_api_key`, braze.apiKey, 'SecureString');
  }

  async #talk({ about, people, dies }: Extract<Step, { does: 'talk' }>): Promise<void> {
    if (dies) this.#stage.sqs.dieAfter(0);
    const talks = Array.from({ length: people }, async () => {
      const person = `person-${randomUUID()}`;
      const told: Told = { about, outcome: undefined, repeatable: 0 };
      this.#people.set(person, told);
      const outcome = await this.#getParameters({ payload: payloadOf(person, about) });
      if (!dies) told.outcome = outcome;
    });
    await Promise.all(talks);
    if (!dies) return;
    this.#stage.sqs.revive();
    this.#coldStart();
  }

  #coldStart(): void {
    this.#areFresh = true;
    this.#node = createHandler(trackUser);
  }

  async #getParameters(event: object): Promise<string> {
    this.#environment();
    const asked = this.#node(event);
    let alarm: NodeJS.Timeout | undefined;
    // Two timers, one after the other: a busy event loop delays the first as much as the node's own.
    const late = new Promise<undefined>((resolve) => {
      alarm = setTimeout(() => {
        alarm = setTimeout(resolve, LATE_MS, undefined);
      }, BUDGET_MS);
    });
    const answer = await Promise.race([asked, late]);
    clearTimeout(alarm);
    if (answer === undefined) {
      await asked;
      throw new Error('The node outlived its budget.');
    }
    const { outcome, success } = answer as Record<string, string>;
    const meant = new Map<string, string>(Object.entries(SUCCESS_BY_OUTCOME)).get(String(outcome));
    if (meant === undefined || meant !== success)
      throw new Error(`No answer of the closed set: ${outcome}, ${success}.`);
    this.#tally.outcomes.set(String(outcome), (this.#tally.outcomes.get(String(outcome)) ?? 0) + 1);
    return String(outcome);
  }

  async #deliver({ most, copies, dies, hurried }: Extract<Step, { does: 'redeliver' }>): Promise<void> {
    const queue = this.#stage.undelivered;
    const batch = queue.messages.slice(0, most);
    if (batch.length === 0) return;
    const record = queue.deliver(batch);
    if (dies !== 'unbegun') {
      if (copies !== 'none') this.#areRepeatable(batch);
      if (dies !== undefined) this.#areRepeatable(batch);
      if (typeof dies === 'number') this.#stage.sqs.dieAfter(dies);
      const lambda = { getRemainingTimeInMillis: () => (hurried ? 2_900 : 5_800) };
      const invocations = [this.#invoke(record, lambda)];
      if (copies === 'at once') invocations.push(this.#invoke(record, lambda));
      const gone = await Promise.all(invocations);
      this.#stage.sqs.revive();
      if (dies === undefined) queue.delete(gone.flat());
      if (dies === undefined && copies === 'later') queue.delete(await this.#invoke(queue.deliver(batch), lambda));
    }
    if (dies !== undefined) this.#loseConsumer();
  }

  /** The ids that SQS deletes because of the answer. */
  async #invoke(event: object, lambda: { getRemainingTimeInMillis: () => number }): Promise<readonly string[]> {
    this.#environment();
    const { batchItemFailures } = await this.#redeliver(event, lambda);
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    const { Records } = event as { readonly Records: readonly { readonly messageId: string }[] };
    return Records.map(({ messageId }) => messageId).filter((id) => !failed.includes(id));
  }

  /** What a consumer remembers of a message it remembers by its id; the one that takes its place remembers nothing. */
  #loseConsumer(): void {
    this.#areFresh = true;
    this.#redeliver = createRedeliverHandler(redeliver);
    for (const message of this.#stage.undelivered.messages) message.id = randomUUID();
    this.#areRepeatable(this.#stage.undelivered.messages, (person) => this.#unparked.has(person));
    this.#unparked.clear();
  }

  async #drain(): Promise<void> {
    for (const what of ['braze', 'sqs', 'ssm'] as const) this.#lift(what);
    const queue = this.#stage.undelivered;
    const lambda = { getRemainingTimeInMillis: () => 60_000 };
    for (let round = 0; queue.messages.length > 0; round += 1) {
      if (round === 5) throw new Error('The queue does not run dry.');
      queue.delete(await this.#invoke(queue.deliver(queue.messages), lambda));
    }
  }

  /** A new environment reads these when it is first invoked. */
  #environment(): void {
    Object.assign(process.env, this.#stage.variables, { TIME_BUDGET_MS: String(BUDGET_MS) });
  }

  #repeatable(person: string): void {
    const told = this.#people.get(person);
    if (told !== undefined) told.repeatable += 1;
  }

  /** Each of the messages may be sent once more. */
  #areRepeatable(messages: readonly StoredMessage[], isMeant = (_person: string) => true): void {
    for (const { body } of messages) {
      const people = new Set(wordsIn(body).map(({ person }) => person));
      for (const person of people) if (isMeant(person)) this.#repeatable(person);
    }
  }

  /** The promises (contract, sections 3 and 6), for every word of every conversation. */
  #check(when: string): void {
    const profiles = new Map(this.#stage.braze.profiles.map((profile) => [profile.external_id, profile]));
    const lying = (messages: readonly StoredMessage[]) =>
      new Set(messages.flatMap(({ body }) => wordsIn(body).map(({ person, kind }) => `${person} ${kind}`)));
    const queued = lying(this.#stage.undelivered.messages);
    const parked = lying(this.#stage.deadLetters.messages);

    for (const [person, { about, outcome, repeatable }] of this.#people) {
      const profile = profiles.get(person);
      const timesAtBraze: Readonly<Record<Kind, number>> = {
        attribute: profile?.custom_attributes.plan === 'gold' ? 1 : 0,
        inc: Number(profile?.custom_attributes.visits ?? 0),
        event: profile?.events.length ?? 0,
        purchase: profile?.purchases.length ?? 0,
      };
      for (const kind of about) {
        const times = timesAtBraze[kind];
        const word = `${person} ${kind}`;
        const broken = (promise: string) =>
          new Error(
            `${when}: ${kind}, answered ${outcome}, is ${times} times at Braze${queued.has(word) ? ', queued' : ''}${parked.has(word) ? ', parked' : ''}: ${promise}`,
          );
        if (times > 1 + repeatable) throw broken(`sent again, though only ${repeatable} repetitions were provoked`);
        if (times > 1) this.#tally.repeated += 1;
        if (parked.has(word)) this.#tally.parked += 1;
        if (times > 0 && outcome === 'queued') this.#tally.redelivered += 1;
        if (outcome === 'sent' && times === 0) throw broken('missing');
        if (outcome === 'in_doubt' && !parked.has(word)) throw broken('not parked');
        if (outcome === 'queued' && times === 0 && !queued.has(word) && !parked.has(word)) throw broken('vanished');
      }
    }
  }
}
