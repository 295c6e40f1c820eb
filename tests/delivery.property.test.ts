import fc from 'fast-check';
import type { Fault } from '../emulators/braze/faults.ts';
import type { SqsFault } from '../emulators/sqs.ts';
import type { SsmFault } from '../emulators/ssm.ts';
import { redeliver as redeliverDefinition } from '../handlers/redeliver.ts';
import { trackUser } from '../handlers/track-user.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../lib/node/create-redeliver-handler.ts';
import {
  CHANGES,
  type ConsentState,
  type Crash,
  DeliveryModel,
  type RedeliverStep,
  type Step,
  type Tally,
} from './support/delivery-model.ts';
import { startStage, type TestStage } from './support/stage.ts';
import { useVirtualTime } from './support/virtual-time.ts';

useVirtualTime({ stepMs: 5 });

/*
 * How often a purchase may come to Braze: once, and once more for each thing by which the schedule itself made it
 * possible, as SQS delivers at least once:
 * - SQS delivered a message to a second consumer at the same time;
 * - a consumer crashed while it had the message, so that SQS delivered it again;
 * - SQS stored a message and its acknowledgement was lost, so that the sender stored it once more;
 * - a consumer could not dead-letter what is in doubt because SQS failed, too, and then crashed: only it knew.
 * Whatever Braze does (answer with an error or reset or hang after having processed it) makes nothing possible.
 */

/**
 * A failure prints its seed and path; then
 * `DELIVERY_SEED=<seed> DELIVERY_PATH=<path> npx jest tests/delivery -t 'consent'` (or 'clock') runs that schedule and
 * shortens it.
 */
const SEED = process.env.DELIVERY_SEED;
const PATH = process.env.DELIVERY_PATH;
/** Half of them of each kind. */
const SCHEDULES = 1_000;
/** Stages beside each other: a schedule mostly waits. */
const MODELS = SEED === undefined ? 25 : 1;

const ALWAYS = Number.POSITIVE_INFINITY;
const times = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(ALWAYS) },
);

const calls = fc.record<Extract<Step, { kind: 'calls' }>>({
  kind: fc.constant('calls'),
  changes: fc.subarray([...CHANGES], { minLength: 1 }),
  people: fc.integer({ min: 1, max: 2 }),
  crashes: fc.integer({ min: 0, max: 11 }).map((die) => die === 11),
});
const redeliverWith = (copies: readonly RedeliverStep['copies'][]) =>
  fc.record<RedeliverStep>({
    kind: fc.constant('redeliver'),
    max: fc.constantFrom(1, 2, 100),
    copies: fc.constantFrom(...copies),
    crash: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      fc.constantFrom<Crash[]>('before_start', 'before_acknowledgement', 0, 1, 2),
    ),
    isShortOfTime: fc.integer({ min: 0, max: 9 }).map((die) => die === 9),
  });
const redeliver = redeliverWith(['none', 'none', 'none', 'none', 'at once', 'later']);
const braze = fc.record<Extract<Step, { kind: 'braze_fault' }>>({
  kind: fc.constant('braze_fault'),
  fault: fc.constantFrom<Fault[]>(
    ...(['reset', 'reset-after', '500', '500-after', '502', '502-after', '503', '503', '504-after'] as const),
    ...(['429', '429:none', '429:retry-after:1', 'hang', 'hang-after', 'html-after', 'odd-message'] as const),
  ),
  times,
});
const sqs = fc.record<Extract<Step, { kind: 'sqs_fault' }>>({
  kind: fc.constant('sqs_fault'),
  fault: fc.constantFrom<SqsFault[]>('reset', '500', 'hang:150', 'reset-after', '500-after'),
  times,
});
const ssm = fc.record<Extract<Step, { kind: 'ssm_fault' }>>({
  kind: fc.constant('ssm_fault'),
  fault: fc.constantFrom<SsmFault[]>('throttled', 'internal', 'down', 'hang', 'denied'),
  times,
});
const other = fc.oneof<fc.Arbitrary<Step>[]>(
  fc.record({ kind: fc.constant('clear_faults' as const), service: fc.constantFrom('braze', 'sqs', 'ssm') }),
  fc.record({ kind: fc.constant('rotate_key' as const), inSsm: fc.boolean() }),
  fc.record({ kind: fc.constant('cold_start' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 61_000, 20 * 60_000) }),
);
const UNCLEAR: readonly Fault[] = ['500', '500-after', '502-after', '504-after', 'reset-after', 'html-after', 'hang'];
const brownout = fc.record<Extract<Step, { kind: 'brownout' }>>({
  kind: fc.constant('brownout'),
  waiting: fc.integer({ min: 1, max: 20 }),
  fault: fc.constantFrom(...UNCLEAR),
  rounds: fc.array(fc.tuple(redeliverWith(['none', 'none', 'later']), fc.constantFrom(0, 0, 5_000, 61_000)), {
    minLength: 1,
    maxLength: 6,
  }),
});
const jumpsBy = (...milliseconds: readonly number[]) =>
  fc.record({ kind: fc.constant('clock_jump' as const), ms: fc.constantFrom(...milliseconds) });
