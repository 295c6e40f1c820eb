import { startBraze } from '../../../emulators/braze/server.ts';
import { startServer } from '../../../emulators/server.ts';
import { type SqsEmulator, startSqs } from '../../../emulators/sqs.ts';
import { redeliver as definition } from '../../../handlers/redeliver.ts';
import { sleep } from '../../../lib/clock.ts';
import { createDeadline } from '../../../lib/deadline.ts';
import { parseMessage } from '../../../lib/delivery/message.ts';
import { redeliverBatch } from '../../../lib/delivery/redeliver-batch.ts';
import { RedeliveryMemory } from '../../../lib/delivery/redelivery-memory.ts';
import type { QueueRecord } from '../../../lib/delivery/settlement.ts';
import { parseSqsRecords } from '../../../lib/entry/sqs.ts';
import type { Runtime } from '../../../lib/runtime.ts';
import { CLOSED_URL } from '../../support/raw-server.ts';
import { API_KEY, startStage, type TestStage } from '../../support/stage.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

const endpoints = definition.nodes.map(({ endpoint }) => endpoint);
const TIME = '2026-05-01T10:00:00Z';

let stage: TestStage;
let runtime: Runtime;
let memory: RedeliveryMemory;
let sqs: SqsEmulator | undefined;

beforeAll(async () => {
  stage = await startStage();
});
beforeEach(async () => {
  await stage.reset();
  runtime = stage.createRuntime();
  memory = new RedeliveryMemory();
});
afterEach(async () => {
  await sqs?.close();
  sqs = undefined;
});
afterAll(() => stage.close());

let made = 0;
const createRecord = (body: unknown, more: Partial<QueueRecord> = {}): QueueRecord => {
  made += 1;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { messageId: `m-${made}`, receiptHandle: `r-${made}`, body: text, receiveCount: 1, ...more };
};

const message = (request: object, more: object = {}) => ({
  version: 1,
  node: 'track-user',
  stage: 'sandbox',
  reason: 'busy',
  time: '2026-05-01T10:00:00.000Z',
  endpoint: 'users/track',
  replay_safe: false,
  request: { ...request, partner: 'pypestream' },
  ...more,
});
const toAttributes = (external_id: string, more: object = {}) =>
  message({ attributes: [{ external_id, first_name: 'Ann' }] }, { replay_safe: true, ...more });
const toEvent = (external_id: string, name = 'came') => ({ external_id, name, time: TIME });
const toPurchase = (external_id: string, product_id = 'p') =>
  message({ purchases: [{ external_id, product_id, currency: 'EUR', price: 1, time: TIME }] });
const events = (id: string, count: number) =>
  message({ events: Array.from({ length: count }, (_, n) => toEvent(id, `${id}-${n}`)) });

const run = (records: readonly QueueRecord[], milliseconds = 20_000) =>
  redeliverBatch(records, { endpoints, runtime, memory }, createDeadline(milliseconds));

const readDeadLetters = async () =>
  (await stage.deadLetters.drain()).map(({ body, reason }) => {
    const read = JSON.parse(body);
    expect(read.reason).toBe(reason);
    return { reason, request: read.request };
  });

/** A Braze that gives these answers in turn: what is said beside the success, or a status. */
const pending = async (...answers: (object | number)[]) => {
  const server = await startServer(1_000_000, ({ send }) => {
    const answer = answers.shift();
    if (typeof answer === 'number') return send({ status: answer, body: '' });
    return send({ status: 201, body: JSON.stringify({ message: 'success', ...answer }) });
  });
  stage.setParameter('braze_url', server.url);
  return server;
};

const EVERYTHING = { failedIds: [], deadLettered: 0 };
const listIds = (records: readonly QueueRecord[]) => records.map(({ messageId }) => messageId);

