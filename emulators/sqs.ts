import { createHash, randomUUID } from 'node:crypto';
import { createFaultQueue } from './fault-queue.ts';
import { isArray, isObject, isText, type Json, type JsonObject, parseJson } from './json.ts';
import { type Exchange, startServer } from './server.ts';

/**
 * What SQS does instead of answering. With `-after`, it runs the operation first; `hang` never answers,
 * `hang:150` resets the connection after so many milliseconds.
 */
export type SqsFault = 'reset' | 'reset-after' | '500' | '500-after' | 'hang' | `hang:${number}`;

/** A message that was not deleted. */
export interface StoredMessage {
  /** Tests change it to make a message look new to its consumer. */
  id: string;
  readonly body: string;
  readonly attributes: JsonObject;
  /** The message attribute `reason`, in which this service puts why a message waits. */
  readonly reason: string | undefined;
  readonly sentAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** Epoch milliseconds. */
  visibleAt: number;
  receiptHandle: string | undefined;
}

/** An event as Lambda's poller hands it to a function. */
export interface SqsEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly receiptHandle: string;
    readonly body: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly messageAttributes: Readonly<Record<string, { readonly stringValue: string; readonly dataType: string }>>;
    readonly md5OfBody: string;
    readonly eventSource: 'aws:sqs';
    readonly eventSourceARN: string;
    readonly awsRegion: string;
  }[];
}

export interface SqsOptions {
  readonly now?: () => number;
  /** A fault from the start, until the faults are cleared. */
  readonly fault?: SqsFault;
}

export interface SqsEmulator {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly url: string;
  /** How many requests came, those with a fault included. */
  readonly requests: number;
  /** Called for each text to store: whether it was stored, and whether the sender got the acknowledgement. */
  onSend: (queue: SqsQueue, body: string, stored: boolean, acknowledged: boolean) => void;
  /** A queue that has this name already is returned as it is. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): SqsQueue;
  /** Applies to the next requests; without a number of times, until the faults are cleared. */
  fault(fault: SqsFault, times?: number): void;
  clearFaults(): void;
  /** After so many more requests, all connections are reset, as if their sender had died. */
  dieAfter(requests: number): void;
  revive(): void;
  /** Empties the queues and forgets the faults. */
  reset(): void;
  close(): Promise<void>;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_BATCH_ENTRIES = 10;
const MAX_VISIBILITY_S = 43_200;
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** The name in `__type`, and the one in `x-amzn-query-error` where it differs. */
class SqsError extends Error {
  override readonly name = 'SqsError';
  readonly type: string;
  readonly queryCode: string;

  constructor(type: string, message: string, queryCode = type) {
    super(message);
    this.type = type;
    this.queryCode = queryCode;
  }
}

const invalidParameter = (reason: string) =>
  new SqsError(
    'InvalidParameterValueException',
    `One or more parameters are invalid. Reason: ${reason}`,
    'InvalidParameterValue',
  );

const md5 = (content: string | Buffer): string => createHash('md5').update(content).digest('hex');

const withLength = (content: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const attributesMd5 = (attributes: JsonObject): string => {
  const parts = Object.entries(attributes)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, value]) => {
      const { DataType, StringValue, BinaryValue } = isObject(value) ? value : {};
      const isBinary = String(DataType).startsWith('Binary');
      const content = isBinary ? Buffer.from(String(BinaryValue), 'base64') : Buffer.from(String(StringValue));
      return [
        withLength(Buffer.from(name)),
        withLength(Buffer.from(String(DataType))),
        Buffer.from([isBinary ? 2 : 1]),
        withLength(content),
      ];
    });
  return md5(Buffer.concat(parts));
};

const messageBytes = (body: string, attributes: JsonObject): number =>
  Object.entries(attributes).reduce((size, [name, value]) => {
    const { DataType = '', StringValue = '', BinaryValue = '' } = isObject(value) ? value : {};
    return size + Buffer.byteLength(`${name}${DataType}${StringValue}${BinaryValue}`);
  }, Buffer.byteLength(body));

