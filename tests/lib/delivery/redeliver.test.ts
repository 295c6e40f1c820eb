import { startBraze } from '../../../emulators/braze/server.ts';
import { startServer } from '../../../emulators/server.ts';
import { type SqsEmulator, startSqs } from '../../../emulators/sqs.ts';
import { deadlineIn } from '../../../lib/deadline.ts';
import { type QueueRecord, redeliver } from '../../../lib/delivery/redeliver.ts';
import { parseSqsRecords } from '../../../lib/entry/sqs.ts';
import { createRuntime, type Runtime } from '../../../lib/runtime.ts';
import { closedPort } from '../../support/raw-server.ts';
import { API_KEY, startStage, type TestStage } from '../../support/stage.ts';

const PATH = '/pypestream-braze/sandbox';
const TIME = '2026-05-01T10:00:00Z';

let deployed: TestStage;
let stage: Runtime;
let sqs: SqsEmulator | undefined;

beforeAll(async () => {
  deployed = await startStage();
});
beforeEach(async () => {
  await deployed.reset();
  stage = createRuntime();
});
afterEach(async () => {
  await sqs?.close();
  sqs = undefined;
});
afterAll(() => deployed.close());

let made = 0;
const arrival = (body: unknown, more: Partial<QueueRecord> = {}): QueueRecord => {
  made += 1;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { messageId: `m-${made}`, receiptHandle: `r-${made}`, body: text, receives: 1, ...more };
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
const saysOf = (external_id: string, more: object = {}) =>
  message({ attributes: [{ external_id, first_name: 'Ann' }] }, { replay_safe: true, ...more });
const eventOf = (external_id: string, name = 'came') => ({ external_id, name, time: TIME });
const buysOf = (external_id: string, product_id = 'p') =>
  message({ purchases: [{ external_id, product_id, currency: 'EUR', price: 1, time: TIME }] });
const events = (id: string, count: number) =>
  message({ events: Array.from({ length: count }, (_, n) => eventOf(id, `${id}-${n}`)) });

const run = (arrivals: readonly QueueRecord[], milliseconds = 20_000) =>
  redeliver(arrivals, stage, deadlineIn(milliseconds));

const parked = async () =>
  (await deployed.deadLetters.drain()).map(({ body, reason }) => {
    const read = JSON.parse(body);
    expect(read.reason).toBe(reason);
    return { reason, request: read.request };
  });

const EVERYTHING = { returned: [], parked: 0 };
const idsOf = (arrivals: readonly QueueRecord[]) => arrivals.map(({ messageId }) => messageId);

describe('a batch', () => {
  test('of nothing needs nothing', async () => {
    expect(await run([])).toMatchObject({ ...EVERYTHING, delivered: 0, requests: 0 });
    expect(deployed.braze.requests).toHaveLength(0);
  });

  test('is one request where 75 objects hold it', async () => {
    const result = await run(
      [saysOf('ann'), events('bob', 70), buysOf('cid'), saysOf('dan')].map((one) => arrival(one)),
    );
    expect(result).toMatchObject({ ...EVERYTHING, delivered: 4, requests: 1, status: 201 });
    expect(deployed.braze.requests).toHaveLength(1);
    expect(deployed.braze.profiles).toHaveLength(4);
  });

  test('is several requests at a time where it takes several', async () => {
    const slow = await startBraze({ apiKey: API_KEY, latencyMs: 300 });
    deployed.ssm.parameters.put(`${PATH}/braze_url`, slow.url);
    const began = performance.now();
    const result = await run(['a', 'b', 'c', 'd'].map((id) => arrival(events(id, 75))));
    expect(performance.now() - began).toBeLessThan(900);
    expect(result).toMatchObject({ ...EVERYTHING, delivered: 4, requests: 4 });
    expect(result.milliseconds).toBeGreaterThanOrEqual(295);
    await slow.close();
  });

  test('has a message that SQS delivers twice only once', async () => {
    const twice = arrival(buysOf('ann'));
    expect(await run([twice, { ...twice, receiptHandle: 'other' }])).toMatchObject({ ...EVERYTHING, delivered: 1 });
    expect(deployed.braze.profile({ external_id: 'ann' })?.purchases).toHaveLength(1);
  });

  test('reads the key once more where it was rotated', async () => {
    await run([arrival(saysOf('ann'))]);
    deployed.braze.apiKey = 'rotated';
    deployed.ssm.parameters.put(`${PATH}/braze_api_key`, 'rotated', 'SecureString');
    expect(await run([arrival(saysOf('bob'))])).toMatchObject({ ...EVERYTHING, delivered: 1 });
  });

  test('sends a message for another endpoint by itself', async () => {
    const body = { canvas_id: 'c', recipients: [{ external_user_id: 'ann' }] };
    const other = { ...message({}), endpoint: 'canvas/trigger/send', request: body };
    await run([arrival(other), arrival(saysOf('ann'))]);
    expect(deployed.braze.requests.map(({ path }) => path).toSorted()).toEqual([
      '/canvas/trigger/send',
      '/users/track',
    ]);
    expect(deployed.braze.requests.find(({ path }) => path === '/canvas/trigger/send')?.json).toEqual(body);
  });

  test.each([
    ['a Canvas that is paused', 'canvas/trigger/send', { canvas_id: 'c', recipients: [{ external_user_id: 'ann' }] }],
    [
      'an alias that nobody has',
      'users/identify',
      { aliases_to_identify: [{ external_id: 'ann', user_alias: { alias_name: 'a', alias_label: 'l' } }] },
    ],
  ])('is parked where Braze takes it and does nothing: %s', async (_, endpoint, request) => {
    deployed.braze.canvases.c = 'paused';
    const result = await run([arrival({ ...message({}), endpoint, request })]);
    expect(result).toMatchObject({ returned: [], delivered: 0, parked: 1, status: 201 });
    expect(await parked()).toEqual([{ reason: 'rejected', request }]);
  });
});

describe('what Braze refuses of a request', () => {
  test('is parked, reduced to what was refused, and all else is delivered', async () => {
    const mixed = message({
      attributes: [{ external_id: 'bob', first_name: 'Bob' }],
      events: [eventOf('bob', 'good'), { external_id: 'bob', name: 'bad' }, { name: 'worse', time: TIME }],
    });
    const result = await run([arrival(saysOf('ann')), arrival(mixed), arrival(events('cid', 2))]);
    expect(result).toMatchObject({ returned: [], delivered: 2, parked: 1, requests: 1 });
    expect(result.reasons).toEqual(new Set(['rejected']));
    expect(await parked()).toEqual([
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
    expect(deployed.braze.profile({ external_id: 'bob' })?.events.map(({ name }) => name)).toEqual(['good']);
  });

  test('and does not say where it stands puts all of it in doubt', async () => {
    deployed.braze.fault('partial-text');
    const result = await run([arrival(saysOf('ann')), arrival(saysOf('bob'))]);
    expect(result).toMatchObject({ returned: [], delivered: 0, parked: 2 });
    expect((await parked()).map(({ reason }) => reason)).toEqual(['in_doubt', 'in_doubt']);
  });

  test('is found by halving where Braze refuses the whole request', async () => {
    const small = await startBraze({ apiKey: API_KEY, maxObjects: 4 });
    deployed.ssm.parameters.put(`${PATH}/braze_url`, small.url);
    const good = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => arrival(saysOf(id)));
    const result = await run([...good, arrival(events('zed', 5))]);
    expect(result).toMatchObject({ returned: [], delivered: 7, parked: 1 });
    expect((await parked()).map(({ request }) => request.events.length)).toEqual([5]);
    expect(small.profiles).toHaveLength(7);
    await small.close();
  });

  test('with 413 is halved down to the single message', async () => {
    deployed.braze.fault('413');
    const result = await run([arrival(saysOf('ann')), arrival(saysOf('bob'))]);
    expect(result).toMatchObject({ returned: [], delivered: 0, parked: 2, requests: 3 });
    expect((await parked()).map(({ reason }) => reason)).toEqual(['rejected', 'rejected']);
  });

  test('entirely, with success, is rejected', async () => {
    deployed.braze.fault('refused');
    expect(await run([arrival(saysOf('ann'))])).toMatchObject({ returned: [], delivered: 0, parked: 1 });
    expect((await parked()).map(({ reason }) => reason)).toEqual(['rejected']);
  });

  test('without a place, and accepts nothing, is rejected', async () => {
    const body = '{"message":"success","errors":["nothing of this"]}';
    const server = await startServer(1_000_000, ({ send }) => send({ status: 201, body }));
    deployed.ssm.parameters.put(`${PATH}/braze_url`, server.url);
    expect(await run([arrival(saysOf('ann'))])).toMatchObject({ returned: [], delivered: 0, parked: 1 });
    expect((await parked()).map(({ reason }) => reason)).toEqual(['rejected']);
    await server.close();
  });
});

describe('a message that can not be sent', () => {
  test.each<[string, unknown, string]>([
    ['is no JSON', 'hello', 'unreadable'],
    ['is of another version', { ...saysOf('ann'), version: 2 }, 'unreadable'],
    ['is of another stage', { ...saysOf('ann'), stage: 'prod' }, 'misconfigured'],
  ])('because it %s is parked, and does not keep others', async (_what, body, reason) => {
    const odd = arrival(body);
    const result = await run([odd, arrival(saysOf('bob'))]);
    expect(result).toMatchObject({ returned: [], delivered: 1, parked: 1, reasons: new Set([reason]) });
    const [lying, ...more] = await deployed.deadLetters.drain();
    expect(more).toEqual([]);
    expect(lying?.reason).toBe(reason);
    if (reason === 'unreadable') expect(lying?.body).toBe(odd.body);
    else expect(JSON.parse(lying?.body ?? '')).toEqual({ ...saysOf('ann'), stage: 'prod', reason });
  });

  test('because a parameter is missing is parked', async () => {
    deployed.ssm.parameters.delete(`${PATH}/braze_url`);
    const result = await run([arrival(saysOf('ann')), arrival(saysOf('bob'))]);
    expect(result).toMatchObject({ returned: [], parked: 2, requests: 0, cause: { name: 'ConfigurationError' } });
    expect((await parked()).map(({ reason }) => reason)).toEqual(['misconfigured', 'misconfigured']);
  });

  test.each(['401', '403', '404', 'redirect'] as const)('because Braze answers %s is parked', async (fault) => {
    deployed.braze.fault(fault);
    expect(await run([arrival(saysOf('ann')), arrival(buysOf('bob'))])).toMatchObject({ returned: [], parked: 2 });
    expect((await parked()).map(({ reason }) => reason)).toEqual(['misconfigured', 'misconfigured']);
  });
});

describe('a message that failed for a passing reason', () => {
  /** Puts messages into the queue and takes them out again, as Lambda does. */
  const received = async (bodies: readonly object[]) => {
    for (const body of bodies) await deployed.undelivered.put(JSON.stringify(body));
    return parseSqsRecords(deployed.undelivered.poll());
  };

  test.each(['503', '429:retry-after:600', '429:none'] as const)('such as %s goes back, later', async (fault) => {
    deployed.braze.fault(fault);
    const { inFlight } = deployed.undelivered.counts();
    const arrivals = await received([saysOf('ann'), buysOf('bob')]);
    expect(await run(arrivals)).toMatchObject({ returned: idsOf(arrivals), delivered: 0, parked: 0 });
    expect(deployed.undelivered.counts()).toMatchObject({ visible: 0, inFlight: inFlight + 2 });
    expect(await deployed.deadLetters.drain()).toEqual([]);
  });

  test('such as no connection goes back', async () => {
    deployed.ssm.parameters.put(`${PATH}/braze_url`, `http://127.0.0.1:${await closedPort()}`);
    const arrivals = await received([buysOf('ann')]);
    expect(await run(arrivals)).toMatchObject({ returned: idsOf(arrivals), parked: 0 });
  });

  test('such as SSM being down goes back, and Braze is left alone', async () => {
    deployed.ssm.fault('throttled');
    const arrivals = await received([saysOf('ann')]);
    const result = await run(arrivals, 3_000);
    expect(result).toMatchObject({ returned: idsOf(arrivals), requests: 0 });
    expect(result).toMatchObject({ cause: { name: 'ParametersUnavailableError' } });
    expect(deployed.braze.requests).toHaveLength(0);
  });

  test('keeps what was not sent yet from being tried', async () => {
    deployed.braze.fault('429:retry-after:60');
    const arrivals = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => arrival(events(id, 75)));
    const result = await run(arrivals);
    expect(result.requests).toBe(4);
    expect(new Set(result.returned)).toEqual(new Set(idsOf(arrivals)));
  });

  /** An SQS that only tells what it was asked. */
  const delaysOf = async (receives: readonly number[], fault: '503' | '429:retry-after:600'): Promise<unknown[]> => {
    const asked: { readonly ReceiptHandle: string; readonly VisibilityTimeout: number }[] = [];
    const server = await startServer(1_000_000, ({ received, send }) => {
      asked.push(JSON.parse(received.body?.toString() ?? ''));
      send({ status: 200, headers: { 'Content-Type': 'application/x-amz-json-1.0' }, body: '{}' });
    });
    deployed.environment({ AWS_ENDPOINT_URL_SQS: server.url });
    stage = createRuntime();
    deployed.braze.fault(fault);
    await run(receives.map((count) => arrival(saysOf(`p${count}`), { receiptHandle: `${count}`, receives: count })));
    await server.close();
    return asked
      .toSorted((a, b) => Number(a.ReceiptHandle) - Number(b.ReceiptHandle))
      .map(({ VisibilityTimeout }) => VisibilityTimeout);
  };

  test('comes again the later, the more often it came in vain, but within an hour', async () => {
    expect(await delaysOf([1, 2, 3, 7, 8, 100], '503')).toEqual([30, 60, 120, 1_920, 3_600, 3_600]);
  });

  test('comes no sooner than Braze asked for', async () => {
    expect(await delaysOf([1, 7], '429:retry-after:600')).toEqual([600, 1_920]);
  });

  test('goes back without a delay where the queue is not known, or SQS fails', async () => {
    deployed.braze.fault('503');
    const ann = arrival(saysOf('ann'));
    expect(await run([ann])).toMatchObject({ returned: [ann.messageId], cause: { name: expect.any(String) } });
    deployed.environment({ UNDELIVERED_QUEUE_URL: '' });
    stage = createRuntime();
    expect(await run([ann])).toMatchObject({ returned: [ann.messageId], cause: undefined });
  });
});

describe('a request that Braze may have processed', () => {
  test('parts the messages that may be repeated from those that may not', async () => {
    deployed.braze.fault('500-after');
    const [ann, bob] = [arrival(saysOf('ann')), arrival(buysOf('bob'))];
    expect(await run([ann, bob])).toMatchObject({ returned: [ann.messageId], parked: 1, requests: 1 });
    expect(deployed.braze.requests).toHaveLength(1);
    expect(await parked()).toEqual([{ reason: 'in_doubt', request: buysOf('bob').request }]);
  });

  test('is repeated once where all of it may be', async () => {
    deployed.braze.fault('500', 1);
    expect(await run([arrival(saysOf('ann'))])).toMatchObject({ ...EVERYTHING, delivered: 1, requests: 1 });
    expect(deployed.braze.requests).toHaveLength(2);
  });

  test('keeps the rest of the batch from getting in doubt as well', async () => {
    deployed.braze.fault('500-after');
    const arrivals = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => arrival(events(id, 75)));
    const result = await run(arrivals);
    expect(result).toMatchObject({ requests: 4, parked: 4 });
    expect(result.returned).toHaveLength(2);
  });

  test('is never sent again, however long SQS fails to park it', async () => {
    sqs = await startSqs({ fault: '500' });
    deployed.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    stage = createRuntime();
    deployed.braze.fault('500-after', 1);
    const bob = arrival(buysOf('bob'));
    for (let time = 0; time < 3; time += 1) {
      expect(await run([bob])).toMatchObject({ returned: [bob.messageId], parked: 0 });
    }
    deployed.environment();
    stage = createRuntime();
    expect(await run([bob])).toMatchObject({ returned: [], parked: 1, requests: 0 });
    expect(deployed.braze.requests).toHaveLength(1);
    expect(await parked()).toEqual([{ reason: 'in_doubt', request: buysOf('bob').request }]);
  });

  test('hangs no longer than leaves time to park it', async () => {
    deployed.braze.fault('hang');
    const began = performance.now();
    expect(await run([arrival(buysOf('bob'))], 5_200)).toMatchObject({ returned: [], parked: 1 });
    expect(performance.now() - began).toBeLessThan(5_200);
    expect((await parked()).map(({ reason }) => reason)).toEqual(['in_doubt']);
  });
});