describe('a batch', () => {
  test('without messages sends nothing', async () => {
    expect(await run([])).toMatchObject({ ...EVERYTHING, delivered: 0, requests: 0 });
    expect(stage.braze.requests).toHaveLength(0);
  });

  test('sends one message first, and the rest in one request of up to 75 objects', async () => {
    const result = await run(
      [toAttributes('ann'), events('bob', 70), toPurchase('cid'), toAttributes('dan')].map((one) => createRecord(one)),
    );
    expect(result).toMatchObject({ ...EVERYTHING, delivered: 4, requests: 2, status: 201 });
    expect(stage.braze.requests).toHaveLength(2);
    expect(stage.braze.profiles).toHaveLength(4);
  });

  test('sends several requests in parallel', async () => {
    const slow = await startBraze({ apiKey: API_KEY, latencyMs: 1_000 });
    stage.setParameter('braze_url', slow.url);
    const result = await run(['a', 'b', 'c', 'd'].map((id) => createRecord(events(id, 75))));
    expect(result).toMatchObject({ ...EVERYTHING, delivered: 4, requests: 4 });
    expect(result.brazeMs).toBe(1_000);
    await slow.close();
  });

  test('sends a message once that SQS put into it twice', async () => {
    const twice = createRecord(toPurchase('ann'));
    expect(await run([twice, { ...twice, receiptHandle: 'other' }])).toMatchObject({ ...EVERYTHING, delivered: 1 });
    expect(stage.braze.profile({ external_id: 'ann' })?.purchases).toHaveLength(1);
  });

  test('reads the key again if it was rotated', async () => {
    await run([createRecord(toAttributes('ann'))]);
    stage.braze.apiKey = 'rotated';
    stage.setParameter('braze_api_key', 'rotated');
    expect(await run([createRecord(toAttributes('bob'))])).toMatchObject({ ...EVERYTHING, delivered: 1 });
  });

  test('sends a message for another endpoint in a request of its own', async () => {
    const body = { canvas_id: 'c', recipients: [{ external_user_id: 'ann' }] };
    const time = new Date().toISOString();
    const other = { ...message({}, { time }), endpoint: 'canvas/trigger/send', request: body };
    await run([createRecord(other), createRecord(toAttributes('ann'))]);
    expect(stage.braze.requests.map(({ path }) => path).toSorted()).toEqual(['/canvas/trigger/send', '/users/track']);
    expect(stage.braze.requests.find(({ path }) => path === '/canvas/trigger/send')?.json).toEqual(body);
  });

  test.each([
    ['a Canvas that is paused', 'canvas/trigger/send', { canvas_id: 'c', recipients: [{ external_user_id: 'ann' }] }],
    [
      'an alias that nobody has',
      'users/identify',
      { aliases_to_identify: [{ external_id: 'ann', user_alias: { alias_name: 'a', alias_label: 'l' } }] },
    ],
  ])('dead-letters a message that Braze accepts without any effect: %s', async (_, endpoint, request) => {
    stage.braze.canvases.c = 'paused';
    const time = new Date().toISOString();
    const result = await run([createRecord({ ...message({}, { time }), endpoint, request })]);
    expect(result).toMatchObject({ failedIds: [], delivered: 0, deadLettered: 1, status: 201 });
    expect(await readDeadLetters()).toEqual([{ reason: 'rejected', request }]);
  });
});