/** The characters that SQS takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const isAllowed = (body: string): boolean =>
  /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(body);

const textIn = (input: JsonObject, key: string): string => {
  const value = input[key];
  if (!isText(value)) {
    throw new SqsError('MissingParameter', `The request must contain the parameter ${key}.`, 'MissingParameter');
  }
  return value;
};

const integerIn = (input: JsonObject, key: string, min: number, max: number): number | undefined => {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidParameter(`Value ${value} for parameter ${key} is invalid. Must be between ${min} and ${max}.`);
};

const namesIn = (...lists: (Json | undefined)[]): string[] =>
  lists.flatMap((list) => (isArray(list) ? list : []).filter(isText));

/** One queue. Tests read and write it directly, functions by HTTP. */
export class SqsQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: Map<string, string>;
  /** Every message that was not deleted, visible or not, the oldest first. */
  messages: StoredMessage[] = [];
  readonly #now: () => number;
  readonly #queues: ReadonlyMap<string, SqsQueue>;

  constructor(name: string, endpoint: string, queues: ReadonlyMap<string, SqsQueue>, now: () => number) {
    this.name = name;
    this.url = `${endpoint}/${ACCOUNT}/${name}`;
    this.arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
    this.#now = now;
    this.#queues = queues;
    this.attributes = new Map([
      ['VisibilityTimeout', '30'],
      ['DelaySeconds', '0'],
      ['MaximumMessageSize', String(MAX_MESSAGE_BYTES)],
      ['MessageRetentionPeriod', '345600'],
      ['ReceiveMessageWaitTimeSeconds', '0'],
      ['SqsManagedSseEnabled', 'true'],
      ['QueueArn', this.arn],
      ['CreatedTimestamp', String(Math.floor(now() / 1000))],
    ]);
  }

  #seconds(name: string): number {
    return Number(this.attributes.get(name));
  }

  #isVisible({ visibleAt }: StoredMessage): boolean {
    return visibleAt <= this.#now();
  }

  add(body: string, attributes: JsonObject = {}, delaySeconds = this.#seconds('DelaySeconds')): StoredMessage {
    const { reason } = attributes;
    const message: StoredMessage = {
      id: randomUUID(),
      body,
      attributes,
      reason: isObject(reason) && isText(reason.StringValue) ? reason.StringValue : undefined,
      sentAt: this.#now(),
      receiveCount: 0,
      firstReceivedAt: undefined,
      visibleAt: this.#now() + delaySeconds * 1000,
      receiptHandle: undefined,
    };
    this.messages.push(message);
    return message;
  }

  put(body: string, reason?: string): void {
    this.add(body, reason === undefined ? {} : { reason: { DataType: 'String', StringValue: reason } });
  }

  /** Hides a message as a receive does, whether it was visible or not: SQS may deliver a message twice. */
  #take(message: StoredMessage, visibilitySeconds = this.#seconds('VisibilityTimeout')): StoredMessage {
    message.receiveCount += 1;
    message.firstReceivedAt ??= this.#now();
    message.visibleAt = this.#now() + visibilitySeconds * 1000;
    message.receiptHandle = randomUUID();
    return message;
  }

  /** Messages received too often go to the queue of the redrive policy instead. */
  receive(max = MAX_BATCH_ENTRIES, visibilitySeconds?: number): readonly StoredMessage[] {
    const taken: StoredMessage[] = [];
    for (const message of this.messages.filter((one) => this.#isVisible(one))) {
      if (taken.length === max) break;
      if (!this.#redrive(message)) taken.push(this.#take(message, visibilitySeconds));
    }
    return taken;
  }

  #redrive(message: StoredMessage): boolean {
    const policy = parseJson(this.attributes.get('RedrivePolicy') ?? '');
    if (!isObject(policy) || message.receiveCount < Number(policy.maxReceiveCount)) return false;
    const target = [...this.#queues.values()].find(({ arn }) => arn === policy.deadLetterTargetArn);
    if (!target) return false;
    this.delete([message.id]);
    target.messages.push(message);
    return true;
  }

  /** What Lambda's poller receives, as the event that it makes of it. */
  poll(max = MAX_BATCH_ENTRIES): SqsEvent {
    return this.#toEvent(this.receive(max));
  }

  /** Delivers messages whether they are visible or not, deleted ones included. */
  deliver(messages: readonly StoredMessage[]): SqsEvent {
    return this.#toEvent(messages.map((message) => this.#take(message)));
  }

  #toEvent(messages: readonly StoredMessage[]): SqsEvent {
    return {
      Records: messages.map((message) => {
        const { id, body, reason, receiptHandle = '', receiveCount, sentAt } = message;
        return {
          messageId: id,
          receiptHandle,
          body,
          attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(sentAt) },
          messageAttributes: reason === undefined ? {} : { reason: { stringValue: reason, dataType: 'String' } },
          md5OfBody: md5(body),
          eventSource: 'aws:sqs',
          eventSourceARN: this.arn,
          awsRegion: REGION,
        };
      }),
    };
  }

  delete(ids: readonly string[]): void {
    this.messages = this.messages.filter(({ id }) => !ids.includes(id));
  }

  deleteByHandle(handle: string): void {
    this.messages = this.messages.filter(({ receiptHandle }) => receiptHandle !== handle);
  }

  changeVisibility(handle: string, seconds: number): void {
    const message = this.messages.find(({ receiptHandle }) => receiptHandle === handle);
    if (!message) {
      throw new SqsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${handle}" is not a valid receipt handle.`,
      );
    }
    if (this.#isVisible(message)) throw new SqsError('MessageNotInflight', 'The message is not in flight.');
    message.visibleAt = this.#now() + seconds * 1000;
  }

  /** Takes out everything that is visible. */
  drain(): readonly { readonly body: string; readonly reason: string | undefined }[] {
    const visible = this.messages.filter((message) => this.#isVisible(message));
    this.delete(visible.map(({ id }) => id));
    return visible.map(({ body, reason }) => ({ body, reason }));
  }

  /** How many messages can be received, how many are hidden after a receive, and how many are delayed. */
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const hidden = this.messages.filter((message) => !this.#isVisible(message));
    const inFlight = hidden.filter(({ receiveCount }) => receiveCount > 0).length;
    return { visible: this.messages.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
  }
}

const sendMessage = (queue: SqsQueue, input: JsonObject): JsonObject => {
  const body = textIn(input, 'MessageBody');
  const attributes = isObject(input.MessageAttributes) ? input.MessageAttributes : {};
  const limit = Number(queue.attributes.get('MaximumMessageSize'));
  if (messageBytes(body, attributes) > limit) throw invalidParameter(`Message must be shorter than ${limit} bytes.`);
  if (!isAllowed(body)) {
    throw new SqsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  }
  const { id } = queue.add(body, attributes, integerIn(input, 'DelaySeconds', 0, 900));
  return {
    MessageId: id,
    MD5OfMessageBody: md5(body),
    ...(Object.keys(attributes).length > 0 && { MD5OfMessageAttributes: attributesMd5(attributes) }),
  };
};

const isNamed = (name: string, names: readonly string[]): boolean =>
  names.some(
    (one) => one === 'All' || one === '.*' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -1))),
  );

