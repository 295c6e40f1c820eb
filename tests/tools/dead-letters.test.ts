import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { LOCAL_AWS } from '../../emulators/local-stage.ts';
import { type LoopbackServer, startServer } from '../../emulators/server.ts';
import { type SqsEmulator, type SqsQueue, startSqs } from '../../emulators/sqs.ts';
import { deadLetters } from '../../tools/dead-letters/command.ts';
import { describeDeadLetter, parseDeadLetter, summarize } from '../../tools/dead-letters/dead-letter.ts';
import { SERVICE } from '../../tools/service.ts';

const NAME = 'Quuxina';
const SCOPE = 'Region us-east-1 (from AWS_REGION), stage sandbox.\n';
const message = (external_id: string, more: object = {}) => ({
  version: 1,
  node: 'track-user',
  stage: 'sandbox',
  reason: 'misconfigured',
  time: '2026-05-01T10:00:00.000Z',
  endpoint: 'users/track',
  replay_safe: false,
  request: { attributes: [{ external_id, first_name: NAME, pet: 'Rex' }], partner: 'pypestream' },
  ...more,
});
const DOUBTFUL = message('bob', {
  reason: 'in_doubt',
  request: {
    events: [
      { external_id: 'bob', name: 'came', time: '2026-05-01T10:00:00Z' },
      { external_id: 'bob', name: 'le\u001b[31mft', time: '2026-05-01T10:00:00Z' },
    ],
    purchases: [{ external_id: 'bob', product_id: 'p', currency: 'EUR', price: 1, time: '2026-05-01T10:00:00Z' }],
  },
});

interface Queues {
  readonly letters: SqsQueue;
  readonly undelivered: SqsQueue;
}

let sqs: SqsEmulator;
beforeAll(async () => {
  sqs = await startSqs();
  Object.assign(process.env, LOCAL_AWS, { AWS_ENDPOINT_URL_SQS: sqs.url });
});
afterAll(() => sqs.close());

const queuesWith = async (...bodies: readonly (object | string)[]): Promise<Queues> => {
  const id = randomUUID();
  const [letters, undelivered] = [sqs.createQueue(`dead-letters-${id}`), sqs.createQueue(`undelivered-${id}`)];
  for (const body of bodies) {
    if (typeof body === 'string') letters.put(body, 'unreadable');
    else letters.put(JSON.stringify(body), 'reason' in body ? String(body.reason) : undefined);
  }
  return { letters, undelivered };
};

interface Terms {
  readonly typed?: string;
  readonly interruption?: AbortSignal;
  /** Called with all that was said, whenever more was. */
  readonly onText?: (text: string) => void;
}

/** Runs the command with the answers of a pipe. */
const run = async (argv: readonly string[], { typed, interruption, onText }: Terms = {}) => {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  let text = '';
  for (const stream of [streams.stdout, streams.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
      onText?.(text);
    });
  }
  if (typed !== undefined) streams.stdin.end(typed);
  const code = await deadLetters(argv, streams, interruption ?? new AbortController().signal);
  return { code, text };
};

/** Runs the command at a terminal where its question is answered with `keys`. */
const runAtTerminal = async (argv: readonly string[], keys: string) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  const streams = { stdin, stdout: new PassThrough(), stderr: new PassThrough() };
  // A prompt cannot end the stream of a process either.
  streams.stderr.end = () => streams.stderr;
  let text = '';
  streams.stdout.on('data', (chunk) => {
    text += chunk;
  });
  streams.stderr.on('data', (chunk) => {
    if (!text.includes('Redrive 1 message?') && String(chunk).includes('Redrive 1 message?')) {
      setImmediate(() => stdin.write(keys));
    }
    text += chunk;
  });
  const code = await deadLetters(argv, streams, new AbortController().signal);
  return { code, text };
};

const at = ({ letters, undelivered }: Queues, ...argv: readonly string[]) => [
  ...['--stage', 'sandbox', '--queue-url', letters.url, '--undelivered-queue-url', undelivered.url],
  ...argv,
];

const bodiesIn = async (queue: SqsQueue) =>
  queue
    .drain()
    .map(({ body }) => body)
    .toSorted();
