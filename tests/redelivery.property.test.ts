import fc from 'fast-check';
import type { Fault } from '../emulators/braze/faults.ts';
import { sleep } from '../lib/clock.ts';
import { RedeliveryModel } from './support/redelivery-model.ts';
import { useVirtualTime } from './support/virtual-time.ts';

useVirtualTime({ stepMs: 5 });

/** A failure names it; then `DELIVERY_SEED=<seed> npx jest --coverage=false tests/redelivery` runs the same schedules. */
const SEED = Number(process.env.DELIVERY_SEED ?? Date.now() % 1_000_000_000);
/** Schedules take their steps together, because they share the clocks of the process. */
const SCHEDULES = 40;
/** As many messages as may be in doubt while a circuit breaker is still closed. */
const MAX_IN_DOUBT = 5;

const UNCLEAR: readonly Fault[] = ['500', '500-after', '502-after', '504-after', 'reset-after', 'html-after'];

const sample = <T>(schedule: fc.Arbitrary<T>): readonly T[] => fc.sample(schedule, { seed: SEED, numRuns: SCHEDULES });

const withSeed = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    throw new Error(`with DELIVERY_SEED=${SEED}`, { cause: error });
  }
};

let models: readonly RedeliveryModel[] = [];

beforeAll(async () => {
  models = await Promise.all(Array.from({ length: SCHEDULES }, () => RedeliveryModel.create()));
});
beforeEach(() => {
  for (const model of models) model.reset();
});
afterAll(async () => {
  await Promise.all(models.map(({ stage }) => stage.close()));
});

/** One step of every schedule, beside each other. */
const inStep = async <T>(schedules: readonly T[], step: (model: RedeliveryModel, schedule: T) => Promise<void>) => {
  await Promise.all(
    models.flatMap((model, at) => schedules.slice(at, at + 1).map((schedule) => step(model, schedule))),
  );
};

/** Braze is well, and the circuit breakers may try it again. */
const drain = async () => {
  for (const model of models) model.setFault(undefined);
  for (let round = 0; round < 8; round += 1) {
    await sleep(61_000);
    await inStep([...models], (model) => model.redeliver(100));
  }
  expect(models.map(({ stage }) => stage.undelivered.messages.length)).toEqual(models.map(() => 0));
};

test('while Braze is unclear a handful of messages is in doubt, whatever waits; then everything else arrives once', async () => {
  const changes = fc.array(fc.constantFrom('attribute', 'inc', 'event', 'purchase'), { minLength: 1, maxLength: 3 });
  const round = fc.record({
    fault: fc.constantFrom(...UNCLEAR),
    newcomers: changes,
    max: fc.constantFrom(1, 4, 100),
    waitMs: fc.constantFrom(0, 0, 5_000, 61_000),
    jumpMs: fc.constantFrom(0, 0, -86_400_000, 86_400_000),
    isDuplicated: fc.boolean(),
  });
  const ROUNDS = 8;
  const schedules = sample(
    fc.record({ wasWell: fc.boolean(), rounds: fc.array(round, { minLength: ROUNDS, maxLength: ROUNDS }) }),
  );
  await withSeed(async () => {
    const people = new Map(models.map((model) => [model, new Map<string, string>()]));
    const queue = (model: RedeliveryModel, change: 'attribute' | 'inc' | 'event' | 'purchase') => {
      const person = model.newPerson();
      people.get(model)?.set(person, change);
      model.queue(person, change);
    };
    await inStep(schedules, async (model, { wasWell }) => {
      if (wasWell) queue(model, 'purchase');
      await model.redeliver(1);
    });
    for (let number = 0; number < ROUNDS; number += 1) {
      await inStep(schedules, async (model, { rounds }) => {
        for (const { fault, newcomers, max, isDuplicated } of rounds.slice(number, number + 1)) {
          model.setFault(fault);
          for (const change of newcomers) queue(model, change);
          await model.redeliver(max, isDuplicated);
        }
      });
      const { waitMs = 0, jumpMs = 0 } = schedules[number]?.rounds[number] ?? {};
      await sleep(waitMs);
      // Somebody sets the wall clock.
      jest.setSystemTime(Date.now() + jumpMs);
    }
    const inDoubt = models.map((model) => model.deadLettered('in_doubt'));
    expect(Math.max(...inDoubt)).toBeLessThanOrEqual(MAX_IN_DOUBT);
    expect(Math.max(...inDoubt)).toBeGreaterThan(1);

    await drain();
    for (const model of models) {
      const deadLettered = model.peopleIn('deadLetters');
      for (const [person, change] of people.get(model) ?? []) {
        const times = model.timesAtBraze(person);
        const expected = deadLettered.has(person) ? [0, 1] : [1];
        expect({ change, times, isExpected: expected.includes(times) }).toEqual({ change, times, isExpected: true });
      }
    }
  });
});

test('a refusal of consent that is newer than a permission stands at the end', async () => {
  const step = fc.record({
    fault: fc.option(fc.constantFrom<Fault[]>('503', '500', '500-after', '429:none', 'reset-after'), {
      nil: undefined,
      freq: 2,
    }),
    says: fc.option(fc.constantFrom('opted_in', 'subscribed', 'unsubscribed'), { nil: undefined, freq: 5 }),
    max: fc.constantFrom(0, 1, 100),
    isDuplicated: fc.boolean(),
    ends: fc.integer({ min: 0, max: 9 }).map((die) => die === 9),
  });
  const STEPS = 7;
  const schedules = sample(fc.array(step, { minLength: STEPS, maxLength: STEPS }));
  await withSeed(async () => {
    const person = 'ann';
    const last = new Map<RedeliveryModel, string>();
    for (let number = 0; number < STEPS; number += 1) {
      await inStep(schedules, async (model, steps) => {
        for (const { fault, says, max, isDuplicated, ends } of steps.slice(number, number + 1)) {
          model.setFault(fault);
          if (ends) model.startEnvironments();
          if (says !== undefined) {
            const outcome = await model.subscribe(person, says);
            expect(outcome).toMatch(/^(?:sent|queued)$/);
            last.set(model, says);
          }
          if (max > 0) await model.redeliver(max, isDuplicated);
        }
      });
      await sleep(16 * 60_000);
    }
    await drain();
    const refused = models.filter((model) => last.get(model) === 'unsubscribed');
    expect(refused.length).toBeGreaterThan(SCHEDULES / 10);
    const states = refused.map(({ stage }) => stage.braze.profile({ external_id: person })?.attributes.email_subscribe);
    expect(new Set(states)).toEqual(new Set(['unsubscribed']));
  });
});
