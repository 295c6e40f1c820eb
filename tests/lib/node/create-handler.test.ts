import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { type SqsEmulator, startSqs } from '../../../emulators/sqs.ts';
import { trackUser } from '../../../handlers/track-user.ts';
import { sleep } from '../../../lib/clock.ts';
import { createHandler } from '../../../lib/node/create-handler.ts';
import { API_KEY, startStage, type TestStage } from '../../support/stage.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

let stage: TestStage;
let sqs: SqsEmulator | undefined;

beforeAll(async () => {
  stage = await startStage();
});
beforeEach(() => stage.reset());
afterEach(async () => {
  await sqs?.close();
  sqs = undefined;
});
afterAll(() => stage.close());

const fresh = () => createHandler(trackUser, stage.createRuntime());

type Lambda = Parameters<ReturnType<typeof fresh>>[1];

/** What is kept of the time budget for handing over the answer. */
const ANSWER_MARGIN_MS = 25;
/** A quarter of the rest is kept for the queue. */
const forBraze = (budget: number) => Math.floor(0.75 * (budget - ANSWER_MARGIN_MS));

const timed = async <T>(work: () => Promise<T>) => {
  const startedAt = performance.now();
  const processor = process.cpuUsage();
  const { result, text } = await stage.capture(work);
  const { user, system } = process.cpuUsage(processor);
  return { answer: result, text, took: performance.now() - startedAt, processorMs: (user + system) / 1_000 };
};

const invoke = (event: unknown, lambda?: Lambda) => timed(() => fresh()(event, lambda));

const PROFILE = { payload: { external_id: 'ann', attributes: { first_name: 'Ann' } } };
const EVENT = { payload: { external_id: 'ann', event: { name: 'came' } } };

describe('a node', () => {
  test('reads SSM once for concurrent and later calls', async () => {
    const node = fresh();
    const before = stage.ssm.reads.length;
    await stage.capture(() => Promise.all(Array.from({ length: 20 }, () => node(EVENT))));
    await stage.capture(() => node(EVENT));
    expect(stage.ssm.reads.slice(before)).toMatchObject([{ target: 'GetParameters', decrypted: true }]);
    expect(stage.braze.requests).toHaveLength(21);
  });

  test.each([
    ['STAGE', ''],
    ['PARAMETER_PATH', 'sandbox'],
    ['UNDELIVERED_QUEUE_URL', 'queue'],
  ])('whose environment has no valid %s is misconfigured, and works once it has one', async (name, value) => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const before = process.env;
    const node = createHandler(trackUser);
    process.env = { ...stage.variables, [name]: value };
    expect(await node(EVENT)).toEqual({
      success: 'error',
      outcome: 'misconfigured',
      detail: `The environment variable ${name} is missing or malformed. The request was not kept.`,
    });
    process.env = { ...stage.variables };
    expect(await node(EVENT)).toMatchObject({ outcome: 'sent' });
    process.env = before;
    jest.restoreAllMocks();
  });

  test('answers unavailable after a bug', async () => {
    const broken = createHandler(
      {
        ...trackUser,
        toRequest: () => {
          throw new TypeError('ann@example.com is not a function');
        },
      },
      stage.createRuntime(),
    );
    const { answer, text } = await timed(() => broken(EVENT));
    expect(answer).toEqual({
      success: 'error',
      outcome: 'unavailable',
      detail: 'An internal error. The log line has its name.',
    });
    expect(JSON.parse(text)).toMatchObject({ outcome: 'unavailable', level: 'ERROR', error: { name: 'TypeError' } });
    expect(text).not.toContain('ann@example.com');
  });

  test('can have outcomes of its own', async () => {
    const node = createHandler(
      {
        ...trackUser,
        outcomes: { not_found: 'false' },
        readResponse: ({ processed }) => {
          if (processed.attributes_processed !== 1) return undefined;
          return { outcome: 'not_found', detail: 'There is no such person.', values: { BRAZE_FIRST_NAME: 'Ann' } };
        },
      },
      stage.createRuntime(),
    );
    expect((await timed(() => node(PROFILE))).answer).toEqual({
      success: 'false',
      outcome: 'not_found',
      detail: 'There is no such person.',
      BRAZE_FIRST_NAME: 'Ann',
    });
    expect((await timed(() => node(EVENT))).answer).toMatchObject({ success: 'true', outcome: 'sent' });
  });
});

