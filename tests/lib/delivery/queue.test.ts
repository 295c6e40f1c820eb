import { createHash } from 'node:crypto';
import { LOCAL_AWS } from '../../../emulators/local-stage.ts';
import { startServer } from '../../../emulators/server.ts';
import { type SqsEmulator, type SqsQueue, startSqs } from '../../../emulators/sqs.ts';
import { readSettings } from '../../../lib/config/env.ts';
import { createDeadline } from '../../../lib/deadline.ts';
import { tryChangeVisibility, tryEnqueue } from '../../../lib/delivery/queue.ts';
import { createRuntime, type Runtime } from '../../../lib/runtime.ts';
import { CLOSED_URL } from '../../support/raw-server.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

const runtimeWith = (variables: NodeJS.ProcessEnv): Runtime =>
  createRuntime(
    readSettings({
      ...LOCAL_AWS,
      STAGE: 'sandbox',
      PARAMETER_PATH: '/p/sandbox',
      AWS_ENDPOINT_URL_SQS: local.url,
      ...variables,
    }),
  );

let local: SqsEmulator;
let queue: SqsQueue;
let runtime: Runtime;
let sqs: SqsEmulator | undefined;

beforeAll(async () => {
  local = await startSqs();
});
afterAll(() => local.close());
beforeEach(() => {
  local.reset();
  queue = local.createQueue('undelivered');
  runtime = runtimeWith({ UNDELIVERED_QUEUE_URL: queue.url });
});
afterEach(async () => {
  await sqs?.close();
  sqs = undefined;
});

const enqueue = (text: string, target = runtime, ms = 5_000) =>
  tryEnqueue('UNDELIVERED_QUEUE_URL', text, 'busy', target, createDeadline(ms));

describe('a text put into a queue', () => {
  test('has its reason as an attribute', async () => {
    expect(await enqueue('{"said":"hello"}')).toEqual({ enqueued: true });
    expect(queue.drain()).toEqual([{ body: '{"said":"hello"}', reason: 'busy' }]);
  });

  test('goes to the queue that is asked for', async () => {
    const deadLetters = local.createQueue('dead-letters');
    const both = runtimeWith({ UNDELIVERED_QUEUE_URL: queue.url, DEAD_LETTER_QUEUE_URL: deadLetters.url });
    const result = await tryEnqueue('DEAD_LETTER_QUEUE_URL', '{"b":2}', 'in_doubt', both, createDeadline(5_000));
    expect(result).toEqual({ enqueued: true });
    expect(deadLetters.drain()).toEqual([{ body: '{"b":2}', reason: 'in_doubt' }]);
    expect(queue.drain()).toEqual([]);
  });

  test('can contain every character of every language', async () => {
    const text = 'Ünï 漢字 😀 \ud83d \u0000 \u0085 \u2028';
    await enqueue(JSON.stringify({ text }));
    const [queued] = queue.drain();
    expect(JSON.parse(queued?.body ?? '')).toEqual({ text });
  });

  test('has an escape for a character that SQS rejects', async () => {
    await enqueue(JSON.stringify({ said: 'a\uffffb\ufffec😀' }));
    expect(queue.drain()).toEqual([{ body: '{"said":"a\\uffffb\\ufffec\\ud83d\\ude00"}', reason: 'busy' }]);
  });

  test('can be as large as the largest payload with an identifier on each of 75 objects', async () => {
    const text = JSON.stringify('x'.repeat(1_000_000));
    expect(await enqueue(text)).toEqual({ enqueued: true });
    expect(queue.drain()).toEqual([{ body: text, reason: 'busy' }]);
  });

  test('keeps its characters if escapes would make it larger than SQS accepts', async () => {
    let received = '';
    const server = await startServer(3_000_000, ({ received: { body }, send }) => {
      received = JSON.parse(String(body)).MessageBody;
      const MD5OfMessageBody = createHash('md5').update(received).digest('hex');
      const headers = { 'Content-Type': 'application/x-amz-json-1.0' };
      send({ status: 200, headers, body: JSON.stringify({ MessageId: 'm', MD5OfMessageBody }) });
    });
    const target = runtimeWith({ AWS_ENDPOINT_URL_SQS: server.url, UNDELIVERED_QUEUE_URL: `${server.url}/queue` });
    const text = `"${'😀'.repeat(120_000)}"`;
    await enqueue(text.replace('😀', '\uffff'), target);
    await server.close();
    expect(received).toBe(text.replace('😀', '\\uffff'));
  });

  test('goes to the endpoint in the queue’s URL if the environment has none', async () => {
    const target = runtimeWith({
      AWS_ENDPOINT_URL_SQS: '',
      UNDELIVERED_QUEUE_URL: `${local.url}${new URL(queue.url).pathname}`,
    });
    expect(await enqueue('{"at":"home"}', target)).toEqual({ enqueued: true });
    expect(queue.drain()).toEqual([{ body: '{"at":"home"}', reason: 'busy' }]);
  });

  test('goes to the endpoint of all services, if only that is set', async () => {
    const target = runtimeWith({
      AWS_ENDPOINT_URL_SQS: '',
      AWS_ENDPOINT_URL: local.url,
      UNDELIVERED_QUEUE_URL: `${CLOSED_URL}${new URL(queue.url).pathname}`,
    });
    await enqueue('{"at":"home"}', target);
    expect(queue.drain()).toEqual([{ body: '{"at":"home"}', reason: 'busy' }]);
  });

  test('is signed with the session’s token', async () => {
    let token: unknown;
    const server = await startServer(3_000, ({ received: { headers }, send }) => {
      token = headers['x-amz-security-token'];
      send({ status: 400, body: '{"__type":"Unknown"}' });
    });
    await enqueue(
      '{}',
      runtimeWith({
        AWS_ENDPOINT_URL_SQS: server.url,
        AWS_SESSION_TOKEN: 'session-token',
        UNDELIVERED_QUEUE_URL: `${server.url}/queue`,
      }),
    );
    await server.close();
    expect(token).toBe('session-token');
  });
});