const pick = <T>(object: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => isNamed(name, names)));

const toWire = (message: StoredMessage, input: JsonObject): JsonObject => {
  const system = {
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    SentTimestamp: String(message.sentAt),
    SenderId: ACCOUNT,
  };
  const Attributes = pick(system, namesIn(input.MessageSystemAttributeNames, input.AttributeNames));
  const MessageAttributes = pick(message.attributes, namesIn(input.MessageAttributeNames));
  const isMarked = Object.keys(MessageAttributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle ?? '',
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes,
    ...(isMarked && { MessageAttributes, MD5OfMessageAttributes: attributesMd5(MessageAttributes) }),
  };
};

/** Runs an operation for each entry; what fails is listed beside what was done. */
const batch = (input: JsonObject, run: (entry: JsonObject) => JsonObject): JsonObject => {
  const entries = isArray(input.Entries) ? input.Entries.filter(isObject) : [];
  const ids = entries.map((entry) => textIn(entry, 'Id'));
  const refuse = (type: string, message: string) => new SqsError(type, message, `AWS.SimpleQueueService.${type}`);
  if (entries.length === 0) throw refuse('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MAX_BATCH_ENTRIES)
    throw refuse('TooManyEntriesInBatchRequest', 'Maximum number of entries is 10.');
  if (new Set(ids).size < ids.length) throw refuse('BatchEntryIdsNotDistinct', 'Two or more entries have the same Id.');
  const size = entries.reduce(
    (sum, { MessageBody, MessageAttributes }) =>
      sum + messageBytes(isText(MessageBody) ? MessageBody : '', isObject(MessageAttributes) ? MessageAttributes : {}),
    0,
  );
  if (size > MAX_MESSAGE_BYTES) throw refuse('BatchRequestTooLong', `A batch may have ${MAX_MESSAGE_BYTES} bytes.`);

  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    const Id = textIn(entry, 'Id');
    try {
      Successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({ Id, Code: error.queryCode, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
};

const changeVisibility = (queue: SqsQueue, input: JsonObject): JsonObject => {
  const seconds = integerIn(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_S);
  queue.changeVisibility(textIn(input, 'ReceiptHandle'), seconds ?? 0);
  return {};
};

const deleteMessage = (queue: SqsQueue, input: JsonObject): JsonObject => {
  queue.deleteByHandle(textIn(input, 'ReceiptHandle'));
  return {};
};

const setAttributes = (queue: SqsQueue, attributes: Json | undefined): void => {
  for (const [name, value] of Object.entries(isObject(attributes) ? attributes : {})) {
    if (value === '') queue.attributes.delete(name);
    else queue.attributes.set(name, String(value));
  }
};

const describe = (queue: SqsQueue, input: JsonObject): JsonObject => {
  const { visible, inFlight, delayed } = queue.counts();
  const all = {
    ...Object.fromEntries(queue.attributes),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
  return { Attributes: pick(all, namesIn(input.AttributeNames)) };
};

/** The operations on a queue, but for the one that may wait. */
const operations = new Map<string, (queue: SqsQueue, input: JsonObject) => JsonObject>([
  ['SendMessage', sendMessage],
  ['SendMessageBatch', (queue, input) => batch(input, (entry) => sendMessage(queue, entry))],
  ['DeleteMessage', deleteMessage],
  ['DeleteMessageBatch', (queue, input) => batch(input, (entry) => deleteMessage(queue, entry))],
  ['ChangeMessageVisibility', changeVisibility],
  ['ChangeMessageVisibilityBatch', (queue, input) => batch(input, (entry) => changeVisibility(queue, entry))],
  ['GetQueueAttributes', describe],
  [
    'SetQueueAttributes',
    (queue, input) => {
      setAttributes(queue, input.Attributes);
      return {};
    },
  ],
  [
    'PurgeQueue',
    (queue) => {
      queue.messages = [];
      return {};
    },
  ],
]);

/** How often a long poll looks into the queue. */
const POLL_MS = 20;

/** Long polling: waits for a message at most as long as the request asks. */
const receive = async (queue: SqsQueue, input: JsonObject, { pause }: Exchange): Promise<JsonObject> => {
  const max = integerIn(input, 'MaxNumberOfMessages', 1, MAX_BATCH_ENTRIES) ?? 1;
  const visibility = integerIn(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_S);
  const wait =
    integerIn(input, 'WaitTimeSeconds', 0, 20) ?? Number(queue.attributes.get('ReceiveMessageWaitTimeSeconds'));
  for (let waited = 0; ; waited += POLL_MS) {
    const messages = queue.receive(max, visibility);
    if (messages.length > 0) return { Messages: messages.map((message) => toWire(message, input)) };
    if (waited >= wait * 1000 || !(await pause(POLL_MS))) return {};
  }
};

const HEADERS = { 'Content-Type': 'application/x-amz-json-1.0' };

const sendError = ({ send }: Exchange, { type, queryCode, message }: SqsError): void =>
  send({
    status: 400,
    headers: { ...HEADERS, 'x-amzn-query-error': `${queryCode};Sender` },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message }),
  });

const sendInternalError = ({ send }: Exchange): void =>
  send({ status: 500, headers: HEADERS, body: JSON.stringify({ __type: 'InternalFailure' }) });

/** Answers by a fault, whether or not the operation was run before. */
const answerWith = async (fault: string, exchange: Exchange): Promise<void> => {
  const [kind, ms] = fault.replace('-after', '').split(':');
  if (kind === '500') return sendInternalError(exchange);
  if (kind === 'hang' && ms === undefined) return;
  if (kind === 'hang' && !(await exchange.pause(Number(ms)))) return;
  exchange.reset();
};

const queueName = (url: Json | undefined): string => {
  const path = isText(url) && URL.canParse(url) ? new URL(url).pathname : '';
  return path.startsWith(`/${ACCOUNT}/`) ? path.slice(ACCOUNT.length + 2) : '';
};

/** An SQS of standard queues that speaks the JSON protocol of AWS's own client, on a free port of this machine. */
export const startSqs = async ({ now = () => Date.now(), fault }: SqsOptions = {}): Promise<SqsEmulator> => {
  const queues = new Map<string, SqsQueue>();
  const faults = createFaultQueue<SqsFault>();
  let requests = 0;
  let alive = Number.POSITIVE_INFINITY;
  if (fault !== undefined) faults.add(fault);

  const find = (name: string): SqsQueue => {
    const queue = queues.get(name);
    if (queue) return queue;
    throw new SqsError(
      'QueueDoesNotExist',
      'The specified queue does not exist.',
      'AWS.SimpleQueueService.NonExistentQueue',
    );
  };

  const run = async (operation: string, input: JsonObject, exchange: Exchange): Promise<JsonObject> => {
    if (operation === 'CreateQueue') {
      const queue = sqs.createQueue(textIn(input, 'QueueName'));
      setAttributes(queue, input.Attributes);
      return { QueueUrl: queue.url };
    }
    if (operation === 'GetQueueUrl') return { QueueUrl: find(textIn(input, 'QueueName')).url };
    const queue = find(queueName(input.QueueUrl));
    if (operation === 'ReceiveMessage') return receive(queue, input, exchange);
    const known = operations.get(operation);
    if (known) return known(queue, input);
    throw new SqsError('UnknownOperationException', `The emulator does not know the operation ${operation}.`);
  };

  const handle = async (exchange: Exchange): Promise<void> => {
    requests += 1;
    const { headers, body } = exchange.received;
    const [service, operation = ''] = String(headers['x-amz-target']).split('.');
    const input = parseJson(body?.toString() ?? '');
    if (service !== 'AmazonSQS' || !isObject(input)) {
      return sendError(exchange, new SqsError('SerializationException', 'The request is not one of SQS.'));
    }

    const fault = alive <= 0 ? 'reset' : faults.take();
    alive -= 1;
    const isDone = fault === undefined || fault.endsWith('-after');
    if (operation.startsWith('SendMessage')) {
      const queue = queues.get(queueName(input.QueueUrl));
      if (queue && isText(input.MessageBody)) sqs.onSend(queue, input.MessageBody, isDone, fault === undefined);
    }
    try {
      const answer = isDone ? await run(operation, input, exchange) : {};
      if (fault !== undefined) return await answerWith(fault, exchange);
      exchange.send({ status: 200, headers: HEADERS, body: JSON.stringify(answer) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      sendError(exchange, error);
    }
  };

  const server = await startServer(2_000_000, handle);
  const sqs: SqsEmulator = {
    url: server.url,
    get requests() {
      return requests;
    },
    onSend: () => {},
    createQueue: (name, attributes = {}) => {
      const queue = queues.get(name) ?? new SqsQueue(name, server.url, queues, now);
      queues.set(name, queue);
      setAttributes(queue, attributes);
      return queue;
    },
    fault: faults.add,
    clearFaults: faults.clear,
    dieAfter: (after) => {
      alive = after;
    },
    revive: () => {
      alive = Number.POSITIVE_INFINITY;
    },
    reset: () => {
      faults.clear();
      sqs.revive();
      for (const queue of queues.values()) queue.messages = [];
    },
    close: server.close,
  };
  return sqs;
};