describe('the time budget', () => {
  test('ends a call that hangs unexpectedly', async () => {
    stage.environment({ TIME_BUDGET_MS: '200' });
    stage.braze.fault('429');
    const getSqs = () => ({ sendMessage: () => new Promise<void>(() => {}), changeMessageVisibility: async () => {} });
    const node = createHandler(trackUser, { ...stage.createRuntime(), getSqs });
    const { answer, text } = await timed(() => node(EVENT));
    expect(answer).toEqual({
      success: 'error',
      outcome: 'unavailable',
      detail: 'An internal error. The log line has its name.',
    });
    expect(JSON.parse(text)).toMatchObject({ outcome: 'unavailable', level: 'ERROR', error: { name: 'Error' } });
  });

  test.each(['hang', 'drip', 'hang-after', 'slow:5000'] as const)(
    'is kept when Braze answers with %s, and an event is in doubt',
    async (fault) => {
      stage.environment({ TIME_BUDGET_MS: '1000' });
      stage.braze.fault(fault);
      const { answer, took } = await invoke(EVENT);
      expect(answer).toMatchObject({ success: 'error', outcome: 'in_doubt' });
      expect(took).toBe(forBraze(1_000));
      expect(await stage.deadLetters.drain()).toMatchObject([{ reason: 'in_doubt' }]);
    },
  );

  test.each(['hang', 'drip', 'slow:5000'] as const)(
    'is kept when Braze answers with %s, and attributes are queued',
    async (fault) => {
      stage.environment({ TIME_BUDGET_MS: '1000' });
      stage.braze.fault(fault);
      const { answer, took } = await invoke(PROFILE);
      expect(answer).toMatchObject({ success: 'true', outcome: 'queued' });
      expect(took).toBe(forBraze(1_000));
    },
  );

  test('is kept while everything hangs', async () => {
    sqs = await startSqs({ fault: 'hang' });
    stage.environment({ TIME_BUDGET_MS: '1000', AWS_ENDPOINT_URL_SQS: sqs.url });
    stage.ssm.fault('hang');
    stage.braze.fault('hang');
    const { answer, took } = await invoke(EVENT);
    expect(answer).toMatchObject({ success: 'error', outcome: 'unavailable' });
    expect(took).toBe(1_000 - ANSWER_MARGIN_MS);
  });

  test('ends half a second before Lambda does', async () => {
    stage.braze.fault('hang');
    const { answer, took } = await invoke(EVENT, { getRemainingTimeInMillis: () => 1_000 });
    expect(answer).toMatchObject({ outcome: 'in_doubt' });
    expect(took).toBe(forBraze(500));
  });

  test.each([500, 100, 0, -20])('can be used up at the start, with %d ms left for Lambda', async (left) => {
    const { answer } = await invoke(EVENT, { getRemainingTimeInMillis: () => left });
    expect(answer).toMatchObject({ success: 'error', outcome: 'unavailable' });
    expect(stage.braze.requests).toHaveLength(0);
  });

  test('is 6 seconds by default, of which one attempt takes 3', async () => {
    stage.braze.fault('hang');
    const { answer, took } = await invoke(EVENT);
    expect(answer).toMatchObject({ outcome: 'in_doubt' });
    expect(took).toBe(3_000);
  });
});

describe('an outage', () => {
  test('stops requests from the sixth call on, until Braze responds again', async () => {
    stage.environment({ TIME_BUDGET_MS: '400' });
    const node = fresh();
    stage.braze.fault('hang');
    const call = () => timed(() => node(PROFILE));
    for (let nth = 1; nth <= 5; nth += 1) expect((await call()).answer).toMatchObject({ outcome: 'queued' });
    const tried = stage.braze.requests.length;

    const calls = [];
    for (let nth = 1; nth <= 21; nth += 1) calls.push(await call());
    expect(calls.every(({ answer }) => 'outcome' in answer && answer.outcome === 'queued')).toBe(true);
    expect(stage.braze.requests).toHaveLength(tried);
    expect(await stage.undelivered.drain()).toHaveLength(26);

    stage.braze.clearFaults();
    await sleep(5_000);
    expect((await call()).answer).toMatchObject({ outcome: 'sent' });
    expect((await call()).answer).toMatchObject({ outcome: 'sent' });
  });
});

