import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { isObject, parseJson } from '../../emulators/json.ts';
import { type SqsEmulator, type SqsQueue, startSqs } from '../../emulators/sqs.ts';

let now: number;
let sqs: SqsEmulator;
let client: SQSClient;
let queue: SqsQueue;

const clientFor = (endpoint: string, maxAttempts = 1) =>
  new SQSClient({
    endpoint,
    maxAttempts,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });

beforeEach(async () => {
  now = Date.parse('2026-05-01T10:00:00Z');
  sqs = await startSqs({ now: () => now });
  client = clientFor(sqs.url);
  queue = sqs.createQueue('orders');
});
afterEach(async () => {
  client.destroy();
  await sqs.close();
});

const send = (MessageBody: string, more: object = {}) =>
  client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody, ...more }));
const receive = async (more: object = {}) => {
  const command = new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, ...more });
  return (await client.send(command)).Messages ?? [];
};
const string = (StringValue: string) => ({ DataType: 'String', StringValue });

describe('a message', () => {
  test('is received as it was sent; the client checks the digests of its body and attributes', async () => {
    const MessageAttributes = {
      reason: string('busy'),
      size: { DataType: 'Number', StringValue: '5' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    };
    const { MessageId } = await send('Ünï 漢字 😀', { MessageAttributes });
    const [message, ...others] = await receive({
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      MessageId,
      Body: 'Ünï 漢字 😀',
      MessageAttributes: { reason: string('busy'), size: { DataType: 'Number', StringValue: '5' } },
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(now) },
    });
    expect(queue.messages).toMatchObject([{ body: 'Ünï 漢字 😀', reason: 'busy', receiveCount: 1 }]);
  });

  test('comes with the attributes that are asked for', async () => {
    await send('m', { MessageAttributes: { reason: string('busy'), 'trace.id': string('t') } });
    const names = async (MessageAttributeNames?: string[]) => {
      const [message] = await receive({ MessageAttributeNames, VisibilityTimeout: 0 });
      return Object.keys(message?.MessageAttributes ?? {});
    };
    expect(await names()).toEqual([]);
    expect(await names(['reason', 'other'])).toEqual(['reason']);
    expect(await names(['trace.*'])).toEqual(['trace.id']);
  });

  test('is hidden for the visibility timeout, and its receives are counted', async () => {
    await send('m');
    expect(await receive()).toHaveLength(1);
    expect(await receive()).toEqual([]);
    now += 30_000;
    const [again] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  test('may be delayed', async () => {
    await send('m', { DelaySeconds: 5 });
    expect(await receive()).toEqual([]);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    now += 5_000;
    expect(await receive()).toHaveLength(1);
  });

  test('is gone once it is deleted', async () => {
    await send('m');
    const [{ ReceiptHandle } = {}] = await receive();
    await client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
    expect(queue.messages).toEqual([]);
  });

  test('comes sooner or later when its visibility is changed', async () => {
    await send('m');
    const [{ ReceiptHandle } = {}] = await receive();
    const change = (VisibilityTimeout: number, handle = ReceiptHandle) =>
      client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: queue.url, ReceiptHandle: handle, VisibilityTimeout }),
      );
    await change(60);
    now += 30_000;
    expect(await receive()).toEqual([]);
    await change(0);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    await expect(change(0)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    await expect(change(0, 'unknown')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    await expect(change(43_201)).rejects.toMatchObject({ name: expect.stringContaining('InvalidParameterValue') });
  });

  test.each(['\u0000', '\u000b', '\ufffe', '\uffff'])('may not hold the character %j', async (character) => {
    await expect(send(`a${character}b`)).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    expect(queue.messages).toEqual([]);
  });

  test('may have 1 MiB with its attributes, and not a byte more', async () => {
    const MessageAttributes = { reason: string('busy') };
    const rest = 1_048_576 - 'reasonStringbusy'.length;
    await send('x'.repeat(rest), { MessageAttributes });
    await expect(send('x'.repeat(rest + 1), { MessageAttributes })).rejects.toMatchObject({
      message: expect.stringContaining('Message must be shorter than 1048576 bytes.'),
    });
    expect(queue.messages).toHaveLength(1);
  });
});

describe('a batch', () => {
  test('is sent, hidden longer and deleted, and lists what could not be done', async () => {
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id === 'b' ? '\uffff' : Id }));
    const { Successful, Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidMessageContents', SenderFault: true }]);

    const handles = (await receive()).map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const hidden = handles.map((entry) => ({ ...entry, VisibilityTimeout: 60 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue.url, Entries: hidden }));
    now += 30_000;
    expect(queue.counts().inFlight).toBe(2);
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries: handles }));
    expect(queue.messages).toEqual([]);
  });

  test.each([
    [[], 'EmptyBatchRequest'],
    [Array.from({ length: 11 }, (_, n) => ({ Id: String(n), MessageBody: 'm' })), 'TooManyEntriesInBatchRequest'],
    [['a', 'a'].map((Id) => ({ Id, MessageBody: 'm' })), 'BatchEntryIdsNotDistinct'],
    [['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) })), 'BatchRequestTooLong'],
  ])('case %#: is refused', async (Entries, name) => {
    const command = new SendMessageBatchCommand({ QueueUrl: queue.url, Entries });
    await expect(client.send(command)).rejects.toMatchObject({ name: expect.stringContaining(name) });
    expect(queue.messages).toEqual([]);
  });
});