const consent = fc.record<Extract<Step, { kind: 'consent' }>>({
  kind: fc.constant('consent'),
  state: fc.constantFrom<ConsentState[]>('opted_in', 'subscribed', 'unsubscribed'),
});

const one = (step: fc.Arbitrary<Step>) => step.map((only): readonly Step[] => [only]);
/** Braze is down for a while, so that something is queued. */
const outage = fc
  .tuple(fc.constantFrom<Fault[]>('503', '429:none'), calls)
  .map(([fault, step]): readonly Step[] => [
    { kind: 'braze_fault', fault, times: ALWAYS },
    step,
    { kind: 'clear_faults', service: 'braze' },
  ]);
/** Braze and SQS fail a consumer together. */
const doubleFault = fc
  .tuple(braze, sqs, redeliver)
  .map(([first, second, work]): readonly Step[] => [
    first,
    { ...second, times: ALWAYS },
    work,
    { kind: 'clear_faults', service: 'sqs' },
    { kind: 'clear_faults', service: 'braze' },
  ]);

/** Braze takes a refusal while an older permission waits in the queue. */
const overtaken = fc
  .tuple(fc.constantFrom<ConsentState[]>('opted_in', 'subscribed'), redeliver)
  .map(([state, work]): readonly Step[] => [
    { kind: 'braze_fault', fault: '503', times: ALWAYS },
    { kind: 'consent', state },
    { kind: 'clear_faults', service: 'braze' },
    { kind: 'consent', state: 'unsubscribed' },
    work,
  ]);

const DAY_MS = 86_400_000;
/** All lanes share one wall clock, and nobody can tell which consent is newer if it is set back in between. */
const CLOCKS_OR_CONSENT = {
  'while the wall clock is set forward and back': one(jumpsBy(-DAY_MS, -5_000, 5_000, DAY_MS)),
  'while a person changes their consent': fc.oneof(
    { weight: 5, arbitrary: one(consent) },
    overtaken,
    one(jumpsBy(5_000, DAY_MS)),
  ),
};

const scheduleWith = (special: fc.Arbitrary<readonly Step[]>) =>
  fc
    .array(
      fc.oneof(
        { weight: 5, arbitrary: special },
        { weight: 1, arbitrary: one(brownout) },
        { weight: 5, arbitrary: one(calls) },
        { weight: 4, arbitrary: one(redeliver) },
        { weight: 4, arbitrary: one(braze) },
        { weight: 2, arbitrary: one(sqs) },
        { weight: 1, arbitrary: one(ssm) },
        { weight: 2, arbitrary: one(other) },
        { weight: 2, arbitrary: outage },
        { weight: 1, arbitrary: doubleFault },
      ),
      { minLength: 2, maxLength: 7 },
    )
    .map((parts) => parts.flat());