describe('the part of a request that Braze rejects', () => {
  test('is dead-lettered, and the rest is delivered', async () => {
    const mixed = message({
      attributes: [{ external_id: 'bob', first_name: 'Bob' }],
      events: [toEvent('bob', 'good'), { external_id: 'bob', name: 'bad' }, { name: 'worse', time: TIME }],
    });
    const result = await run([createRecord(toAttributes('ann')), createRecord(mixed), createRecord(events('cid', 2))]);
    expect(result).toMatchObject({ failedIds: [], delivered: 2, deadLettered: 1, requests: 2 });
    expect(result.reasons).toEqual(new Set(['rejected']));
    expect(await readDeadLetters()).toEqual([
      {
        reason: 'rejected',
        request: {
          attributes: [],
          events: [
            { external_id: 'bob', name: 'bad' },
            { name: 'worse', time: TIME },
          ],
          partner: 'pypestream',
        },
      },
    ]);
    expect(stage.braze.profile({ external_id: 'bob' })?.events.map(({ name }) => name)).toEqual(['good']);
  });

  test('is found by sending each message alone if Braze gives no positions', async () => {
    stage.braze.fault('partial-text', 1);
    const result = await run([createRecord(toAttributes('ann')), createRecord(toAttributes('bob'))]);
    expect(result).toMatchObject({ ...EVERYTHING, delivered: 2, requests: 3 });
    expect(stage.braze.profiles).toHaveLength(2);
  });

  test('puts messages in doubt that are not idempotent if Braze gives no positions', async () => {
    const bad = { attributes_processed: 1, purchases_processed: 1, errors: ['bad'] };
    const server = await pending({}, bad, {});
    const batch = [
      createRecord(toAttributes('zed')),
      createRecord(toAttributes('ann')),
      createRecord(toPurchase('bob')),
      createRecord(toPurchase('cid')),
    ];
    expect(await run(batch)).toMatchObject({ failedIds: [], delivered: 2, deadLettered: 2, requests: 3 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['in_doubt', 'in_doubt']);
    await server.close();
  });

  test('puts a single message in doubt if Braze gives no positions', async () => {
    const server = await pending({ events_processed: 1, errors: ['bad'] });
    expect(await run([createRecord(events('ann', 2))])).toMatchObject({ failedIds: [], delivered: 0, deadLettered: 1 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['in_doubt']);
    await server.close();
  });

  test('is found by sending each message alone if Braze only gives counts', async () => {
    const server = await pending({ attributes_processed: 1 }, { attributes_processed: 1 }, { attributes_processed: 0 });
    const result = await run([createRecord(toAttributes('ann')), createRecord(toAttributes('bob'))]);
    expect(result).toMatchObject({ failedIds: [], delivered: 1, deadLettered: 1, requests: 3 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['rejected']);
    await server.close();
  });

  test('is found by halving if Braze rejects the whole request', async () => {
    const small = await startBraze({ apiKey: API_KEY, maxObjects: 4 });
    stage.setParameter('braze_url', small.url);
    const good = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => createRecord(toAttributes(id)));
    const result = await run([...good, createRecord(events('zed', 5))]);
    expect(result).toMatchObject({ failedIds: [], delivered: 7, deadLettered: 1 });
    expect((await readDeadLetters()).map(({ request }) => request.events.length)).toEqual([5]);
    expect(small.profiles).toHaveLength(7);
    await small.close();
  });

  test('is found by halving after a 413', async () => {
    stage.braze.fault('413');
    const result = await run([createRecord(toAttributes('ann')), createRecord(toAttributes('bob'))]);
    expect(result).toMatchObject({ failedIds: [], delivered: 0, deadLettered: 2, requests: 3 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['rejected', 'rejected']);
  });

  test('is dead-lettered as rejected if Braze answers success and rejects all objects', async () => {
    stage.braze.fault('refused');
    expect(await run([createRecord(toAttributes('ann'))])).toMatchObject({
      failedIds: [],
      delivered: 0,
      deadLettered: 1,
    });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['rejected']);
  });

  test('is dead-lettered as rejected if nothing was processed, even without positions', async () => {
    const body = '{"message":"success","errors":["nothing of this"]}';
    const server = await startServer(1_000_000, ({ send }) => send({ status: 201, body }));
    stage.setParameter('braze_url', server.url);
    expect(await run([createRecord(toAttributes('ann'))])).toMatchObject({
      failedIds: [],
      delivered: 0,
      deadLettered: 1,
    });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['rejected']);
    await server.close();
  });
});

describe('a message that cannot be sent', () => {
  const toMessage = (body: string) => {
    const parsed = parseMessage(body);
    return parsed.kind === 'message' ? parsed.message : undefined;
  };

  test.each<[string, unknown, string]>([
    ['is no JSON', 'hello', 'unreadable'],
    ['has no version', { ...toAttributes('ann'), version: undefined }, 'unreadable'],
    ['is for an endpoint that no node has', { ...toAttributes('ann'), endpoint: 'users/delete' }, 'misconfigured'],
    [
      'is for an endpoint that no node has with this method',
      { ...toAttributes('ann'), version: 2, method: 'DELETE', path: 'users/track', idempotent: true },
      'misconfigured',
    ],
    ['is of another stage', { ...toAttributes('ann'), stage: 'prod' }, 'misconfigured'],
  ])('is dead-lettered because it %s, and does not delay others', async (_what, body, reason) => {
    const invalid = createRecord(body);
    const result = await run([invalid, createRecord(toAttributes('bob'))]);
    expect(result).toMatchObject({ failedIds: [], delivered: 1, deadLettered: 1, reasons: new Set([reason]) });
    const [message, ...more] = await stage.deadLetters.drain();
    expect(more).toEqual([]);
    expect(message?.reason).toBe(reason);
    if (reason === 'unreadable') expect(message?.body).toBe(invalid.body);
    else expect(toMessage(message?.body ?? '')).toEqual({ ...toMessage(invalid.body), reason });
  });

  test('is dead-lettered because a parameter is missing', async () => {
    stage.setParameter('braze_url');
    const result = await run([createRecord(toAttributes('ann')), createRecord(toAttributes('bob'))]);
    expect(result).toMatchObject({
      failedIds: [],
      deadLettered: 2,
      requests: 0,
      cause: { name: 'ConfigurationError' },
    });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['misconfigured', 'misconfigured']);
  });

  test.each(['401', '403', '404', 'redirect'] as const)('is dead-lettered because Braze answers %s', async (fault) => {
    stage.braze.fault(fault);
    expect(await run([createRecord(toAttributes('ann')), createRecord(toPurchase('bob'))])).toMatchObject({
      failedIds: [],
      deadLettered: 2,
    });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['misconfigured', 'misconfigured']);
  });
});