describe('a queue', () => {
  test('is created once, found by its name, and described', async () => {
    const Attributes = { VisibilityTimeout: '300' };
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'letters', Attributes }));
    expect(await client.send(new GetQueueUrlCommand({ QueueName: 'letters' }))).toMatchObject({ QueueUrl });
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '60', SqsManagedSseEnabled: '' } }),
    );
    sqs.createQueue('letters').put('m');
    const described = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(described.Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:letters',
      VisibilityTimeout: '60',
      ApproximateNumberOfMessages: '1',
    });
    expect(described.Attributes).not.toHaveProperty('SqsManagedSseEnabled');
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(sqs.createQueue('letters').messages).toEqual([]);
  });

  test('that does not exist is an error the client knows', async () => {
    const command = new SendMessageCommand({ QueueUrl: `${queue.url}-gone`, MessageBody: 'm' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: expect.stringMatching(/QueueDoesNotExist|NonExistentQueue/),
    });
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'gone' }))).rejects.toThrow('does not exist');
  });

  test('hands over what was received too often', async () => {
    const letters = sqs.createQueue('letters');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: letters.arn, maxReceiveCount: 2 });
    queue = sqs.createQueue('orders', { RedrivePolicy });
    await send('m');
    for (let time = 0; time < 3; time += 1) {
      await receive();
      now += 30_000;
    }
    expect(queue.messages).toEqual([]);
    expect(letters.drain()).toEqual([{ body: 'm', reason: undefined }]);
  });

  test('makes a receive wait for a message', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    setTimeout(() => queue.put('m'), 30);
    expect(await waiting).toHaveLength(1);
  });

  test('is read by tests directly, as Lambda reads it', () => {
    queue.put('m', 'busy');
    expect(queue.poll()).toMatchObject({
      Records: [
        {
          messageId: queue.messages[0]?.id,
          body: 'm',
          attributes: { ApproximateReceiveCount: '1' },
          messageAttributes: { reason: { stringValue: 'busy' } },
          eventSourceARN: queue.arn,
        },
      ],
    });
    expect(queue.drain()).toEqual([]);
    now += 30_000;
    expect(queue.drain()).toEqual([{ body: 'm', reason: 'busy' }]);
    expect(queue.messages).toEqual([]);
  });
});

describe('faults', () => {
  const seen: [string, boolean, boolean][] = [];
  beforeEach(() => {
    seen.length = 0;
    sqs.onSend = (_, body, stored, acknowledged) => seen.push([body, stored, acknowledged]);
  });

  test.each([
    ['reset', /ECONNRESET|socket hang up/, false],
    ['500', /InternalFailure/, false],
    ['hang:10', /ECONNRESET|socket hang up/, false],
    ['reset-after', /ECONNRESET|socket hang up/, true],
    ['500-after', /InternalFailure/, true],
  ] as const)('%s keeps the acknowledgement from the sender', async (fault, error, stored) => {
    sqs.fault(fault, 1);
    const { name, message, code } = await send('m').catch((thrown) => thrown);
    expect(`${name} ${code} ${message}`).toMatch(error);
    expect(queue.messages).toHaveLength(stored ? 1 : 0);
    expect(seen).toEqual([['m', stored, false]]);
    await send('n');
    expect(seen).toHaveLength(2);
    expect(sqs.requests).toBe(2);
  });

  test('hang never answers, until the emulator is closed', async () => {
    sqs.fault('hang');
    const pending = send('m').then(
      () => 'answered',
      () => 'failed',
    );
    expect(await Promise.race([pending, new Promise((resolve) => setTimeout(resolve, 80, 'waiting'))])).toBe('waiting');
    await sqs.close();
    expect(await pending).toBe('failed');
  });

  test('nothing arrives from a sender that has died, until it is revived', async () => {
    sqs.dieAfter(1);
    await send('m');
    await expect(send('n')).rejects.toThrow();
    sqs.revive();
    await send('o');
    expect(queue.messages.map(({ body }) => body)).toEqual(['m', 'o']);
  });

  test('reset empties the queues and forgets the faults', async () => {
    queue.put('m');
    sqs.fault('500');
    sqs.reset();
    await send('n');
    expect(queue.messages.map(({ body }) => body)).toEqual(['n']);
  });

  test('the client itself gets over one failure', async () => {
    sqs.fault('500', 1);
    const patient = clientFor(sqs.url, 2);
    await patient.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'm' }));
    patient.destroy();
    expect(sqs.requests).toBe(2);
  });
});

test('answers an error to an unknown operation and to a request that is not one of SQS', async () => {
  const post = async (target: string, body: string) => {
    const headers = { 'X-Amz-Target': target, 'Content-Type': 'application/x-amz-json-1.0' };
    const response = await fetch(sqs.url, { method: 'POST', headers, body });
    const json = parseJson(await response.text());
    return [response.status, isObject(json) && json.__type];
  };
  const body = JSON.stringify({ QueueUrl: queue.url });
  expect(await post('AmazonSQS.ListQueues', body)).toEqual([400, 'com.amazonaws.sqs#UnknownOperationException']);
  expect(await post('AmazonSQS.SendMessage', body)).toEqual([400, 'com.amazonaws.sqs#MissingParameter']);
  expect(await post('AmazonSQS.SendMessage', '{')).toEqual([400, 'com.amazonaws.sqs#SerializationException']);
});