const texts = (...values: readonly object[]) => values.map((value) => JSON.stringify(value)).toSorted();

describe('list', () => {
  test.concurrent('counts by reason and node, prints no personal data, and leaves every message in the queue', async () => {
    const all = [message('ann'), message('cid'), message('dan', { node: 'track-event' }), DOUBTFUL];
    const queues = await queuesWith(...all, 'hello');
    const { code, text } = await run(at(queues, 'list'));
    expect(code).toBe(0);
    expect(text).toBe(
      [
        `${SCOPE}5 messages.`,
        'COUNT  REASON         NODE         OLDEST',
        '2      misconfigured  track-user   0 min',
        '1      misconfigured  track-event  0 min',
        '1      in_doubt       track-user   0 min',
        '1      unreadable     (unknown)    0 min',
        '',
      ].join('\n'),
    );
    expect(queues.letters.counts()).toMatchObject({ visible: 5, inFlight: 0 });
  });

  test.concurrent('counts more messages than SQS returns at once', async () => {
    const queues = await queuesWith(...Array.from({ length: 23 }, (_, n) => message(`p${n}`)));
    expect((await run(at(queues, 'list'))).text).toContain('23     misconfigured  track-user');
    expect(queues.letters.counts()).toMatchObject({ visible: 23, inFlight: 0 });
  });

  test.concurrent('prints one line for an empty queue', async () => {
    const { code, text } = await run(at(await queuesWith(), 'list'));
    expect({ code, text }).toEqual({ code: 0, text: `${SCOPE}0 messages.\n` });
  });
});

describe('show', () => {
  test.concurrent('describes each message without its values', async () => {
    const queues = await queuesWith(message('ann'), DOUBTFUL, 'hello', message('eve', { stage: 'prod' }));
    const { code, text } = await run(at(queues, 'show'));
    expect(code).toBe(0);
    expect(text.replace(/^[0-9a-f-]{36}/gm, 'ID')).toBe(
      [
        `${SCOPE}4 messages.`,
        'ID  misconfigured  track-user  2026-05-01T10:00:00.000Z',
        '  users/track',
        '  attributes 1: first_name, pet',
        'ID  in_doubt  track-user  2026-05-01T10:00:00.000Z',
        '  users/track',
        '  events 2: came, le�[31mft',
        '  purchases 1',
        '  Braze may have it already: redriven, it may be a duplicate',
        'ID  unreadable  (unknown)',
        '  it cannot be read: it cannot be redriven',
        'ID  misconfigured  track-user  2026-05-01T10:00:00.000Z',
        '  users/track',
        '  attributes 1: first_name, pet',
        '  it belongs to another stage: it cannot be redriven',
        '',
      ].join('\n'),
    );
    expect(text).not.toContain(NAME);
  });

  test.concurrent('prints values with --show-data, with control and format characters escaped', async () => {
    const named = { attributes: [{ external_id: 'eve', first_name: '\u009b31m\u202eEve\u200b', pet: '\ud800' }] };
    const queues = await queuesWith(message('ann'), message('eve', { request: named }), DOUBTFUL, 'hel\u0085lo');
    const { text } = await run(
      at(queues, 'show', '--show-data', '--reason', 'misconfigured', '--reason', 'unreadable'),
    );
    expect(text).toContain('3 messages of 4.');
    expect(text).toContain('"first_name":"Quuxina","pet":"Rex"');
    expect(text).toContain('"first_name":"\\u009b31m\\u202eEve\\u200b","pet":"\\ud800"');
    expect(text).toContain('  "hel\\u0085lo"');
    expect(text).not.toContain('purchases');
  });
});