describe('a message whose failure is retryable', () => {
  /** Puts messages into the queue and takes them out again, as Lambda does. */
  const received = async (bodies: readonly object[]) => {
    for (const body of bodies) await stage.undelivered.put(JSON.stringify(body));
    return parseSqsRecords(stage.undelivered.poll());
  };

  test.each(['503', '429:retry-after:600', '429:none'] as const)(
    'returns to the queue after %s, with a delay',
    async (fault) => {
      stage.braze.fault(fault);
      const { inFlight } = stage.undelivered.counts();
      const records = await received([toAttributes('ann'), toPurchase('bob')]);
      expect(await run(records)).toMatchObject({ failedIds: listIds(records), delivered: 0, deadLettered: 0 });
      expect(stage.undelivered.counts()).toMatchObject({ visible: 0, inFlight: inFlight + 2 });
      expect(await stage.deadLetters.drain()).toEqual([]);
    },
  );

  test('returns to the queue if there is no connection', async () => {
    stage.setParameter('braze_url', CLOSED_URL);
    const records = await received([toPurchase('ann')]);
    expect(await run(records)).toMatchObject({ failedIds: listIds(records), deadLettered: 0 });
  });

  test('returns to the queue while SSM is down, and nothing is sent to Braze', async () => {
    stage.ssm.fault('throttled');
    const records = await received([toAttributes('ann')]);
    const result = await run(records, 3_000);
    expect(result).toMatchObject({ failedIds: listIds(records), requests: 0 });
    expect(result).toMatchObject({ cause: { name: 'ParametersUnavailableError' } });
    expect(stage.braze.requests).toHaveLength(0);
  });

  test('stops the rest of the batch', async () => {
    stage.braze.fault('429:retry-after:60');
    const records = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => createRecord(events(id, 75)));
    const result = await run(records);
    expect(result.requests).toBe(1);
    expect(new Set(result.failedIds)).toEqual(new Set(listIds(records)));
  });

  /** An SQS that only tells what it was asked. */
  const measureDelays = async (
    receives: readonly number[],
    fault: '503' | '429:retry-after:600',
  ): Promise<unknown[]> => {
    const asked: { readonly ReceiptHandle: string; readonly VisibilityTimeout: number }[] = [];
    const server = await startServer(1_000_000, ({ received, send }) => {
      asked.push(JSON.parse(received.body?.toString() ?? ''));
      send({ status: 200, headers: { 'Content-Type': 'application/x-amz-json-1.0' }, body: '{}' });
    });
    stage.environment({ AWS_ENDPOINT_URL_SQS: server.url });
    runtime = stage.createRuntime();
    stage.braze.fault(fault);
    await run(
      receives.map((count) =>
        createRecord(toAttributes(`p${count}`), { receiptHandle: `${count}`, receiveCount: count }),
      ),
    );
    await server.close();
    return asked
      .toSorted((a, b) => Number(a.ReceiptHandle) - Number(b.ReceiptHandle))
      .map(({ VisibilityTimeout }) => VisibilityTimeout);
  };

  test('has a longer delay after each receive, of at most 15 minutes', async () => {
    expect(await measureDelays([1, 2, 3, 7, 8, 100], '503')).toEqual([30, 60, 120, 900, 900, 900]);
  });

  test('has at least the delay that Braze asks for', async () => {
    expect(await measureDelays([1, 7], '429:retry-after:600')).toEqual([600, 900]);
  });

  test('returns to the queue without a delay if the queue is not configured or SQS fails', async () => {
    stage.braze.fault('503');
    const ann = createRecord(toAttributes('ann'));
    expect(await run([ann])).toMatchObject({ failedIds: [ann.messageId], cause: { name: expect.any(String) } });
    stage.environment({ UNDELIVERED_QUEUE_URL: '' });
    runtime = stage.createRuntime();
    expect(await run([ann])).toMatchObject({ failedIds: [ann.messageId], cause: undefined });
  });
});

describe('a request that Braze may have processed', () => {
  test('dead-letters its messages that are not idempotent, and returns the others', async () => {
    const server = await pending({}, 500);
    const [zed, ann, bob] = [
      createRecord(toAttributes('zed')),
      createRecord(toAttributes('ann')),
      createRecord(toPurchase('bob')),
    ];
    expect(await run([zed, ann, bob])).toMatchObject({
      failedIds: [ann.messageId],
      delivered: 1,
      deadLettered: 1,
      requests: 2,
    });
    expect(await readDeadLetters()).toEqual([{ reason: 'in_doubt', request: toPurchase('bob').request }]);
    await server.close();
  });

  test('is retried once if all of its messages are idempotent', async () => {
    stage.braze.fault('500', 1);
    expect(await run([createRecord(toAttributes('ann'))])).toMatchObject({ ...EVERYTHING, delivered: 1, requests: 1 });
    expect(stage.braze.requests).toHaveLength(2);
  });

  test('does not put the rest of the batch in doubt', async () => {
    stage.braze.fault('500-after');
    const records = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => createRecord(events(id, 75)));
    const result = await run(records);
    expect(result).toMatchObject({ requests: 1, deadLettered: 1 });
    expect(result.failedIds).toHaveLength(5);
  });

  test('is never sent again, however long SQS fails to dead-letter it', async () => {
    sqs = await startSqs({ fault: '500' });
    stage.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    runtime = stage.createRuntime();
    stage.braze.fault('500-after', 1);
    const bob = createRecord(toPurchase('bob'));
    for (let time = 0; time < 3; time += 1) {
      expect(await run([bob])).toMatchObject({ failedIds: [bob.messageId], deadLettered: 0 });
    }
    stage.environment();
    runtime = stage.createRuntime();
    expect(await run([bob])).toMatchObject({ failedIds: [], deadLettered: 1, requests: 0 });
    expect(stage.braze.requests).toHaveLength(1);
    expect(await readDeadLetters()).toEqual([{ reason: 'in_doubt', request: toPurchase('bob').request }]);
  });

  test('ends early enough to dead-letter it', async () => {
    stage.braze.fault('hang');
    const began = performance.now();
    expect(await run([createRecord(toPurchase('bob'))], 5_200)).toMatchObject({ failedIds: [], deadLettered: 1 });
    expect(performance.now() - began).toBe(2_700);
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['in_doubt']);
  });
});