const OUTCOMES = {
  sent: 'true',
  partial: 'true',
  queued: 'true',
  invalid: 'error',
  rejected: 'error',
  misconfigured: 'error',
  in_doubt: 'error',
  unavailable: 'error',
};

const expectClosed = (answer: object) => {
  expect(Object.values(answer).every((value) => typeof value === 'string')).toBe(true);
  const { success, outcome, detail, BRAZE_INVALID_FIELDS, ...more } = Object.fromEntries(Object.entries(answer));
  expect(Object.entries(OUTCOMES)).toContainEqual([outcome, success]);
  expect(detail).toMatch(/^[A-Z].*\.$/);
  expect(BRAZE_INVALID_FIELDS).not.toBe('');
  expect(more).toEqual({});
};

const parseLines = (text: string) => {
  expect(text.endsWith('\n')).toBe(true);
  return text.trimEnd().split('\n');
};

describe('any event', () => {
  const names = fc.constantFrom(
    ...['payload', 'context', 'external_id', 'user_alias', 'email', 'phone', 'attributes', 'event', 'events'],
    ...['purchases', 'name', 'time', 'properties', 'session', 'strict', '__proto__', 'constructor', '$add', 'inc'],
    ...[
      'first_name',
      'dob',
      'country',
      '$time',
      '$list',
      'price',
      'currency',
      'product_id',
      'env',
      'user_data',
      'length',
    ],
  );
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.dictionary(fc.oneof(names, fc.string({ unit: 'binary' })), tie('any'), { maxKeys: 5 }),
      fc.array(tie('any'), { maxLength: 4 }),
    ),
  }));
  const somebody = fc.oneof(fc.constant('ann'), fc.string());
  const event = fc.record(
    { name: fc.string({ minLength: 1 }), time: fc.oneof(fc.constant('2026-05-01T10:00:00Z'), any), properties: any },
    { requiredKeys: ['name'] },
  );
  const payload = fc.record(
    {
      external_id: somebody,
      attributes: fc.dictionary(fc.oneof(names, fc.string()), any, { maxKeys: 8 }),
      event: fc.oneof(event, any),
      events: fc.oneof(fc.array(event, { maxLength: 4 }), any),
      purchases: any,
      session: fc.oneof(fc.constant(['page', 'utm', 'language']), any),
    },
    { requiredKeys: ['external_id'] },
  );
  const userData = fc.record(
    { last_viewed_url: fc.oneof(fc.webUrl(), any), browser_language: any },
    { requiredKeys: [] },
  );
  const envelope = fc.record(
    {
      payload: fc.oneof(payload, payload, any),
      context: fc.oneof(any, fc.record({ user_data: userData, chat_id: any })),
    },
    { requiredKeys: ['payload'] },
  );

  test('has an answer of the closed set and one log line, and Braze accepts everything that is sent', async () => {
    const node = fresh();
    await fc.assert(
      fc.asyncProperty(fc.oneof(any, envelope, envelope, envelope), async (given) => {
        const { result, text } = await stage.capture(() => node(given));
        expectClosed(result);
        expect(result).not.toMatchObject({ outcome: 'unavailable' });
        expect(result).not.toMatchObject({ outcome: 'rejected' });
        expect(parseLines(text)).toHaveLength(1);
        JSON.parse(text);
      }),
      { numRuns: 500 },
    );
    expect(stage.braze.requests.length).toBeGreaterThan(100);
    expect(stage.braze.requests.every(({ status }) => status === 201)).toBe(true);
  });

  test('has an answer even if it is not JSON', async () => {
    const loop: Record<string, unknown> = {};
    loop.payload = loop;
    const odd = [undefined, () => 1, Symbol('x'), 10n, Number.NaN, new Map(), new Date(), /x/, Object.create(null)];
    for (const event of [...odd, { payload: { external_id: 'ann', attributes: { a: 10n } } }]) {
      expectClosed((await invoke(event)).answer);
    }
    expectClosed((await invoke({ payload: { external_id: 'ann', attributes: new Date() } })).answer);
  });

  test('has an answer in time, however deep and wide it is', async () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 20_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
    const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, '']));
    const long = ' '.repeat(100_000);
    for (const value of [deep, wide, long, { deep, wide }]) {
      for (const event of [
        value,
        { payload: value },
        { payload: { external_id: 'ann', attributes: value, events: value } },
        { payload: { external_id: 'ann' }, context: value },
      ]) {
        const { answer, processorMs } = await invoke(event);
        expectClosed(answer);
        expect(processorMs).toBeLessThan(3_000);
      }
    }
  });
});

