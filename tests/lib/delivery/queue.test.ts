import { createHash } from 'node:crypto';
import { startServer } from '../../../emulators/server.ts';
import { readSettings } from '../../../lib/config/env.ts';
import { deadlineIn } from '../../../lib/deadline.ts';
import { changeVisibility, sendMessage, tryEnqueue } from '../../../lib/delivery/queue.ts';
import { LOCAL_AWS, makeQueue, type TestQueue } from '../../support/queues.ts';
import { closedPort } from '../../support/raw-server.ts';
import { type FaultySqs, startFaultySqs } from '../../support/sqs-faults.ts';

const DEPLOYED = { ...LOCAL_AWS, STAGE: 'sandbox', PARAMETER_PATH: '/second-brand/sandbox' };
const settings = readSettings({ ...DEPLOYED });
let queue: TestQueue;

beforeEach(async () => {
  queue = await makeQueue();
});

const put = (text: string, budget = 5_000) => sendMessage(text, 'busy', queue.url, deadlineIn(budget), settings);

describe('a text put into a queue', () => {
  test('lies there with its reason beside it', async () => {
    await put('{"said":"hello"}');
    expect(await queue.drain()).toEqual([{ body: '{"said":"hello"}', reason: 'busy' }]);
  });

  test('may hold every character of every language', async () => {
    const said = 'Ünï 漢字 😀 \ud83d \u0000 \u0085 \u2028';
    await put(JSON.stringify({ said }));
    const [lying] = await queue.drain();
    expect(JSON.parse(lying?.body ?? '')).toEqual({ said });
  });

  test('has an escape where SQS refuses the character itself', async () => {
    await put(JSON.stringify({ said: 'a\uffffb\ufffec😀' }));
    expect(await queue.drain()).toEqual([{ body: '{"said":"a\\uffffb\\ufffec\\ud83d\\ude00"}', reason: 'busy' }]);
  });

  test('may be as large as the largest payload with an identifier on each of 75 objects', async () => {
    const text = JSON.stringify('x'.repeat(1_000_000));
    await put(text);
    expect(await queue.drain()).toEqual([{ body: text, reason: 'busy' }]);
  });

  test('keeps its characters where escaping them would make it larger than SQS takes', async () => {
    let received = '';
    const sqs = await startServer(3_000_000, ({ received: { body }, send: answer }) => {
      received = JSON.parse(String(body)).MessageBody;
      const MD5OfMessageBody = createHash('md5').update(received).digest('hex');
      const headers = { 'Content-Type': 'application/x-amz-json-1.0' };
      answer({ status: 200, headers, body: JSON.stringify({ MessageId: 'm', MD5OfMessageBody }) });
    });
    const there = readSettings({ ...DEPLOYED, AWS_ENDPOINT_URL_SQS: sqs.url });
    const text = `"${'😀'.repeat(120_000)}"`;
    await sendMessage(text.replace('😀', '\uffff'), 'busy', `${sqs.url}/queue`, deadlineIn(5_000), there);
    await sqs.close();
    expect(received).toBe(text.replace('😀', '\\uffff'));
  });

  test('is not there when SQS acknowledges something else, and is sent again', async () => {
    let requests = 0;
    const sqs = await startServer(1_000, ({ send: answer }) => {
      requests += 1;
      const MD5OfMessageBody = createHash('md5').update('another text').digest('hex');
      answer({ status: 200, body: JSON.stringify({ MessageId: 'm', MD5OfMessageBody }) });
    });
    const there = readSettings({ ...DEPLOYED, AWS_ENDPOINT_URL_SQS: sqs.url });
    await expect(sendMessage('{}', 'busy', `${sqs.url}/queue`, deadlineIn(5_000), there)).rejects.toThrow();
    await sqs.close();
    expect(requests).toBe(3);
  });

  test('goes to the SQS that the queue’s own URL names, where the environment names none', async () => {
    const there = readSettings({ ...DEPLOYED, AWS_ENDPOINT_URL_SQS: '' });
    const url = `${LOCAL_AWS.AWS_ENDPOINT_URL_SQS}${new URL(queue.url).pathname}`;
    await sendMessage('{"at":"home"}', 'busy', url, deadlineIn(5_000), there);
    expect(await queue.drain()).toEqual([{ body: '{"at":"home"}', reason: 'busy' }]);
  });

  test('goes to the endpoint of all services, where only that is said', async () => {
    const { AWS_ENDPOINT_URL_SQS: AWS_ENDPOINT_URL, ...others } = DEPLOYED;
    const there = readSettings({ ...others, AWS_ENDPOINT_URL });
    const nowhere = `http://127.0.0.1:1${new URL(queue.url).pathname}`;
    await sendMessage('{"at":"home"}', 'busy', nowhere, deadlineIn(5_000), there);
    expect(await queue.drain()).toEqual([{ body: '{"at":"home"}', reason: 'busy' }]);
  });

  test('is not there when SQS does not have the queue', async () => {
    await expect(
      sendMessage('{}', 'busy', `${queue.url}-elsewhere`, deadlineIn(5_000), settings),
    ).rejects.toMatchObject({
      name: expect.stringMatching(/NonExistentQueue|QueueDoesNotExist/),
    });
  });

  test('is not put there without time', async () => {
    await expect(put('{}', 0)).rejects.toMatchObject({ name: 'NoTime' });
  });
});