describe('when SQS fails to dead-letter', () => {
  beforeEach(async () => {
    sqs = await startSqs({ fault: '500' });
    stage.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    runtime = stage.createRuntime();
  });

  test.each<[string, unknown]>([
    ['unreadable', 'hello'],
    ['of another stage', { ...toAttributes('ann'), stage: 'prod' }],
  ])('a message that is %s returns to the queue', async (_what, body) => {
    const invalid = createRecord(body);
    const result = await run([invalid, createRecord(toAttributes('bob'))]);
    expect(result).toMatchObject({ failedIds: [invalid.messageId], delivered: 1, deadLettered: 0 });
    expect(result).toMatchObject({ cause: { name: 'InternalFailure' } });
  });

  test('the accepted part of a message is not sent again', async () => {
    const mixed = createRecord(message({ events: [toEvent('bob', 'good'), { external_id: 'bob', name: 'bad' }] }));
    expect(await run([mixed])).toMatchObject({ failedIds: [mixed.messageId], delivered: 0, deadLettered: 0 });
    stage.environment();
    runtime = stage.createRuntime();
    expect(await run([mixed])).toMatchObject({ failedIds: [], deadLettered: 1, requests: 0 });
    expect((await readDeadLetters()).map(({ request }) => request.events)).toEqual([
      [{ external_id: 'bob', name: 'bad' }],
    ]);
    expect(stage.braze.profile({ external_id: 'bob' })?.events).toHaveLength(1);
  });

  test('a misconfigured message is sent again', async () => {
    stage.braze.fault('403', 1);
    const ann = createRecord(toAttributes('ann'));
    expect(await run([ann])).toMatchObject({ failedIds: [ann.messageId] });
    expect(await run([ann])).toMatchObject({ failedIds: [], delivered: 1 });
  });
});

describe('a deadline', () => {
  test.each([0, 100, 4_900])('in %d ms is too early to send anything', async (milliseconds) => {
    const records = [createRecord(toAttributes('ann')), createRecord(toPurchase('bob'))];
    expect(await run(records, milliseconds)).toMatchObject({ failedIds: listIds(records), requests: 0 });
    expect(stage.braze.requests).toHaveLength(0);
  });

  test('is also met while SQS hangs', async () => {
    sqs = await startSqs({ fault: 'hang' });
    stage.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    runtime = stage.createRuntime();
    const [invalid, ann] = [createRecord('hello'), createRecord(toAttributes('ann'))];
    expect(await run([invalid, ann], 300)).toMatchObject({ failedIds: [invalid.messageId, ann.messageId] });
  });
});

describe('while Braze does not answer clearly', () => {
  const purchases = (count: number) => Array.from({ length: count }, (_, n) => createRecord(toPurchase(`p${n}`)));

  test('few messages come in doubt, and all others arrive once when Braze is back', async () => {
    stage.braze.fault('500');
    const all = purchases(40);
    let waiting: readonly QueueRecord[] = all;
    let requests = 0;
    for (let round = 0; round < 20; round += 1) {
      const report = await run(waiting.slice(round, round + 15));
      requests += report.requests;
      const settled = new Set(waiting.slice(round, round + 15).map(({ messageId }) => messageId));
      for (const id of report.failedIds) settled.delete(id);
      waiting = waiting.filter(({ messageId }) => !settled.has(messageId));
      if (round > 10) await sleep(70_000);
    }
    const inDoubt = await readDeadLetters();
    expect(inDoubt.map(({ reason }) => reason)).toEqual(Array(5).fill('in_doubt'));
    expect(requests).toBeLessThan(20);

    stage.braze.clearFaults();
    await sleep(70_000);
    expect(await run(waiting)).toMatchObject({ failedIds: [], delivered: 35, deadLettered: 0 });
    expect(stage.braze.profiles.map((profile) => profile.purchases.length)).toEqual(Array(35).fill(1));
  });

  test('the next request carries one message, an idempotent one first', async () => {
    stage.braze.fault('500', 1);
    await run(purchases(1));
    const before = stage.braze.requests.length;
    await run([...purchases(3), createRecord(toAttributes('ann')), createRecord(toAttributes('bob'))]);
    const [first, second, ...more] = stage.braze.requests.slice(before).map(({ json }) => json);
    expect(first).toEqual(toAttributes('ann').request);
    expect(second).toMatchObject({ attributes: [{ external_id: 'bob' }], purchases: [{}, {}, {}] });
    expect(more).toEqual([]);
  });

  test('an idempotent message is not sent before an older one of the same person', async () => {
    stage.braze.fault('500', 1);
    await run(purchases(1));
    const before = stage.braze.requests.length;
    const later = '2026-05-01T11:00:00.000Z';
    await run([
      createRecord(toPurchase('ann')),
      createRecord(toAttributes('ann', { time: later })),
      createRecord(toAttributes('bob', { time: later })),
    ]);
    expect(stage.braze.requests[before]?.json).toEqual(toAttributes('bob').request);
  });

  test('nothing is sent while the circuit breaker is open', async () => {
    for (let failure = 0; failure < 5; failure += 1) runtime.breaker.recordFailure();
    const records = purchases(2);
    expect(await run(records)).toMatchObject({ failedIds: listIds(records), requests: 0 });
    expect(stage.braze.requests).toHaveLength(0);
  });

  test('an idempotent message shows that Braze is back', async () => {
    for (let failure = 0; failure < 5; failure += 1) runtime.breaker.recordFailure();
    await sleep(5_000);
    expect(await run([...purchases(2), createRecord(toAttributes('ann'))])).toMatchObject({
      delivered: 3,
      requests: 2,
    });
    expect(stage.braze.requests[0]?.json).toEqual(toAttributes('ann').request);
  });
});