describe('the log', () => {
  const SECRETS = {
    external_id: 'id-9f86d081',
    email: 'quentin.quux@example.org',
    phone: '+493012345678',
    first_name: 'Quuxina',
    property: 'grault-2c26b46b',
    custom: 'garply-fcde2b2e',
    product: 'waldo-81b637d8',
    name: 'fred-4355a46b',
    key: 'plugh-ec2d5724',
    page: 'thud-7de1555d',
    env: 'xyzzy-1b16b1df',
  };
  const TELLING = {
    payload: {
      external_id: SECRETS.external_id,
      email: SECRETS.email,
      phone: SECRETS.phone,
      attributes: { first_name: SECRETS.first_name, [SECRETS.key]: SECRETS.custom, dob: `${SECRETS.custom}-dob` },
      event: { name: SECRETS.name, properties: { said: SECRETS.property } },
      purchase: { product_id: SECRETS.product, currency: 'EUR', price: '98765.43' },
      session: ['page'],
    },
    context: { env: 'sandbox', chat_id: 'c-1', user_data: { last_viewed_url: `https://example.com/${SECRETS.page}` } },
  };
  const LAMBDA = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 10_000 };

  const expectDiscreet = (text: string) => {
    for (const secret of [...Object.values(SECRETS), '98765.43', API_KEY, 'Ann', 'Bearer', 'Invalid API key']) {
      expect(text).not.toContain(secret);
    }
  };

  test('names invalid optional settings, and the call goes on without them', async () => {
    stage.environment({ DATE_ORDER: 'YMD', TIME_BUDGET_MS: 'soon' });
    const { text, answer } = await invoke(TELLING, LAMBDA);
    expect(answer).toMatchObject({ outcome: 'partial' });
    expect(JSON.parse(text)).toMatchObject({ settings_ignored: ['DATE_ORDER', 'TIME_BUDGET_MS'] });
  });

  test('has one line per invocation', async () => {
    const { text } = await invoke(TELLING, LAMBDA);
    expect(parseLines(text)).toHaveLength(1);
    expect(JSON.parse(text)).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'WARN',
      node: 'track-user',
      stage: 'sandbox',
      outcome: 'partial',
      chat_id: 'c-1',
      request_id: 'r-1',
      braze_status: 201,
      attempts: 1,
      ssm_ms: expect.any(Number),
      braze_ms: expect.any(Number),
      total_ms: expect.any(Number),
      invalid_fields: 1,
      invalid_reasons: { not_a_date: 1 },
    });
    expectDiscreet(text);
  });

  test.each(['partial', '413', '401', '403', '429:retry-after:600', '503', '500-after', 'reset', 'html'] as const)(
    'has no value, no identifier and no key when Braze answers with %s',
    async (fault) => {
      stage.braze.fault(fault);
      const { answer, text } = await invoke(TELLING, LAMBDA);
      expect(parseLines(text)).toHaveLength(1);
      expectDiscreet(text);
      expectDiscreet('detail' in answer ? answer.detail : '');
    },
  );

  test.each(['denied', 'hang', 'down'] as const)('has no personal data and no secret when SSM is %s', async (fault) => {
    stage.environment({ TIME_BUDGET_MS: '300' });
    stage.ssm.fault(fault);
    const { text } = await invoke(TELLING, LAMBDA);
    expect(parseLines(text)).toHaveLength(1);
    expect(JSON.parse(text)).toMatchObject({ attempts: 0, error: { name: expect.any(String) } });
    expectDiscreet(text);
  });

  test('has no personal data and no secret when SQS fails', async () => {
    sqs = await startSqs({ fault: '500' });
    stage.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    stage.braze.fault('500');
    const { text } = await invoke(TELLING, LAMBDA);
    expect(JSON.parse(text)).toMatchObject({ outcome: 'unavailable', error: { name: 'InternalFailure' } });
    expectDiscreet(text);
  });

  test('has no personal data and no secret when the call is invalid or from another stage', async () => {
    const { text } = await invoke({ payload: { ...TELLING.payload, external_id: '', email: '', phone: '' } });
    expect(JSON.parse(text)).toMatchObject({ outcome: 'invalid', level: 'WARN', attempts: 0 });
    expectDiscreet(text);
    const { answer, text: other } = await invoke({ ...TELLING, context: { env: SECRETS.env } });
    expect(JSON.parse(other)).toMatchObject({ outcome: 'misconfigured', level: 'ERROR', attempts: 0 });
    expectDiscreet(other + JSON.stringify(answer));
  });
});

