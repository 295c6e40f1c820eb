import { readSettings } from '../../../lib/config/env.ts';
import { deadlineIn } from '../../../lib/deadline.ts';
import { keep } from '../../../lib/delivery/keep.ts';
import { LOCAL_AWS, makeQueue } from '../../support/queues.ts';
import { closedPort } from '../../support/raw-server.ts';
import { type FaultySqs, startFaultySqs } from '../../support/sqs-faults.ts';

let sqs: FaultySqs | undefined;
afterEach(() => sqs?.close());

const settingsOf = (variables: NodeJS.ProcessEnv) => readSettings({ ...LOCAL_AWS, STAGE: 'sandbox', ...variables });

const keepAt = async (endpoint: string, budget = 5_000) => {
  const settings = settingsOf({ AWS_ENDPOINT_URL_SQS: endpoint, DEAD_LETTER_QUEUE_URL: `${endpoint}/0/dead-letters` });
  const began = performance.now();
  const result = await keep('DEAD_LETTER_QUEUE_URL', '{}', 'in_doubt', settings, deadlineIn(budget));
  return { ...result, took: performance.now() - began };
};

describe('a text is kept', () => {
  test('in the queue that is asked for, once SQS has acknowledged it', async () => {
    const [undelivered, deadLetters] = await Promise.all([makeQueue(), makeQueue()]);
    const settings = settingsOf({ UNDELIVERED_QUEUE_URL: undelivered.url, DEAD_LETTER_QUEUE_URL: deadLetters.url });
    expect(await keep('UNDELIVERED_QUEUE_URL', '{"a":1}', 'busy', settings, deadlineIn(5_000))).toEqual({ kept: true });
    expect(await keep('DEAD_LETTER_QUEUE_URL', '{"b":2}', 'in_doubt', settings, deadlineIn(5_000))).toEqual({
      kept: true,
    });
    expect(await undelivered.drain()).toEqual([{ body: '{"a":1}', reason: 'busy' }]);
    expect(await deadLetters.drain()).toEqual([{ body: '{"b":2}', reason: 'in_doubt' }]);
  });
});

describe('a text is not kept', () => {
  test('where the stage has no such queue', async () => {
    const { url } = await makeQueue();
    const settings = settingsOf({ UNDELIVERED_QUEUE_URL: url });
    expect(await keep('DEAD_LETTER_QUEUE_URL', '{}', 'busy', settings, deadlineIn(5_000))).toEqual({ kept: false });
  });

  test('where SQS fails, however often it is asked', async () => {
    sqs = await startFaultySqs('fails');
    expect(await keepAt(sqs.url)).toMatchObject({ kept: false, cause: { name: 'InternalFailure' } });
    expect(sqs.requests).toBe(3);
  });

  test('where nobody listens', async () => {
    const port = await closedPort();
    expect(await keepAt(`http://127.0.0.1:${port}`)).toMatchObject({
      kept: false,
      cause: { name: 'NoAnswer', cause: { code: 'ECONNREFUSED' } },
    });
  });

  test('where SQS does not answer within the budget', async () => {
    sqs = await startFaultySqs('hangs');
    const { kept, took } = await keepAt(sqs.url, 200);
    expect(kept).toBe(false);
    expect(took).toBeLessThan(350);
  });

  test('where SQS does not answer, of which it is told again before the budget ends', async () => {
    sqs = await startFaultySqs('hangs');
    expect(await keepAt(sqs.url, 1_500)).toMatchObject({ kept: false });
    expect(sqs.requests).toBe(2);
  });

  test('where there is no time', async () => {
    sqs = await startFaultySqs('hangs');
    expect(await keepAt(sqs.url, 0)).toMatchObject({ kept: false });
  });
});