describe('a message that SQS delivers again', () => {
  test('after it was delivered is not sent again', async () => {
    const bob = createRecord(toPurchase('bob'));
    await run([bob]);
    expect(await run([{ ...bob, receiptHandle: 'other', receiveCount: 2 }])).toMatchObject({
      ...EVERYTHING,
      delivered: 0,
      requests: 0,
    });
    expect(stage.braze.profile({ external_id: 'bob' })?.purchases).toHaveLength(1);
  });

  test('after it was dead-lettered is not dead-lettered again', async () => {
    const invalid = createRecord('hello');
    await run([invalid]);
    expect(await run([invalid])).toMatchObject({ ...EVERYTHING, requests: 0 });
    expect(await stage.deadLetters.drain()).toHaveLength(1);
  });
});

test('a message of a later version goes back to the queue', async () => {
  const later = createRecord({ version: 3, anything: true });
  expect(await run([later, createRecord(toAttributes('ann'))])).toMatchObject({
    failedIds: [later.messageId],
    delivered: 1,
    deadLettered: 0,
  });
});

test('a message cannot make its request idempotent', async () => {
  stage.braze.fault('500');
  const wrong = createRecord({ ...toPurchase('bob'), replay_safe: true });
  expect(await run([wrong])).toMatchObject({ failedIds: [], deadLettered: 1, requests: 1 });
  expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['in_doubt']);
});