describe('a received message', () => {
  test('comes again when its delay is over', async () => {
    await queue.put('{}');
    const [{ receiptHandle = '' } = {}] = await queue.arrivals();
    expect(await queue.counts()).toEqual({ visible: 0, out: 1 });
    await changeVisibility(receiptHandle, 0, queue.url, deadlineIn(5_000), settings);
    expect(await queue.counts()).toEqual({ visible: 1, out: 0 });
  });

  test('stays away for the delay', async () => {
    await queue.put('{}');
    const [{ receiptHandle = '' } = {}] = await queue.arrivals();
    await changeVisibility(receiptHandle, 30, queue.url, deadlineIn(5_000), settings);
    expect(await queue.counts()).toEqual({ visible: 0, out: 1 });
  });

  test('is told of again where SQS fails', async () => {
    const answers = [500, 500, 200];
    const sqs = await startServer(1_000, ({ send: answer }) => answer({ status: answers.shift() ?? 400, body: '' }));
    const there = readSettings({ ...DEPLOYED, AWS_ENDPOINT_URL_SQS: sqs.url });
    await changeVisibility('receipt', 30, `${sqs.url}/queue`, deadlineIn(5_000), there);
    await sqs.close();
    expect(answers).toEqual([]);
  });

  test('is told of to an SQS that does not know it', async () => {
    await expect(changeVisibility('unknown', 30, queue.url, deadlineIn(5_000), settings)).rejects.toMatchObject({
      name: expect.stringMatching(/ReceiptHandleIsInvalid|MessageNotInflight/),
    });
  });
});

let sqs: FaultySqs | undefined;
afterEach(() => sqs?.close());

const settingsOf = (variables: NodeJS.ProcessEnv) => readSettings({ ...DEPLOYED, ...variables });

const enqueueAt = async (endpoint: string, budget = 5_000) => {
  const settings = settingsOf({ AWS_ENDPOINT_URL_SQS: endpoint, DEAD_LETTER_QUEUE_URL: `${endpoint}/0/dead-letters` });
  const began = performance.now();
  const result = await tryEnqueue('DEAD_LETTER_QUEUE_URL', '{}', 'in_doubt', settings, deadlineIn(budget));
  return { ...result, took: performance.now() - began };
};

describe('enqueueing succeeds', () => {
  test('in the queue that is asked for, once SQS has acknowledged it', async () => {
    const [undelivered, deadLetters] = await Promise.all([makeQueue(), makeQueue()]);
    const settings = settingsOf({ UNDELIVERED_QUEUE_URL: undelivered.url, DEAD_LETTER_QUEUE_URL: deadLetters.url });
    expect(await tryEnqueue('UNDELIVERED_QUEUE_URL', '{"a":1}', 'busy', settings, deadlineIn(5_000))).toEqual({
      enqueued: true,
    });
    expect(await tryEnqueue('DEAD_LETTER_QUEUE_URL', '{"b":2}', 'in_doubt', settings, deadlineIn(5_000))).toEqual({
      enqueued: true,
    });
    expect(await undelivered.drain()).toEqual([{ body: '{"a":1}', reason: 'busy' }]);
    expect(await deadLetters.drain()).toEqual([{ body: '{"b":2}', reason: 'in_doubt' }]);
  });
});

describe('enqueueing fails', () => {
  test('where the stage has no such queue', async () => {
    const { url } = await makeQueue();
    const settings = settingsOf({ UNDELIVERED_QUEUE_URL: url });
    expect(await tryEnqueue('DEAD_LETTER_QUEUE_URL', '{}', 'busy', settings, deadlineIn(5_000))).toEqual({
      enqueued: false,
    });
  });

  test('where SQS fails, however often it is asked', async () => {
    sqs = await startFaultySqs('fails');
    expect(await enqueueAt(sqs.url)).toMatchObject({ enqueued: false, cause: { name: 'InternalFailure' } });
    expect(sqs.requests).toBe(3);
  });

  test('where nobody listens', async () => {
    const port = await closedPort();
    expect(await enqueueAt(`http://127.0.0.1:${port}`)).toMatchObject({
      enqueued: false,
      cause: { name: 'NoAnswer', cause: { code: 'ECONNREFUSED' } },
    });
  });

  test('where SQS does not answer within the budget', async () => {
    sqs = await startFaultySqs('hangs');
    const { enqueued, took } = await enqueueAt(sqs.url, 200);
    expect(enqueued).toBe(false);
    expect(took).toBeLessThan(350);
  });

  test('where SQS does not answer, of which it is told again before the budget ends', async () => {
    sqs = await startFaultySqs('hangs');
    expect(await enqueueAt(sqs.url, 1_500)).toMatchObject({ enqueued: false });
    expect(sqs.requests).toBe(2);
  });

  test('where there is no time', async () => {
    sqs = await startFaultySqs('hangs');
    expect(await enqueueAt(sqs.url, 0)).toMatchObject({ enqueued: false });
  });
});