describe('a call over HTTPS', () => {
  const SECRET = 'a-shared-secret-that-is-long-enough';

  const call = (body: string, { secret = SECRET, node = 'track-user', age = 0, isBase64Encoded = false } = {}) => {
    const t = Math.floor(Date.now() / 1_000) - age;
    const v1 = createHmac('sha256', secret).update(`${t}.${node}.${body}`).digest('hex');
    return {
      version: '2.0',
      requestContext: { http: { method: 'POST' } },
      headers: { 'Pypestream-Signature': `t=${t},v1=${v1}` },
      body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded,
    };
  };
  const post = async (event: unknown) => {
    const { answer, text } = await invoke(event);
    if (!('statusCode' in answer)) throw new Error('The answer is none of HTTP.');
    const { statusCode, body } = answer;
    return { status: Number(statusCode), answer: JSON.parse(String(body)), line: JSON.parse(text) };
  };

  beforeEach(() => stage.setParameter('node_secret', SECRET));

  describe('with a call_id', () => {
    const CALL_ID = '8a6f1f0e-3b1a-4b7e-9f57-0d2c1c0f7a11';
    const signed = (payload: object, call_id: unknown) => call(JSON.stringify({ payload, context: { call_id } }));
    const track = { external_id: 'ann', event: { name: 'came' } };
    const through = async (node: ReturnType<typeof fresh>, event: unknown) => {
      const { result, text } = await stage.capture(() => node(event));
      return { answer: JSON.parse(String(result.body)), line: JSON.parse(text) };
    };

    test('gets the same answer again, and sends nothing', async () => {
      const node = fresh();
      const payload = { ...track, attributes: { dob: 'unknown' } };
      const first = await through(node, signed(payload, CALL_ID));
      const second = await through(node, signed(payload, CALL_ID.toUpperCase()));
      expect(first.answer).toMatchObject({ outcome: 'partial', BRAZE_INVALID_FIELDS: 'attributes.dob' });
      expect(second.answer).toEqual(first.answer);
      expect(second.line).toMatchObject({ outcome: 'partial', attempts: 0, repeated: true });
      expect(stage.braze.requests).toHaveLength(1);
    });

    test.each([
      ['another', '8a6f1f0e-3b1a-4b7e-9f57-0d2c1c0f7a12'],
      ['none', undefined],
    ])('sends again with %s', async (_what, other) => {
      const node = fresh();
      await through(node, signed(track, other === undefined ? undefined : CALL_ID));
      await through(node, signed(track, other));
      expect(stage.braze.requests).toHaveLength(2);
    });

    test('sends again ten minutes later', async () => {
      const node = fresh();
      await through(node, signed(track, CALL_ID));
      await sleep(600_000);
      await through(node, signed(track, CALL_ID));
      expect(stage.braze.requests).toHaveLength(2);
    });

    test('sends again if the call is not signed', async () => {
      const node = fresh();
      const event = { payload: track, context: { call_id: CALL_ID } };
      await stage.capture(() => node(event));
      await stage.capture(() => node(event));
      expect(stage.braze.requests).toHaveLength(2);
    });
  });

  test.each([false, true])(
    'that is signed gets the same answer as a direct one (base64: %s)',
    async (isBase64Encoded) => {
      const { status, answer } = await post(call(JSON.stringify(EVENT), { isBase64Encoded }));
      expect({ status, answer }).toEqual({
        status: 200,
        answer: { success: 'true', outcome: 'sent', detail: 'Braze accepted everything.' },
      });
    },
  );

  test.each([
    ['with another secret', call('{}', { secret: 'guess' })],
    ['for another node', call('{}', { node: 'redeliver' })],
    ['too long ago', call('{}', { age: 400 })],
    ['ahead of time', call('{}', { age: -400 })],
    ['not at all', { ...call('{}'), headers: {} }],
    ['with another body', { ...call('{}'), body: JSON.stringify(EVENT) }],
  ])('that is signed %s is rejected, and triggers no alarm', async (_how, event) => {
    const { status, answer, line } = await post(event);
    expect({ status, answer }).toEqual({
      status: 401,
      answer: {
        success: 'error',
        outcome: 'misconfigured',
        detail: 'The signature is missing, wrong or too old.',
      },
    });
    expect(line).toMatchObject({ outcome: 'misconfigured', http_status: 401, level: 'WARN' });
    expect(line).not.toHaveProperty('_aws');
    expect(stage.braze.requests).toHaveLength(0);
  });

  test.each([
    ['no header', {}],
    ['a header that has not its form', { 'pypestream-signature': 't=1,v1=abc' }],
    ['a signature of last year', { 'pypestream-signature': `t=1700000000,v1=${'0'.repeat(64)}` }],
  ])('with %s does not read SSM', async (_case, headers) => {
    const reads = stage.ssm.reads.length;
    expect(await post({ ...call('{}'), headers })).toMatchObject({ status: 401 });
    expect(stage.ssm.reads).toHaveLength(reads);
  });

  test('causes one read of the parameters, however many calls are not authentic, also while Braze is misconfigured', async () => {
    stage.setParameter('braze_url', 'malformed');
    const reads = stage.ssm.reads.length;
    const node = fresh();
    const stranger = call('{}', { secret: 'a secret that somebody has guessed' });
    for (let nth = 0; nth < 20; nth += 1) await stage.capture(() => node(stranger));
    expect(stage.ssm.reads).toHaveLength(reads + 1);
  });

  test('that is not verified is neither counted nor an error while SSM is down, and reads SSM at most once a second', async () => {
    stage.environment({ TIME_BUDGET_MS: '100' });
    stage.ssm.fault('hang');
    const reads = stage.ssm.reads.length;
    const node = fresh();
    const stranger = call('{}', { secret: 'a secret that somebody has guessed' });
    for (let nth = 0; nth < 5; nth += 1) {
      const { text } = await stage.capture(() => node(stranger));
      expect(JSON.parse(text)).toMatchObject({ outcome: 'unavailable', level: 'WARN' });
      expect(JSON.parse(text)).not.toHaveProperty('_aws');
    }
    expect(stage.ssm.reads).toHaveLength(reads + 1);
  });

  test('is invalid if its body is not JSON', async () => {
    expect(await post(call('{"payload":'))).toMatchObject({ status: 400, answer: { outcome: 'invalid' } });
  });

  test('is invalid if its body is over 256 KB', async () => {
    const { status, answer } = await post(call(JSON.stringify({ payload: 'x'.repeat(262_144) })));
    expect({ status, answer }).toMatchObject({ status: 413, answer: { outcome: 'invalid' } });
  });

  test('is unavailable while the secret cannot be read', async () => {
    stage.environment({ TIME_BUDGET_MS: '300' });
    stage.ssm.fault('hang');
    expect(await post(call(JSON.stringify(EVENT)))).toMatchObject({
      status: 200,
      answer: { success: 'error', outcome: 'unavailable', detail: expect.stringMatching(/^SSM /) },
    });
  });
});