describe('consent', () => {
  const MINUTE = 60_000;
  const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
  const consent = (external_id: string, attributes: object, minutes: number, more: object = {}) =>
    message({ attributes: [{ external_id, ...attributes }] }, { replay_safe: true, time: ago(minutes), ...more });
  const optsIn = (external_id: string, minutes: number, more: object = {}) =>
    createRecord(consent(external_id, { email_subscribe: 'opted_in' }, minutes, more));
  const refuses = async (external_id: string) => {
    const attributes = [{ external_id, email_subscribe: 'unsubscribed' }];
    await fetch(`${stage.braze.url}/users/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` },
      body: JSON.stringify({ attributes }),
    });
  };
  const readState = (external_id: string) => stage.braze.profile({ external_id })?.attributes.email_subscribe;
  const paths = () => stage.braze.requests.map(({ path }) => path);

  test('is left out if the person has unsubscribed since', async () => {
    await refuses('ann');
    expect(await run([optsIn('ann', 20)])).toMatchObject({ ...EVERYTHING, delivered: 0, superseded: 1 });
    expect(readState('ann')).toBe('unsubscribed');
  });

  test('is left out if the person has unsubscribed since, and the rest is sent', async () => {
    await refuses('ann');
    const both = createRecord(consent('ann', { email_subscribe: 'opted_in', first_name: 'Ann' }, 20));
    expect(await run([both])).toMatchObject({ ...EVERYTHING, delivered: 1, superseded: 1 });
    expect(stage.braze.profile({ external_id: 'ann' })?.attributes).toMatchObject({
      email_subscribe: 'unsubscribed',
      first_name: 'Ann',
    });
  });

  test('of the last 15 minutes is sent without a comparison', async () => {
    await run([optsIn('ann', 14)]);
    expect(readState('ann')).toBe('opted_in');
    expect(paths()).toEqual(['/users/track']);
  });

  test('of fifty people is compared with one request', async () => {
    const people = Array.from({ length: 50 }, (_, n) => `u${n}`);
    const result = await run(people.map((id) => optsIn(id, 20)));
    expect(result).toMatchObject({ ...EVERYTHING, delivered: 50, superseded: 0 });
    expect(paths().filter((path) => path === '/users/export/ids')).toHaveLength(1);
    expect(readState('u49')).toBe('opted_in');
  });

  test('is always sent if it is a refusal', async () => {
    await run([createRecord(consent('ann', { email_subscribe: 'unsubscribed' }, 600))]);
    expect(readState('ann')).toBe('unsubscribed');
    expect(paths()).toEqual(['/users/track']);
  });

  test('is left out if a later message of the queue revokes it', async () => {
    const result = await run([createRecord(consent('ann', { email_subscribe: 'unsubscribed' }, 1)), optsIn('ann', 2)]);
    expect(result).toMatchObject({ ...EVERYTHING, delivered: 1, superseded: 1 });
    expect(await run([optsIn('ann', 2)])).toMatchObject({ ...EVERYTHING, delivered: 0, superseded: 1 });
    expect(readState('ann')).toBe('unsubscribed');
  });

  test('is left out if it is revoked in the same moment', async () => {
    const refusal = consent('ann', { email_subscribe: 'unsubscribed' }, 2);
    const permission = { ...consent('ann', { email_subscribe: 'opted_in' }, 2), time: refusal.time };
    expect(await run([createRecord(refusal), createRecord(permission)])).toMatchObject({ delivered: 1, superseded: 1 });
    expect(readState('ann')).toBe('unsubscribed');
  });

  test('for a subscription group is left out if a later message has revoked it, and the other groups are sent', async () => {
    const group = (subscription_group_id: string, subscription_state: string) => ({
      subscription_group_id,
      subscription_state,
    });
    const [g, h] = ['6f9619ff-8b86-4d01-942d-00c04fc964ff', '6f9619ff-8b86-4d01-942d-00c04fc964fe'] as const;
    await run([createRecord(consent('ann', { subscription_groups: [group(g, 'unsubscribed')] }, 5))]);
    const older = [group(g, 'subscribed'), group(h, 'subscribed')];
    const both = createRecord(consent('ann', { subscription_groups: older }, 10));
    expect(await run([both])).toMatchObject({ ...EVERYTHING, delivered: 1, superseded: 1 });
    const alone = createRecord(consent('ann', { subscription_groups: [group(g, 'subscribed')] }, 10));
    expect(await run([alone])).toMatchObject({ ...EVERYTHING, delivered: 0, superseded: 1 });
    const newer = createRecord(consent('ann', { subscription_groups: [group(g, 'subscribed')] }, 4));
    expect(await run([newer])).toMatchObject({ ...EVERYTHING, delivered: 1, superseded: 0 });
    const sent = stage.braze.requests.map(({ json }) => (json as { attributes: unknown[] }).attributes[0]);
    expect(sent).toEqual([
      { external_id: 'ann', subscription_groups: [group(g, 'unsubscribed')] },
      { external_id: 'ann', subscription_groups: [group(h, 'subscribed')] },
      { external_id: 'ann', subscription_groups: [group(g, 'subscribed')] },
    ]);
  });

  const server = (exporting: () => { readonly status: number; readonly body: object }, tracking = 201) =>
    startServer(1_000_000, ({ received, send }) => {
      const isExport = received.path === '/users/export/ids';
      const { status, body } = isExport ? exporting() : { status: tracking, body: { message: 'success' } };
      send({ status, body: JSON.stringify(body) });
    });

  test.each<[string, number, object]>([
    ['the key may not read profiles', 403, { message: 'Access Denied' }],
    ['the key may not read profiles, told as an unknown key', 401, { message: 'Invalid API key' }],
    ['Braze fails to answer', 500, {}],
    ['the answer has no such fields', 201, { message: 'success', users: [{ external_id: 'ann' }] }],
    ['the answer is another one', 201, { message: 'success' }],
  ])('that is old is dead-lettered as stale if %s, and sent if it is recent', async (_case, status, body) => {
    const braze = await server(() => ({ status, body }));
    stage.setParameter('braze_url', braze.url);
    expect(await run([optsIn('ann', 20)])).toMatchObject({ failedIds: [], delivered: 0, deadLettered: 1 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['stale']);
    expect(await run([optsIn('ann', 5)])).toMatchObject({ ...EVERYTHING, delivered: 1 });
    expect(await run([optsIn('ann', 20, { reason: 'stale' })])).toMatchObject({ ...EVERYTHING, delivered: 1 });
    await braze.close();
  });

  test('for a subscription group that is old is dead-lettered as stale with its whole message', async () => {
    const groups = [{ subscription_group_id: 'g', subscription_state: 'subscribed' }];
    const old = createRecord(consent('ann', { first_name: 'Ann', subscription_groups: groups }, 20));
    expect(await run([old])).toMatchObject({ failedIds: [], delivered: 0, deadLettered: 1 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['stale']);
    expect(stage.braze.requests).toHaveLength(0);
  });

  test('waits while Braze is down, and while it limits the rate of look-ups', async () => {
    stage.braze.fault('500');
    const ann = optsIn('ann', 20);
    expect(await run([ann])).toMatchObject({ failedIds: [ann.messageId], deadLettered: 0 });
    stage.braze.clearFaults();
    stage.braze.fault('429:retry-after:60');
    expect(await run([ann])).toMatchObject({ failedIds: [ann.messageId], deadLettered: 0 });
    for (let failure = 0; failure < 5; failure += 1) runtime.breaker.recordFailure();
    expect(await run([ann])).toMatchObject({ failedIds: [ann.messageId], deadLettered: 0, requests: 0 });
  });

  test('is dead-lettered as misconfigured if Braze rejects the key', async () => {
    stage.braze.fault('401');
    expect(await run([optsIn('ann', 20)])).toMatchObject({ failedIds: [], deadLettered: 1 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['misconfigured']);
  });

  test('returns to the queue if it is of more people than one batch may export', async () => {
    const people = Array.from({ length: 12 }, (_, n) =>
      createRecord(
        message(
          { attributes: [{ email: `a${n}@example.com`, email_subscribe: 'opted_in' }] },
          { replay_safe: true, time: ago(20) },
        ),
      ),
    );
    expect(await run(people)).toMatchObject({ failedIds: listIds(people.slice(10)), delivered: 10, deadLettered: 0 });
  });
});

describe('a message that triggers something', () => {
  beforeEach(() => {
    stage.braze.canvases.c = 'active';
  });

  const trigger = (minutes: number, more: object = {}) =>
    createRecord(
      message(
        {},
        {
          node: 'trigger-canvas',
          endpoint: 'canvas/trigger/send',
          request: { canvas_id: 'c', recipients: [{ external_user_id: 'ann' }] },
          time: new Date(Date.now() - minutes * 60_000).toISOString(),
          ...more,
        },
      ),
    );

  test('is sent within an hour, and dead-lettered as expired after it', async () => {
    expect(await run([trigger(59)])).toMatchObject({ ...EVERYTHING, delivered: 1 });
    expect(await run([trigger(61)])).toMatchObject({ failedIds: [], delivered: 0, deadLettered: 1, requests: 0 });
    expect((await readDeadLetters()).map(({ reason }) => reason)).toEqual(['expired']);
  });

  test('is sent later if an operator has redriven it', async () => {
    expect(await run([trigger(600, { reason: 'expired' })])).toMatchObject({ ...EVERYTHING, delivered: 1 });
  });
});

const HOUR_MS = 3_600_000;

test('a transactional message that is redriven after more than 24 hours is not idempotent', async () => {
  const server = await startServer(1_000_000, ({ send }) => send({ status: 500, body: '' }));
  stage.setParameter('braze_url', server.url);
  const time = new Date(Date.now() - 30 * HOUR_MS).toISOString();
  const path = 'transactional/v1/campaigns/c/send';
  const old = { version: 2, method: 'POST', path, idempotent: true, reason: 'expired', time };
  const request = { external_send_id: 's', recipient: { external_user_id: 'ann' } };
  const { node, stage: name } = message({});
  const result = await run([createRecord({ node, stage: name, request, ...old })]);
  await server.close();
  expect(result).toMatchObject({ requests: 1, failedIds: [], reasons: new Set(['in_doubt']) });
});

test('a message that is nested too deeply is unreadable, and the others of its batch are delivered', async () => {
  const text = JSON.stringify(message({ attributes: [{ external_id: 'bob', x: 'DEEP' }] }));
  const deep = createRecord(text.replace('"DEEP"', `${'['.repeat(100_000)}${']'.repeat(100_000)}`));
  const result = await run([deep, createRecord(toAttributes('ann'))]);
  expect(result).toMatchObject({ failedIds: [], delivered: 1, reasons: new Set(['unreadable']) });
});

test('a bug does not return to the queue what Braze has accepted before', async () => {
  const { send } = runtime;
  let requests = 0;
  runtime = {
    ...runtime,
    send: (...args) => {
      requests += 1;
      if (requests > 1) throw new Error('a bug');
      return send(...args);
    },
  };
  const bought = createRecord({ ...toPurchase('ann'), time: '2026-05-01T09:00:00Z' });
  const others = [createRecord(toPurchase('bob')), createRecord(toPurchase('cid'))];
  memory.wasUnknown = true;
  const result = await run([bought, ...others]);
  expect(result).toMatchObject({ delivered: 1, endedEarly: true, cause: { message: 'a bug' } });
  expect(result.failedIds).toHaveLength(2);
});

test('an export that Braze rejects does not make the permissions of other people stale', async () => {
  const server = await startServer(1_000_000, ({ received, send }) => {
    const accepted = { message: 'success', users: [{ email_subscribe: 'subscribed' }] };
    const isRejected = received.path.includes('export') && String(received.body).includes('phone');
    return send(
      isRejected
        ? { status: 400, body: '{"message":"invalid phone"}' }
        : { status: 201, body: JSON.stringify(accepted) },
    );
  });
  stage.setParameter('braze_url', server.url);
  const time = new Date(Date.now() - HOUR_MS).toISOString();
  const permit = (identifier: object) =>
    createRecord({ ...message({ attributes: [{ ...identifier, email_subscribe: 'opted_in' }] }), time });
  const result = await run([permit({ phone: '+4915112345678' }), permit({ email: 'ann@example.com' })]);
  await server.close();
  expect(result).toMatchObject({ delivered: 1, deadLettered: 1, reasons: new Set(['stale']) });
});
