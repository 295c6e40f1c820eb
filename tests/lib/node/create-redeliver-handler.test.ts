import fc from 'fast-check';
import { redeliver } from '../../../handlers/redeliver.ts';
import { createRedeliverHandler } from '../../../lib/node/create-redeliver-handler.ts';
import { API_KEY, startStage, type TestStage } from '../../support/stage.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

let stage: TestStage;
beforeAll(async () => {
  stage = await startStage();
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

const LAMBDA = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 30_000 };

const invoke = async (event: unknown, lambda: Parameters<ReturnType<typeof createRedeliverHandler>>[1] = LAMBDA) => {
  const { result, text } = await stage.capture(() =>
    createRedeliverHandler(redeliver, stage.createRuntime())(event, lambda),
  );
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  return { result, text, line: JSON.parse(text) };
};

const purchase = {
  external_id: 'id-9f86d081',
  product_id: 'waldo',
  currency: 'EUR',
  price: 98_765,
  time: '2026-05-01',
};
const message = {
  version: 1,
  node: 'track-user',
  stage: 'sandbox',
  reason: 'busy',
  time: '2026-05-01T10:00:00.000Z',
  endpoint: 'users/track',
  replay_safe: false,
  request: { purchases: [{ ...purchase, time: '2026-05-01T10:00:00Z' }], partner: 'pypestream' },
};
const record = (messageId: string, body: string) => ({ messageId, receiptHandle: messageId, body });
const one = { Records: [record('m-1', JSON.stringify(message))] };
const NOTHING = { batchItemFailures: [] };
const BACK = { batchItemFailures: [{ itemIdentifier: 'm-1' }] };

describe('the answer to SQS', () => {
  test('lists no message if all are settled', async () => {
    const { result, line } = await invoke(one);
    expect(result).toEqual(NOTHING);
    expect(line).toMatchObject({
      level: 'INFO',
      node: 'redeliver',
      stage: 'sandbox',
      outcome: 'sent',
      request_id: 'r-1',
      braze_status: 201,
      delivered: 1,
      dead_lettered: 0,
      returned: 0,
      requests: 1,
      ssm_ms: expect.any(Number),
      braze_ms: expect.any(Number),
      total_ms: expect.any(Number),
    });
  });

  test('lists the messages that return to the queue', async () => {
    stage.braze.fault('503');
    const { result, line } = await invoke(one);
    expect(result).toEqual(BACK);
    expect(line).toMatchObject({ level: 'WARN', outcome: 'queued', braze_status: 503, returned: 1 });
  });

  test('lists every message if the environment is invalid', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const before = { ...process.env };
    Object.assign(process.env, stage.variables, { STAGE: '' });
    const result = await createRedeliverHandler(redeliver)(one, LAMBDA);
    process.env = before;
    const line = JSON.parse(String(write.mock.lastCall?.[0]));
    write.mockRestore();
    expect(result).toEqual(BACK);
    expect(line).toMatchObject({ level: 'ERROR', outcome: 'misconfigured', error: { name: 'ConfigurationError' } });
  });

  test('lists every message after a bug, which triggers an alarm', async () => {
    const broken = () => {
      throw new TypeError('not a function');
    };
    const { result, line } = await invoke(one, { getRemainingTimeInMillis: broken });
    expect(result).toEqual(BACK);
    expect(line).toMatchObject({ level: 'ERROR', outcome: 'unavailable', error: { name: 'TypeError' } });
  });

  test('lists what a bug in the middle of a batch left unsettled, which triggers an alarm', async () => {
    const runtime = {
      ...stage.createRuntime(),
      send: () => {
        throw new TypeError('a bug');
      },
    };
    const { result, text } = await stage.capture(() => createRedeliverHandler(redeliver, runtime)(one, LAMBDA));
    expect(result).toEqual(BACK);
    expect(JSON.parse(text)).toMatchObject({
      level: 'ERROR',
      outcome: 'unavailable',
      returned: 1,
      error: { name: 'TypeError' },
    });
  });

  test('does not need Lambda’s context', async () => {
    expect((await invoke(one, {})).result).toEqual(NOTHING);
  });

  test('comes before Lambda’s timeout, with every message if too little time is left', async () => {
    const { result } = await invoke(one, { getRemainingTimeInMillis: () => 1_000 });
    expect(result).toEqual(BACK);
    expect(stage.braze.requests).toHaveLength(0);
  });
});

describe('the outcome in the log', () => {
  test.each([
    ['403', 'misconfigured', 'ERROR'],
    ['500-after', 'in_doubt', 'ERROR'],
    ['413', 'partial', 'WARN'],
  ] as const)('is, when Braze answers %s, %s', async (fault, outcome, level) => {
    stage.braze.fault(fault);
    const { result, line, text } = await invoke(one);
    expect(result).toEqual(NOTHING);
    expect(line).toMatchObject({ outcome, level, dead_lettered: 1 });
    for (const secret of ['id-9f86d081', 'waldo', '98765', API_KEY]) expect(text).not.toContain(secret);
  });

  test('is misconfigured while a parameter is missing', async () => {
    stage.setParameter('braze_url');
    expect((await invoke(one)).line).toMatchObject({ outcome: 'misconfigured', error: { name: 'ConfigurationError' } });
  });
});

describe('any event', () => {
  test('has an answer with no ids but its own', async () => {
    const body = fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify(message)));
    const records = fc.array(
      fc.oneof(fc.jsonValue(), fc.record({ messageId: fc.constantFrom('a', 'b', 'c'), body }, { requiredKeys: [] })),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.record({ Records: records })), async (event) => {
        const { result } = await invoke(event);
        expect(Object.keys(result)).toEqual(['batchItemFailures']);
        for (const { itemIdentifier } of result.batchItemFailures) expect(['a', 'b', 'c']).toContain(itemIdentifier);
      }),
      { numRuns: 100 },
    );
  });
});