describe('tryEnqueue fails', () => {
  test('if the stage has no such queue', async () => {
    expect(await tryEnqueue('DEAD_LETTER_QUEUE_URL', '{}', 'busy', runtime, createDeadline(5_000))).toEqual({
      enqueued: false,
    });
  });

  test('if SQS acknowledges another text', async () => {
    const MD5OfMessageBody = createHash('md5').update('another text').digest('hex');
    const server = await startServer(1_000, ({ send }) =>
      send({ status: 200, body: JSON.stringify({ MessageId: 'm', MD5OfMessageBody }) }),
    );
    const target = runtimeWith({ AWS_ENDPOINT_URL_SQS: server.url, UNDELIVERED_QUEUE_URL: `${server.url}/queue` });
    expect(await enqueue('{}', target)).toMatchObject({ enqueued: false });
    await server.close();
  });

  test('if SQS does not have the queue', async () => {
    const target = runtimeWith({ UNDELIVERED_QUEUE_URL: `${queue.url}-elsewhere` });
    expect(await enqueue('{}', target)).toMatchObject({
      enqueued: false,
      cause: { name: expect.stringMatching(/NonExistentQueue|QueueDoesNotExist/) },
    });
  });

  test.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('without %s', async (name) => {
    const target = runtimeWith({ [name]: '', UNDELIVERED_QUEUE_URL: queue.url });
    expect(await enqueue('{}', target)).toMatchObject({
      enqueued: false,
      cause: { name: 'ConfigurationError', message: `The environment variable ${name} is missing.` },
    });
  });

  const enqueueAt = async (endpoint: string, ms = 5_000) => {
    const target = runtimeWith({ AWS_ENDPOINT_URL_SQS: endpoint, UNDELIVERED_QUEUE_URL: `${endpoint}/0/undelivered` });
    const began = performance.now();
    const result = await enqueue('{}', target, ms);
    return { ...result, took: performance.now() - began };
  };

  test('if SQS fails at every attempt', async () => {
    sqs = await startSqs({ fault: '500' });
    expect(await enqueueAt(sqs.url)).toMatchObject({ enqueued: false, cause: { name: 'InternalFailure' } });
    expect(sqs.requests).toBe(3);
  });

  test('if the port is closed', async () => {
    expect(await enqueueAt(CLOSED_URL)).toMatchObject({
      enqueued: false,
      cause: { cause: { message: expect.stringContaining('ECONNREFUSED') } },
    });
  });

  test('if SQS does not answer before the deadline', async () => {
    sqs = await startSqs({ fault: 'hang' });
    const { enqueued, took } = await enqueueAt(sqs.url, 200);
    expect(enqueued).toBe(false);
    expect(took).toBe(200);
  });

  test('if SQS does not answer any of several attempts before the deadline', async () => {
    sqs = await startSqs({ fault: 'hang' });
    expect(await enqueueAt(sqs.url, 1_500)).toMatchObject({ enqueued: false });
    expect(sqs.requests).toBe(2);
  });

  test('if no time is left', async () => {
    sqs = await startSqs({ fault: 'hang' });
    expect(await enqueueAt(sqs.url, 0)).toMatchObject({ enqueued: false, cause: { name: 'TimeoutError' } });
    expect(sqs.requests).toBe(0);
  });
});

describe('a received message', () => {
  const receive = (): string => {
    queue.put('{}');
    const [{ receiptHandle = '' } = {}] = queue.receive();
    return receiptHandle;
  };
  const delay = (receiptHandle: string, seconds: number, target = runtime) =>
    tryChangeVisibility(receiptHandle, seconds, target, createDeadline(5_000));

  test('comes again when its delay is over', async () => {
    const receiptHandle = receive();
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    expect(await delay(receiptHandle, 0)).toEqual({});
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  test('is invisible during its delay', async () => {
    await delay(receive(), 30);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  test('is delayed by another attempt if SQS fails', async () => {
    const answers = [500, 500, 200];
    const server = await startServer(1_000, ({ send }) => send({ status: answers.shift() ?? 400, body: '{}' }));
    const target = runtimeWith({ AWS_ENDPOINT_URL_SQS: server.url, UNDELIVERED_QUEUE_URL: `${server.url}/queue` });
    expect(await delay('receipt', 30, target)).toEqual({});
    await server.close();
    expect(answers).toEqual([]);
  });

  test('cannot be delayed if SQS does not know it', async () => {
    expect(await delay('unknown', 30)).toMatchObject({
      cause: { name: expect.stringMatching(/ReceiptHandleIsInvalid|MessageNotInflight/) },
    });
  });

  test('is not delayed if the stage has no queue', async () => {
    expect(await delay('receipt', 30, runtimeWith({}))).toEqual({});
  });
});