describe('redrive', () => {
  test.concurrent('pauses between messages as --rate says', async () => {
    const queues = await queuesWith(message('ann'), message('bob'), message('cid'));
    const began = performance.now();
    const { code } = await run(at(queues, 'redrive', '--yes', '--rate', '20'));
    // A timer never fires early, so the two pauses of 50 ms are a lower bound on any machine.
    expect([code, performance.now() - began > 95]).toEqual([0, true]);
    expect(await bodiesIn(queues.undelivered)).toHaveLength(3);
  });

  test.concurrent('asks for confirmation at a terminal', async () => {
    const queues = await queuesWith(message('ann'));
    const no = await runAtTerminal(at(queues, 'redrive'), 'n\r');
    expect([no.code, no.text]).toEqual([1, expect.stringContaining('Nothing was redriven.')]);
    const cancelled = await runAtTerminal(at(queues, 'redrive'), '\u0003');
    expect([cancelled.code, cancelled.text]).toEqual([130, expect.stringContaining('Cancelled.')]);
    const yes = await runAtTerminal(at(queues, 'redrive'), 'y\r');
    expect([yes.code, yes.text]).toEqual([0, expect.stringContaining('Redriven: 1 of 1 message.')]);
  });

  test.concurrent('asks for confirmation, names possible duplicates, and moves what is confirmed', async () => {
    const queues = await queuesWith(message('ann'), DOUBTFUL, 'hello');
    const { code, text } = await run(at(queues, 'redrive'), { typed: 'y\n' });
    expect(code).toBe(1);
    expect(text).toContain('Braze may have 1 of them already; redriven, they may be duplicates:\n  ');
    expect(text).toMatch(/Left where it is: \S+ cannot be read\./);
    expect(text).toContain('\r2 of 2');
    expect(text).toContain('Redriven: 2 of 2 messages.');
    expect(await bodiesIn(queues.undelivered)).toEqual(texts(message('ann'), DOUBTFUL));
    expect(await queues.letters.drain()).toEqual([{ body: 'hello', reason: 'unreadable' }]);
  });

  test.concurrent.each(['n\n', '\n', 'no thanks\n', ''])('redrives nothing on the answer %j', async (typed) => {
    const queues = await queuesWith(message('ann'));
    const { code, text } = await run(at(queues, 'redrive'), { typed });
    expect(code).toBe(1);
    expect(text).toContain('Nothing was redriven.');
    expect(await queues.undelivered.drain()).toEqual([]);
    expect(queues.letters.counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  test.concurrent('redrives only the given reasons and ids, and with --yes does not ask', async () => {
    const queues = await queuesWith(message('ann'), message('cid'), DOUBTFUL);
    const shown = await run(at(queues, 'show', '--reason', 'misconfigured'));
    const [id = ''] = /^[0-9a-f-]{36}/m.exec(shown.text) ?? [];
    const { code, text } = await run(at(queues, 'redrive', '--yes', '--id', id, '--reason', 'misconfigured'));
    expect(code).toBe(0);
    expect(text).toContain('Redriven: 1 of 1 message.');
    expect(await bodiesIn(queues.undelivered)).toEqual(texts(message('ann')));
    expect(await bodiesIn(queues.letters)).toEqual(texts(message('cid'), DOUBTFUL));
  });

  test.concurrent('exits with an error where nothing can be redriven', async () => {
    const queues = await queuesWith(message('eve', { stage: 'prod' }));
    const { code, text } = await run(at(queues, 'redrive', '--yes'));
    expect(code).toBe(1);
    expect(text).toMatch(/Left where it is: \S+ belongs to another stage\.\nThere is nothing to redrive\./);
    expect(queues.letters.counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  test.concurrent('stops after the current message on Ctrl-C, and prints how many are done', async () => {
    const queues = await queuesWith(message('ann'), message('bob'), message('cid'));
    const interruption = new AbortController();
    const { code, text } = await run(at(queues, 'redrive', '--yes'), {
      interruption: interruption.signal,
      onText: (said) => {
        if (said.includes('1 of 3')) interruption.abort();
      },
    });
    expect(code).toBe(130);
    expect(text).toContain('Redriven: 1 of 3 messages.');
    expect(await bodiesIn(queues.undelivered)).toHaveLength(1);
    expect(queues.letters.counts()).toMatchObject({ visible: 2, inFlight: 0 });
  });

  test.concurrent('keeps a message whose copy SQS has not acknowledged', async () => {
    const queues = await queuesWith(message('ann'), message('bob'));
    const nowhere = { ...queues, undelivered: { ...queues.undelivered, url: `${queues.undelivered.url}-gone` } };
    const { code, text } = await run(at(nowhere as Queues, 'redrive', '--yes'));
    expect(code).toBe(1);
    expect(text).toContain('Redriven: 0 of 2 messages.');
    expect(text).toMatch(/sqs:SendMessage was refused by AWS \([\w.]*(?:NonExistentQueue|QueueDoesNotExist)\)\./);
    expect(queues.letters.counts()).toMatchObject({ visible: 2, inFlight: 0 });
  });
});

describe('discard', () => {
  test.concurrent('deletes the messages once their number is typed', async () => {
    const queues = await queuesWith(message('ann'), message('bob'), DOUBTFUL);
    const { code, text } = await run(at(queues, 'discard', '--reason', 'misconfigured'), { typed: '2\n' });
    expect(code).toBe(0);
    expect(text).toContain('Discarded: 2 of 2 messages.');
    expect(await bodiesIn(queues.letters)).toEqual(texts(DOUBTFUL));
    expect(await queues.undelivered.drain()).toEqual([]);
  });

  test.concurrent.each(['1\n', 'y\n', '\n'])('deletes nothing on the answer %j', async (typed) => {
    const queues = await queuesWith(message('ann'), message('bob'));
    const { code, text } = await run(at(queues, 'discard'), { typed });
    expect(code).toBe(1);
    expect(text).toContain('Nothing was discarded.');
    expect(queues.letters.counts()).toMatchObject({ visible: 2, inFlight: 0 });
  });

  test.concurrent('says so where there is nothing to discard', async () => {
    expect((await run(at(await queuesWith(), 'discard'))).text).toContain('There is nothing to discard.');
  });
});

describe('the command', () => {
  test.each<[string, readonly string[]]>([
    ['no stage', ['list']],
    ['a stage nobody knows', ['--stage', 'test', 'list']],
    ['no action', ['--stage', 'sandbox']],
    ['an action nobody knows', ['--stage', 'sandbox', 'purge']],
    ['two actions', ['--stage', 'sandbox', 'list', 'show']],
    ['an option nobody knows', ['--stage', 'sandbox', 'list', '--all']],
    ['data where none is shown', ['--stage', 'sandbox', 'list', '--show-data']],
    ['a yes where nothing is asked', ['--stage', 'sandbox', 'discard', '--yes']],
    ['a rate where nothing is sent', ['--stage', 'sandbox', 'discard', '--rate', '5']],
    ['consent where nothing is sent', ['--stage', 'sandbox', 'list', '--without-consent']],
    ['a rate of nothing', ['--stage', 'sandbox', 'redrive', '--rate', '0']],
    ['a rate that is no number', ['--stage', 'sandbox', 'redrive', '--rate', 'fast']],
  ])('prints the usage for %s', async (_what, argv) => {
    const { code, text } = await run(argv);
    expect(code).toBe(2);
    expect(text).toContain('npm run dead-letters -- --stage sandbox list');
  });

  test('prints the usage with --help', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, text: expect.stringContaining('--show-data') });
  });

  test.concurrent('changes nothing when it is interrupted at once', async () => {
    const queues = await queuesWith(message('ann'));
    expect(await run(at(queues, 'list'), { interruption: AbortSignal.abort() })).toMatchObject({ code: 130 });
    expect(queues.letters.counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  test('runs as a program, with the queues of the environment', async () => {
    const { letters } = await queuesWith(message('ann'));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'tools/run.ts', 'dead-letters', '--stage', 'sandbox', 'list'],
      { env: { ...process.env, DEAD_LETTER_QUEUE_URL: letters.url } },
    );
    expect(stdout).toContain('1      misconfigured  track-user');
  });
});

describe('a dead letter', () => {
  const NOW = Date.parse('2026-05-10T12:00:00Z');

  test.each([
    ['2026-05-10T12:00:30Z', '0 min'],
    ['2026-05-10T11:01:00Z', '59 min'],
    ['2026-05-10T11:00:00Z', '1 h'],
    ['2026-05-08T12:00:01Z', '47 h'],
    ['2026-05-08T12:00:00Z', '2 d'],
  ])('of %s is listed as %s old', (sent, age) => {
    const [, line] = summarize([parseDeadLetter('m', 'r', 'hello', '', Date.parse(sent))], NOW);
    expect(line).toBe(`1      unreadable  (unknown)  ${age}`);
  });

  test('for another endpoint is described by its path', () => {
    const body = JSON.stringify({ ...message('ann'), endpoint: 'canvas/trigger/send', request: { canvas_id: 'c' } });
    expect(describeDeadLetter(parseDeadLetter('m', 'r', body, '', NOW), 'sandbox', false)).toEqual([
      'm  misconfigured  track-user  2026-05-01T10:00:00.000Z',
      '  canvas/trigger/send',
    ]);
  });

  test('that holds only an identifier is described without names', () => {
    const request = { attributes: [{ external_id: 'ann' }], partner: 'pypestream' };
    expect(
      describeDeadLetter(
        parseDeadLetter('m', 'r', JSON.stringify(message('ann', { request })), '', NOW),
        'prod',
        false,
      ),
    ).toContain('  attributes 1');
  });
});

test.concurrent('redrives without permissions, and leaves a message that holds nothing else', async () => {
  const attributes = { external_id: 'ann', first_name: NAME, email_subscribe: 'opted_in' };
  const both = message('ann', { reason: 'stale', request: { attributes: [attributes], partner: 'pypestream' } });
  const { first_name: _, ...permission } = attributes;
  const only = message('ann', { reason: 'stale', request: { attributes: [permission], partner: 'pypestream' } });
  const queues = await queuesWith(both, only);
  const { code, text } = await run(at(queues, 'redrive', '--yes', '--reason', 'stale', '--without-consent'));
  expect(code).toBe(1);
  expect(text).toMatch(/Left where it is: \S+ holds nothing but a permission\.\s[\s\S]*Redriven: 1 of 1 message\./);
  const [redriven = ''] = await bodiesIn(queues.undelivered);
  expect(JSON.parse(redriven).request).toEqual({
    attributes: [{ external_id: 'ann', first_name: NAME }],
    partner: 'pypestream',
  });
});

test.concurrent('leaves a message of a later version, and says why', async () => {
  const queues = await queuesWith(message('ann', { version: 3 }));
  const { code, text } = await run(at(queues, 'redrive', '--yes'));
  expect([code, text]).toEqual([1, expect.stringContaining('was written by a later version of the service')]);
});

test.concurrent('points to the doctor before it redrives what was dead-lettered as misconfigured', async () => {
  const queues = await queuesWith(message('ann'), DOUBTFUL);
  const { text } = await run(at(queues, 'redrive'), { typed: 'n\n' });
  expect(text).toContain('1 message will come back unless npm run doctor finds key and parameters in order.');
  const { text: doubtful } = await run(at(queues, 'redrive', '--reason', 'in_doubt'), { typed: 'n\n' });
  expect(doubtful).not.toContain('doctor');
});

describe('the command, beside an SQS with faults,', () => {
  const servers: LoopbackServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  const SANDBOX = ['--stage', 'sandbox', 'list', '--queue-url'];
  const withSqs = async <T>(endpoint: string, work: () => Promise<T>): Promise<T> => {
    process.env.AWS_ENDPOINT_URL_SQS = endpoint;
    try {
      return await work();
    } finally {
      process.env.AWS_ENDPOINT_URL_SQS = sqs.url;
    }
  };

  test('says so where SQS fails', async () => {
    const sqs = await startSqs({ fault: '500' });
    servers.push(sqs);
    const { code, text } = await withSqs(sqs.url, () => run([...SANDBOX, `${sqs.url}/0/q`]));
    expect({ code, text }).toEqual({
      code: 1,
      text: `${SCOPE}sqs:ReceiveMessage got no answer: check the region, the network and the proxy.\n`,
    });
  });

  /** An SQS with one message, that does not do some things. */
  const startLimited = (refused: readonly string[]): Promise<LoopbackServer> =>
    startServer(1_000_000, ({ received, send }) => {
      const action = String(received.headers['x-amz-target']).split('.')[1] ?? '';
      const headers = { 'Content-Type': 'application/x-amz-json-1.0' };
      const body = JSON.stringify(message('ann'));
      const md5 = createHash('md5').update(body).digest('hex');
      const letter = { MessageId: 'm-1', ReceiptHandle: 'r-1', Body: body, MD5OfBody: md5, Attributes: {} };
      if (refused.includes(action)) send({ status: 403, headers, body: '{"__type":"AccessDeniedException"}' });
      else send({ status: 200, headers, body: JSON.stringify({ MD5OfMessageBody: md5, Messages: [letter] }) });
    });

  test('says that a message is in both queues where SQS does not delete the original', async () => {
    const sqs = await startLimited(['DeleteMessage']);
    servers.push(sqs);
    const argv = ['--stage', 'sandbox', 'redrive', '--yes', '--queue-url', `${sqs.url}/0/q`];
    const { code, text } = await withSqs(sqs.url, () => run([...argv, '--undelivered-queue-url', `${sqs.url}/0/u`]));
    expect(code).toBe(1);
    expect(text).toContain(
      'These credentials lack the IAM action sqs:DeleteMessage. Message m-1 is in both queues now',
    );
  });

  test('says that messages stay hidden where SQS does not release them', async () => {
    const sqs = await startLimited(['ChangeMessageVisibilityBatch']);
    servers.push(sqs);
    const { code, text } = await withSqs(sqs.url, () => run([...SANDBOX, `${sqs.url}/0/q`]));
    expect(code).toBe(0);
    expect(text).toContain('Messages that were not handled are hidden for up to 15 minutes; none is lost.');
  });
});

describe('the queues of a stage', () => {
  const stackWith = (outputs: string) =>
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>s</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>${outputs}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  const outputs = (urls: { readonly [name: string]: string }) =>
    `<Outputs>${Object.entries(urls)
      .map(([key, url]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${url}</OutputValue></member>`)
      .join('')}</Outputs>`;
  const UNKNOWN =
    '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id s does not exist</Message></Error></ErrorResponse>';
  const DENIED = UNKNOWN.replace('ValidationError', 'AccessDenied');

  const withStack = async (status: number, body: string, argv: readonly string[]) => {
    const asked: string[] = [];
    const server = await startServer(100_000, ({ received, send }) => {
      asked.push(String(received.body));
      send({ status, headers: { 'Content-Type': 'text/xml' }, body });
    });
    process.env.AWS_ENDPOINT_URL_CLOUDFORMATION = server.url;
    try {
      return { ...(await run(argv)), asked };
    } finally {
      delete process.env.AWS_ENDPOINT_URL_CLOUDFORMATION;
      await server.close();
    }
  };

  test('are found in the outputs of its stack', async () => {
    const { letters, undelivered } = await queuesWith(message('ann'));
    const body = stackWith(outputs({ DeadLetterQueueUrl: letters.url, UndeliveredQueueUrl: undelivered.url }));
    const { code, asked } = await withStack(200, body, [
      '--stage',
      'prod',
      'redrive',
      '--yes',
      '--region',
      'eu-central-1',
    ]);
    expect(code).toBe(1);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain(`StackName=${SERVICE}-prod`);
    // It belongs to the sandbox.
    expect(await letters.drain()).toHaveLength(1);
  });

  test.each([
    [400, UNKNOWN, `There is no stack ${SERVICE}-sandbox. Give another region, or deploy it:`],
    [403, DENIED, 'These credentials lack the IAM action cloudformation:DescribeStacks.'],
    [200, stackWith(''), `The stack ${SERVICE}-sandbox has no output DeadLetterQueueUrl.`],
    [200, stackWith(outputs({ Other: 'x' })), `The stack ${SERVICE}-sandbox has no output DeadLetterQueueUrl.`],
  ])('are not found where CloudFormation answers %d with %s', async (status, body, sentence) => {
    const { code, text } = await withStack(status, body, ['--stage', 'sandbox', 'list']);
    expect(code).toBe(1);
    expect(text).toContain(sentence);
  });
});