describe('when SQS fails to park', () => {
  beforeEach(async () => {
    sqs = await startSqs({ fault: '500' });
    deployed.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    stage = createRuntime();
  });

  test.each<[string, unknown]>([
    ['unreadable', 'hello'],
    ['of another stage', { ...saysOf('ann'), stage: 'prod' }],
  ])('a message that is %s goes back', async (_what, body) => {
    const odd = arrival(body);
    const result = await run([odd, arrival(saysOf('bob'))]);
    expect(result).toMatchObject({ returned: [odd.messageId], delivered: 1, parked: 0 });
    expect(result).toMatchObject({ cause: { name: 'InternalFailure' } });
  });

  test('what was accepted of a message is not sent with it again', async () => {
    const mixed = arrival(message({ events: [eventOf('bob', 'good'), { external_id: 'bob', name: 'bad' }] }));
    expect(await run([mixed])).toMatchObject({ returned: [mixed.messageId], delivered: 0, parked: 0 });
    deployed.environment();
    stage = createRuntime();
    expect(await run([mixed])).toMatchObject({ returned: [], parked: 1, requests: 0 });
    expect((await parked()).map(({ request }) => request.events)).toEqual([[{ external_id: 'bob', name: 'bad' }]]);
    expect(deployed.braze.profile({ external_id: 'bob' })?.events).toHaveLength(1);
  });

  test('a message that was misconfigured is tried again', async () => {
    deployed.braze.fault('403', 1);
    const ann = arrival(saysOf('ann'));
    expect(await run([ann])).toMatchObject({ returned: [ann.messageId] });
    expect(await run([ann])).toMatchObject({ returned: [], delivered: 1 });
  });
});

describe('the deadline', () => {
  test.each([0, 100, 4_900])('that leaves %d ms lets nothing begin', async (milliseconds) => {
    const arrivals = [arrival(saysOf('ann')), arrival(buysOf('bob'))];
    expect(await run(arrivals, milliseconds)).toMatchObject({ returned: idsOf(arrivals), requests: 0 });
    expect(deployed.braze.requests).toHaveLength(0);
  });

  test('is kept while SQS hangs, too', async () => {
    sqs = await startSqs({ fault: 'hang' });
    deployed.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    stage = createRuntime();
    const [odd, ann] = [arrival('hello'), arrival(saysOf('ann'))];
    const began = performance.now();
    expect(await run([odd, ann], 300)).toMatchObject({ returned: [odd.messageId, ann.messageId] });
    expect(performance.now() - began).toBeLessThan(350);
  });
});
