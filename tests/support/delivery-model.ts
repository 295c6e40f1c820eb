import { randomUUID } from 'node:crypto';
import type { Fault } from '../../emulators/braze/faults.ts';
import { isArray, isObject, type JsonObject, parseJson } from '../../emulators/json.ts';
import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';
import type { SqsFault, StoredMessage } from '../../emulators/sqs.ts';
import type { SsmFault } from '../../emulators/ssm.ts';
import { redeliver } from '../../handlers/redeliver.ts';
import { trackUser } from '../../handlers/track-user.ts';
import { SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import { sleep } from '../../lib/clock.ts';
import { readSettings } from '../../lib/config/env.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../../lib/node/create-redeliver-handler.ts';
import { createRuntime, type Runtime } from '../../lib/runtime.ts';

/** What a call may change in Braze. All but the first are not idempotent. */
export const CHANGES = ['attribute', 'inc', 'event', 'purchase'] as const;
export type Change = (typeof CHANGES)[number];

/** Where `redeliver` crashes: before it starts, after so many requests to SQS, or before SQS gets its answer. */
export type Crash = 'before_start' | 'before_acknowledgement' | 0 | 1 | 2;

/** Lambda hands messages to `redeliver`; SQS may deliver them more than once, and time may be short. */
export interface RedeliverStep {
  readonly kind: 'redeliver';
  readonly max: number;
  readonly copies: 'none' | 'at once' | 'later';
  readonly crash: Crash | undefined;
  readonly isShortOfTime: boolean;
}

/** One step of a schedule. */
export type Step =
  /** Calls for so many people at once; the node may crash before it can queue anything or answer. */
  | { readonly kind: 'calls'; readonly changes: readonly Change[]; readonly people: number; readonly crashes: boolean }
  | { readonly kind: 'braze_fault'; readonly fault: Fault; readonly times: number }
  | { readonly kind: 'sqs_fault'; readonly fault: SqsFault; readonly times: number }
  | { readonly kind: 'ssm_fault'; readonly fault: SsmFault; readonly times: number }
  | { readonly kind: 'clear_faults'; readonly service: 'braze' | 'sqs' | 'ssm' }
  /** Braze has a new key, which may not be in SSM yet. */
  | { readonly kind: 'rotate_key'; readonly inSsm: boolean }
  /** The next calls meet a new execution environment. */
  | { readonly kind: 'cold_start' }
  | RedeliverStep
  /** Requests of so many people wait, and Braze gives unclear answers to everything. */
  | {
      readonly kind: 'brownout';
      readonly waiting: number;
      readonly fault: Fault;
      readonly rounds: readonly (readonly [RedeliverStep, waitMs: number])[];
    }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Somebody sets the wall clock. */
  | { readonly kind: 'clock_jump'; readonly ms: number }
  /** The same person changes their consent, a quarter of an hour before anything else happens. */
  | { readonly kind: 'consent'; readonly state: ConsentState };

export type ConsentState = 'opted_in' | 'subscribed' | 'unsubscribed';

/** What is known of one person: what was asked for, and what was answered. */
interface Person {
  readonly changes: readonly Change[];
  /** Undefined where the node crashed before it could answer: nothing was promised. */
  outcome: string | undefined;
  /** How often the schedule itself made a repetition possible. */
  repetitions: number;
}

export const BUDGET_MS = 250;
/** What the event loop of a busy test may add. */
const LATENESS_MS = 60;

const readAttributeChanges = (object: JsonObject): readonly Change[] => [
  ...('plan' in object ? ['attribute' as const] : []),
  ...('visits' in object ? ['inc' as const] : []),
];
const CHANGES_BY_ARRAY: Readonly<Record<string, (object: JsonObject) => readonly Change[]>> = {
  attributes: readAttributeChanges,
  events: () => ['event'],
  purchases: () => ['purchase'],
};

/** The changes that a queued message holds. */
const parseChanges = (body: string): readonly { readonly person: string; readonly change: Change }[] => {
  const message = parseJson(body);
  const request = isObject(message) && isObject(message.request) ? message.request : {};
  return Object.entries(CHANGES_BY_ARRAY).flatMap(([array, readChanges]) => {
    const list = request[array];
    if (!isArray(list)) return [];
    return list
      .filter(isObject)
      .flatMap((object) => readChanges(object).map((change) => ({ person: String(object.external_id), change })));
  });
};

const toPayload = (person: string, changes: readonly Change[]) => {
  const has = (change: Change) => changes.includes(change);
  return {
    external_id: person,
    ...((has('attribute') || has('inc')) && {
      attributes: { ...(has('attribute') && { plan: 'gold' }), ...(has('inc') && { visits: { inc: 1 } }) },
    }),
    ...(has('event') && { event: { name: 'came' } }),
    ...(has('purchase') && { purchase: { product_id: 'mug', currency: 'EUR', price: '1.50' } }),
  };
};

/** What happened in all schedules together, which shows that the test tests something. */
export interface Tally {
  readonly outcomes: Map<string, number>;
  /** Changes that Braze got more than once, all of them because a schedule made it possible. */
  repeated: number;
  /** Changes that Braze got by redelivery. */
  redelivered: number;
  deadLettered: number;
  /** Requests that redelivery put in doubt during brownouts. */
  inDoubt: number;
  /** Schedules at whose end a refusal of consent had to stand. */
  refusals: number;
}

/** As many requests as may be in doubt before the circuit breaker of an environment opens. */
const MAX_IN_DOUBT = 5;
/** Permissions that are younger are sent without a comparison. */
const COMPARED_AGE_MS = 16 * 60_000;
/** The circuit breaker tries again after that time. */
const OPEN_MS = 61_000;

/** The functions between a Braze, an SSM and an SQS that fail as a schedule says, and a record of what they promised. */
export class DeliveryModel {
  readonly #stage: LocalStage;
  readonly #tally: Tally;
  #people = new Map<string, Person>();
  /** Whose changes could not be dead-lettered at once: a consumer that crashes takes the knowledge of it along. */
  #notDeadLettered = new Set<string>();
  #node: ReturnType<typeof createHandler>;
  #redeliver: ReturnType<typeof createRedeliverHandler>;
  readonly #createRuntime: () => Runtime;
  #consenter = '';
  /** What the consenter said last; undefined if that was answered as an error. */
  #consent: ConsentState | undefined;
  /** Whether the functions may hold an old key, or nothing. */
  #isStale = true;

  private constructor(stage: LocalStage, tally: Tally, write: (line: string) => void) {
    this.#stage = stage;
    this.#tally = tally;
    const settings = readSettings({ ...stage.variables, TIME_BUDGET_MS: String(BUDGET_MS) });
    this.#createRuntime = () => createRuntime(settings, { write });
    this.#node = createHandler(trackUser, this.#createRuntime());
    this.#redeliver = createRedeliverHandler(redeliver, this.#createRuntime());
    stage.sqs.onSend = (queue, body, stored, acknowledged) => {
      for (const { person } of parseChanges(body)) {
        // The sender of a message that SQS stored and did not acknowledge sends it again.
        if (queue === stage.undelivered && stored && !acknowledged) this.#allowRepetition(person);
        if (queue === stage.deadLetters && !acknowledged) this.#notDeadLettered.add(person);
      }
    };
  }

  /** `write` gets the lines that the functions log. */
  static async create(tally: Tally, write: (line: string) => void): Promise<DeliveryModel> {
    return new DeliveryModel(await startLocalStage({ apiKey: 'k' }), tally, write);
  }

  async close(): Promise<void> {
    await this.#stage.close();
  }

  /** Runs a schedule from an empty stage to one without faults. Throws where a promise was broken. */
  async run(steps: readonly Step[]): Promise<void> {
    await this.#start();
    for (const [number, step] of steps.entries()) {
      await this.#runStep(step);
      this.#check(`after step ${number} (${step.kind})`);
    }
    await this.#drain();
    this.#check('at the end');
    this.#checkConsent();
  }

  async #start(): Promise<void> {
    this.#stage.braze.reset();
    this.#stage.sqs.reset();
    this.#people = new Map();
    this.#notDeadLettered = new Set();
    this.#consenter = `person-${randomUUID()}`;
    this.#consent = undefined;
    this.#clearFaults('ssm');
    // Each schedule begins with warm functions, whatever the one before did.
    if (this.#isStale) await this.#warmRedeliver();
    const warm = { payload: toPayload('warm', ['attribute']) };
    if (this.#isStale || (await this.#call(warm)) !== 'sent') {
      this.#node = createHandler(trackUser, this.#createRuntime());
      await this.#call(warm);
    }
    this.#isStale = false;
    this.#stage.braze.reset();
  }

  async #warmRedeliver(): Promise<void> {
    this.#redeliver = createRedeliverHandler(redeliver, this.#createRuntime());
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

  async #runStep(step: Step): Promise<void> {
    switch (step.kind) {
      case 'calls':
        return this.#runCalls(step);
      case 'redeliver':
        return this.#runRedelivery(step);
      case 'braze_fault':
        return this.#stage.braze.fault(step.fault, step.times);
      case 'sqs_fault':
        return this.#stage.sqs.fault(step.fault, step.times);
      case 'ssm_fault':
        this.#isStale = true;
        return this.#stage.ssm.fault(step.fault, step.times);
      case 'clear_faults':
        return this.#clearFaults(step.service);
      case 'rotate_key':
        this.#isStale = true;
        this.#stage.braze.apiKey = `k${randomUUID()}`;
        if (step.inSsm) this.#clearFaults('ssm');
        return;
      case 'cold_start':
        return this.#coldStart();
      case 'brownout':
        return this.#runBrownout(step);
      case 'wait':
        return sleep(step.ms);
      case 'clock_jump':
        this.#isStale = true;
        jest.setSystemTime(Date.now() + step.ms);
        return;
      case 'consent':
        return this.#runConsent(step.state);
    }
  }

  #clearFaults(service: 'braze' | 'sqs' | 'ssm'): void {
    if (service === 'braze') this.#stage.braze.clearFaults();
    if (service === 'sqs') this.#stage.sqs.clearFaults();
    if (service !== 'ssm') return;
    this.#stage.ssm.clearFaults();
    const { ssm, braze, variables } = this.#stage;
    ssm.parameters.put(`${variables.PARAMETER_PATH}/braze_api_key`, braze.apiKey, 'SecureString');
  }

  async #runCalls({ changes, people, crashes }: Extract<Step, { kind: 'calls' }>): Promise<void> {
    if (crashes) this.#stage.sqs.dieAfter(0);
    const calls = Array.from({ length: people }, async () => {
      const person = `person-${randomUUID()}`;
      const record: Person = { changes, outcome: undefined, repetitions: 0 };
      this.#people.set(person, record);
      const outcome = await this.#call({ payload: toPayload(person, changes) });
      if (!crashes) record.outcome = outcome;
    });
    await Promise.all(calls);
    if (!crashes) return;
    this.#stage.sqs.revive();
    this.#coldStart();
  }

  #coldStart(): void {
    this.#isStale = true;
    this.#node = createHandler(trackUser, this.#createRuntime());
  }

  async #call(event: object): Promise<string> {
    const answering = this.#node(event);
    let timer: NodeJS.Timeout | undefined;
    // Two timers, one after the other: a busy event loop delays the first as much as the node's own.
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        timer = setTimeout(resolve, LATENESS_MS, undefined);
      }, BUDGET_MS);
    });
    const answer = await Promise.race([answering, late]);
    clearTimeout(timer);
    if (answer === undefined) {
      await answering;
      throw new Error('The node answered after its deadline.');
    }
    const { outcome, success } = answer as Record<string, string>;
    const expected = new Map<string, string>(Object.entries(SUCCESS_BY_OUTCOME)).get(String(outcome));
    if (expected === undefined || expected !== success)
      throw new Error(`The answer is not one of the closed set: ${outcome}, ${success}.`);
    this.#tally.outcomes.set(String(outcome), (this.#tally.outcomes.get(String(outcome)) ?? 0) + 1);
    return String(outcome);
  }

  async #runRedelivery({ max, copies, crash, isShortOfTime }: RedeliverStep): Promise<void> {
    const queue = this.#stage.undelivered;
    const batch = queue.messages.slice(0, max);
    if (batch.length === 0) return;
    const event = queue.deliver(batch);
    if (crash !== 'before_start') {
      if (copies === 'at once') this.#allowRepetitions(batch);
      if (crash !== undefined) this.#allowRepetitions(batch);
      if (typeof crash === 'number') this.#stage.sqs.dieAfter(crash);
      const lambda = { getRemainingTimeInMillis: () => (isShortOfTime ? 2_900 : 5_800) };
      const invocations = [this.#invoke(event, lambda)];
      if (copies === 'at once') invocations.push(this.#invoke(event, lambda));
      const delivered = await Promise.all(invocations);
      this.#stage.sqs.revive();
      if (crash === undefined) queue.delete(delivered.flat());
      if (crash === undefined && copies === 'later') queue.delete(await this.#invoke(queue.deliver(batch), lambda));
    }
    if (crash !== undefined) this.#crashConsumer();
  }

  async #runBrownout({ waiting, fault, rounds }: Extract<Step, { kind: 'brownout' }>): Promise<void> {
    this.#clearFaults('braze');
    this.#stage.braze.fault('503');
    await this.#runCalls({ kind: 'calls', changes: ['event'], people: waiting, crashes: false });
    this.#clearFaults('braze');
    this.#stage.braze.fault(fault);
    const before = this.#peopleInDoubt();
    let environments = 1;
    for (const [redelivery, waitMs] of rounds) {
      await this.#runRedelivery(redelivery);
      if (redelivery.crash !== undefined) environments += 1;
      await sleep(waitMs);
    }
    const inDoubt = [...this.#peopleInDoubt()].filter((person) => !before.has(person)).length;
    if (inDoubt > MAX_IN_DOUBT * environments)
      throw new Error(`${inDoubt} requests are in doubt after ${environments} environments of redeliver.`);
    this.#tally.inDoubt += inDoubt;
    // The circuit breakers are open.
    this.#isStale = true;
    this.#clearFaults('braze');
  }

  #peopleInDoubt(): ReadonlySet<string> {
    const inDoubt = this.#stage.deadLetters.messages.filter(({ body }) => body.includes('"reason":"in_doubt"'));
    return new Set(inDoubt.flatMap(({ body }) => parseChanges(body).map(({ person }) => person)));
  }

  async #runConsent(state: ConsentState): Promise<void> {
    const payload = { external_id: this.#consenter, attributes: { email_subscribe: state } };
    const outcome = await this.#call({ payload });
    this.#consent = outcome === 'sent' || outcome === 'queued' ? state : undefined;
    await sleep(COMPARED_AGE_MS);
  }

  /** A refusal of consent that is the last word of a person stands at the end, unless an operator must redrive it. */
  #checkConsent(): void {
    const isWaiting = this.#stage.deadLetters.messages.some(
      ({ body }) => body.includes(this.#consenter) && body.includes('"unsubscribed"'),
    );
    if (this.#consent !== 'unsubscribed' || isWaiting) return;
    this.#tally.refusals += 1;
    const state = this.#stage.braze.profile({ external_id: this.#consenter })?.attributes.email_subscribe;
    if (state !== 'unsubscribed') throw new Error(`A refusal of consent became ${state}.`);
  }

  /** The ids that SQS deletes because of the answer. */
  async #invoke(event: object, lambda: { getRemainingTimeInMillis: () => number }): Promise<readonly string[]> {
    const { batchItemFailures } = await this.#redeliver(event, lambda);
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    const { Records } = event as { readonly Records: readonly { readonly messageId: string }[] };
    return Records.map(({ messageId }) => messageId).filter((id) => !failed.includes(id));
  }

  /** A new consumer remembers no message, and it remembers messages by their ids. */
  #crashConsumer(): void {
    this.#isStale = true;
    this.#redeliver = createRedeliverHandler(redeliver, this.#createRuntime());
    for (const message of this.#stage.undelivered.messages) message.id = randomUUID();
    this.#allowRepetitions(this.#stage.undelivered.messages, (person) => this.#notDeadLettered.has(person));
    this.#notDeadLettered.clear();
  }

  async #drain(): Promise<void> {
    for (const service of ['braze', 'sqs', 'ssm'] as const) this.#clearFaults(service);
    const queue = this.#stage.undelivered;
    const lambda = { getRemainingTimeInMillis: () => 60_000 };
    for (let round = 0; queue.messages.length > 0; round += 1) {
      if (round === 8) throw new Error('The queue does not empty.');
      if (round > 0) await sleep(OPEN_MS);
      queue.delete(await this.#invoke(queue.deliver(queue.messages), lambda));
    }
  }

  #allowRepetition(person: string): void {
    const record = this.#people.get(person);
    if (record !== undefined) record.repetitions += 1;
  }

  /** Each of the messages may be sent once more. */
  #allowRepetitions(messages: readonly StoredMessage[], applies = (_person: string) => true): void {
    for (const { body } of messages) {
      const people = new Set(parseChanges(body).map(({ person }) => person));
      for (const person of people) if (applies(person)) this.#allowRepetition(person);
    }
  }

  /** Checks for every change of every call what its answer promised (docs/contract.md, "The answer" and "Delivery"). */
  #check(when: string): void {
    const profiles = new Map(this.#stage.braze.profiles.map((profile) => [profile.external_id, profile]));
    const readKeys = (messages: readonly StoredMessage[]) =>
      new Set(messages.flatMap(({ body }) => parseChanges(body).map(({ person, change }) => `${person} ${change}`)));
    const queued = readKeys(this.#stage.undelivered.messages);
    const deadLettered = readKeys(this.#stage.deadLetters.messages);

    for (const [person, { changes, outcome, repetitions }] of this.#people) {
      const profile = profiles.get(person);
      const timesAtBraze: Readonly<Record<Change, number>> = {
        attribute: profile?.custom_attributes.plan === 'gold' ? 1 : 0,
        inc: Number(profile?.custom_attributes.visits ?? 0),
        event: profile?.events.length ?? 0,
        purchase: profile?.purchases.length ?? 0,
      };
      for (const change of changes) {
        const times = timesAtBraze[change];
        const key = `${person} ${change}`;
        const broken = (promise: string) =>
          new Error(
            `${when}: ${change}, answered ${outcome}, is ${times} times at Braze${queued.has(key) ? ', queued' : ''}${deadLettered.has(key) ? ', dead-lettered' : ''}: ${promise}`,
          );
        if (times > 1 + repetitions) throw broken(`sent again, though only ${repetitions} repetitions were possible`);
        if (times > 1) this.#tally.repeated += 1;
        if (deadLettered.has(key)) this.#tally.deadLettered += 1;
        if (times > 0 && outcome === 'queued') this.#tally.redelivered += 1;
        if (outcome === 'sent' && times === 0) throw broken('missing');
        if (outcome === 'in_doubt' && !deadLettered.has(key)) throw broken('not dead-lettered');
        if (outcome === 'queued' && times === 0 && !queued.has(key) && !deadLettered.has(key)) throw broken('vanished');
      }
    }
  }
}