describe('whatever Braze, SQS, SSM and the consumers do', () => {
  const tally: Tally = {
    outcomes: new Map(),
    repeated: 0,
    redelivered: 0,
    deadLettered: 0,
    inDoubt: 0,
    refusals: 0,
  };
  let models: readonly DeliveryModel[] = [];
  const lines: string[] = [];

  beforeAll(async () => {
    models = await Promise.all(
      Array.from({ length: MODELS }, () => DeliveryModel.create(tally, (line) => lines.push(line))),
    );
  });
  afterAll(async () => {
    await Promise.all(models.map((model) => model.close()));
  });

  test.each(Object.entries(CLOCKS_OR_CONSENT))(
    'nothing that was promised is lost, and nothing is done twice, %s',
    async (_while, special) => {
      const seed = Number(SEED ?? Date.now() % 1_000_000_000);
      const result = await Promise.allSettled(
        models.map((model, lane) =>
          fc.assert(
            fc.asyncProperty(scheduleWith(special), (steps) => model.run(steps)),
            {
              seed: seed + lane,
              numRuns: Math.ceil(SCHEDULES / 2 / MODELS),
              // A shorter schedule is worth its time only to whoever asks for this one.
              endOnFailure: SEED === undefined,
              ...(PATH !== undefined && { path: PATH }),
            },
          ),
        ),
      );
      const failed = result.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
      expect(lines.join('\n')).not.toContain('person-');
    },
  );

  test('the schedules do what they are for', () => {
    if (SEED !== undefined) return;
    expect([...tally.outcomes.keys()].toSorted()).toEqual([
      'in_doubt',
      'misconfigured',
      'queued',
      'sent',
      'unavailable',
    ]);
    expect(tally.repeated).toBeGreaterThan(10);
    expect(Math.min(tally.redelivered, tally.deadLettered)).toBeGreaterThan(SCHEDULES / 10);
    expect(Math.min(tally.inDoubt, tally.refusals)).toBeGreaterThan(SCHEDULES / 20);
    expect(lines.filter((line) => /"superseded":[1-9]/.test(line)).length).toBeGreaterThan(SCHEDULES / 100);
  });
});

describe('on a local stage', () => {
  let stage: TestStage;

  beforeAll(async () => {
    stage = await startStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  test('what Braze could not take goes there and back, and arrives once', async () => {
    stage.braze.fault('503');
    const node = createHandler(trackUser, stage.createRuntime());
    const { result: answers } = await stage.capture(() =>
      Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          node({ payload: { external_id: `u${n}`, purchase: { product_id: 'mug', currency: 'EUR', price: 1 } } }),
        ),
      ),
    );
    expect(answers.map((answer) => 'outcome' in answer && answer.outcome)).toEqual(Array(8).fill('queued'));
    stage.braze.clearFaults();
    const before = stage.braze.requests.length;
    const { result } = await stage.capture(async () =>
      createRedeliverHandler(redeliverDefinition, stage.createRuntime())(stage.undelivered.poll()),
    );
    expect(result).toEqual({ batchItemFailures: [] });
    expect(stage.braze.requests).toHaveLength(before + 2);
    expect(stage.braze.profiles.map(({ purchases }) => purchases.length)).toEqual(Array(8).fill(1));
    expect(await stage.deadLetters.drain()).toEqual([]);
  });

  test.each(['hang', '503'] as const)(
    '%s is not asked about again after the fifth call, while requests are queued',
    async (fault) => {
      stage.environment({ TIME_BUDGET_MS: '500' });
      stage.braze.fault(fault);
      const node = createHandler(trackUser, stage.createRuntime());
      const call = () => node({ payload: { external_id: 'ann', attributes: { first_name: 'Ann' } } });
      let tried = 0;
      const { result } = await stage.capture(async () => {
        for (let n = 0; n < 5; n += 1) await call();
        tried = stage.braze.requests.length;
        const later: Awaited<ReturnType<typeof call>>[] = [];
        for (let n = 0; n < 25; n += 1) later.push(await call());
        return later;
      });
      expect(result.map((answer) => 'outcome' in answer && answer.outcome)).toEqual(Array(25).fill('queued'));
      expect(stage.braze.requests).toHaveLength(tried);
    },
  );
});
