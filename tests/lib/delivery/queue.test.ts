import { createHash } from 'node:crypto';
import { startServer } from '../../../emulators/server.ts';
import { readSettings } from '../../../lib/config/env.ts';
import { deadlineIn } from '../../../lib/deadline.ts';
import { delayReturn, send } from '../../../lib/delivery/queue.ts';
import { LOCAL_AWS, makeQueue, type TestQueue } from '../../support/queues.ts';

const settings = readSettings({ ...LOCAL_AWS, STAGE: 'sandbox' });
let queue: TestQueue;

beforeEach(async () => {
  queue = await makeQueue();
});

const put = (text: string, budget = 5_000) => send(text, 'busy', queue.url, deadlineIn(budget), settings);

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
    const there = readSettings({ ...LOCAL_AWS, STAGE: 'sandbox', AWS_ENDPOINT_URL_SQS: sqs.url });
    const text = `"${'😀'.repeat(120_000)}"`;
    await send(text.replace('😀', '\uffff'), 'busy', `${sqs.url}/queue`, deadlineIn(5_000), there);
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
    const there = readSettings({ ...LOCAL_AWS, STAGE: 'sandbox', AWS_ENDPOINT_URL_SQS: sqs.url });
    await expect(send('{}', 'busy', `${sqs.url}/queue`, deadlineIn(5_000), there)).rejects.toThrow();
    await sqs.close();
    expect(requests).toBe(3);
  });

  test('goes to the SQS that the queue’s own URL names, where the environment names none', async () => {
    const there = readSettings({ ...LOCAL_AWS, STAGE: 'sandbox', AWS_ENDPOINT_URL_SQS: '' });
    const url = `${LOCAL_AWS.AWS_ENDPOINT_URL_SQS}${new URL(queue.url).pathname}`;
    await send('{"at":"home"}', 'busy', url, deadlineIn(5_000), there);
    expect(await queue.drain()).toEqual([{ body: '{"at":"home"}', reason: 'busy' }]);
  });

  test('goes to the endpoint of all services, where only that is said', async () => {
    const { AWS_ENDPOINT_URL_SQS: AWS_ENDPOINT_URL, ...others } = LOCAL_AWS;
    const there = readSettings({ ...others, AWS_ENDPOINT_URL, STAGE: 'sandbox' });
    const nowhere = `http://127.0.0.1:1${new URL(queue.url).pathname}`;
    await send('{"at":"home"}', 'busy', nowhere, deadlineIn(5_000), there);
    expect(await queue.drain()).toEqual([{ body: '{"at":"home"}', reason: 'busy' }]);
  });

  test('is not there when SQS does not have the queue', async () => {
    await expect(send('{}', 'busy', `${queue.url}-elsewhere`, deadlineIn(5_000), settings)).rejects.toMatchObject({
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
    await delayReturn(receiptHandle, 0, queue.url, deadlineIn(5_000), settings);
    expect(await queue.counts()).toEqual({ visible: 1, out: 0 });
  });

  test('stays away for the delay', async () => {
    await queue.put('{}');
    const [{ receiptHandle = '' } = {}] = await queue.arrivals();
    await delayReturn(receiptHandle, 30, queue.url, deadlineIn(5_000), settings);
    expect(await queue.counts()).toEqual({ visible: 0, out: 1 });
  });

  test('is told of again where SQS fails', async () => {
    const answers = [500, 500, 200];
    const sqs = await startServer(1_000, ({ send: answer }) => answer({ status: answers.shift() ?? 400, body: '' }));
    const there = readSettings({ ...LOCAL_AWS, STAGE: 'sandbox', AWS_ENDPOINT_URL_SQS: sqs.url });
    await delayReturn('receipt', 30, `${sqs.url}/queue`, deadlineIn(5_000), there);
    await sqs.close();
    expect(answers).toEqual([]);
  });

  test('is told of to an SQS that does not know it', async () => {
    await expect(delayReturn('unknown', 30, queue.url, deadlineIn(5_000), settings)).rejects.toMatchObject({
      name: expect.stringMatching(/ReceiptHandleIsInvalid|MessageNotInflight/),
    });
  });
});
