import { startBraze } from '../../emulators/braze/server.ts';
import type { ParameterName } from '../../emulators/local-stage.ts';
import { type SqsEmulator, startSqs } from '../../emulators/sqs.ts';
import { trackUser } from '../../handlers/track-user.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { CLOSED_URL } from '../support/raw-server.ts';
import { API_KEY, startStage, type TestStage } from '../support/stage.ts';
import { useVirtualTime } from '../support/virtual-time.ts';

useVirtualTime();

/** What is kept of the time budget for handing over the answer. */
const ANSWER_MARGIN_MS = 25;

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

/** The first invocation of an environment that keeps nothing from another. */
const invoke = async (payload: unknown, context: object = {}) =>
  (await stage.capture(() => createHandler(trackUser, stage.createRuntime())({ payload, context }))).result;

const PROFILE = { external_id: 'ann', attributes: { first_name: 'Ann' } };
const EVENT = { external_id: 'ann', event: { name: 'came' } };

const SENT = { success: 'true', outcome: 'sent', detail: 'Braze accepted everything.' };
const PARTIAL = {
  success: 'true',
  outcome: 'partial',
  detail: 'Braze accepted the request, but some fields or objects were left out.',
};
const QUEUED = {
  success: 'true',
  outcome: 'queued',
  detail: 'Braze cannot take the request now. It is stored and will be sent again.',
};
const IN_DOUBT = {
  success: 'error',
  outcome: 'in_doubt',
  detail: 'Braze may have processed the request. The request waits in the dead-letter queue.',
};
const UNAVAILABLE = {
  success: 'error',
  outcome: 'unavailable',
  detail: 'Braze could not take the request, and no queue stored it.',
};
const ALL_REFUSED = { success: 'error', outcome: 'rejected', detail: 'Braze rejected every object of the request.' };
const misconfigured = (problem: string, place = 'The request waits in the dead-letter queue.') => ({
  success: 'error',
  outcome: 'misconfigured',
  detail: `${problem} ${place}`,
});
const rejected = (status: number) => ({
  success: 'error',
  outcome: 'rejected',
  detail: `Braze rejected the request (${status}).`,
});

const queues = async () => ({
  undelivered: (await stage.undelivered.drain()).map(({ reason }) => reason),
  deadLetters: (await stage.deadLetters.drain()).map(({ reason }) => reason),
});
const NOWHERE = { undelivered: [], deadLetters: [] };
const waiting = (reason: string) => ({ undelivered: [reason], deadLetters: [] });
const deadLettered = (reason: string) => ({ undelivered: [], deadLetters: [reason] });

describe('track-user', () => {
  test('sends one request, with the identifier on every object', async () => {
    const answer = await invoke(
      {
        external_id: ' ann ',
        email: ' Ann@Example.com ',
        attributes: { FIRST_NAME: ' Ann ', loyalty_number: '0042', company: '{COMPANY}', nickname: null },
        event: { name: 'came', time: '2026-05-01T12:00:00+02:00', properties: { flow: 'Sale' } },
        events: [{ name: 'left', time: '1777629600' }],
        purchase: { product_id: 'p', currency: 'eur', price: '12.50', quantity: '2', time: '2026-05-01T10:00:00Z' },
        session: ['operating_system', 'page'],
      },
      {
        env: 'Sandbox',
        chat_id: 'c-1',
        user_data: { platform: 'Mac OS X10_14_4', last_viewed_url: 'https://shop.example.com/sale?code=secret' },
      },
    );
    expect(answer).toEqual(SENT);
    const page = 'https://shop.example.com/sale';
    expect(stage.braze.requests.map(({ method, path, query, json }) => ({ method, path, query, json }))).toEqual([
      {
        method: 'POST',
        path: '/users/track',
        query: '',
        json: {
          attributes: [
            {
              external_id: 'ann',
              operating_system: 'macOS',
              email: 'ann@example.com',
              first_name: 'Ann',
              loyalty_number: '0042',
              nickname: null,
            },
          ],
          events: [
            { external_id: 'ann', name: 'came', time: '2026-05-01T10:00:00.000Z', properties: { page, flow: 'Sale' } },
            { external_id: 'ann', name: 'left', time: '2026-05-01T10:00:00.000Z', properties: { page } },
          ],
          purchases: [
            {
              external_id: 'ann',
              product_id: 'p',
              currency: 'EUR',
              price: 12.5,
              quantity: 2,
              time: '2026-05-01T10:00:00.000Z',
            },
          ],
          partner: 'pypestream',
        },
      },
    ]);
    expect(stage.braze.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
    });
    expect(await queues()).toEqual(NOWHERE);
  });

  test('leaves out invalid fields, and reports them', async () => {
    const answer = await invoke({
      external_id: 'ann',
      attributes: { dob: '30 Feb 1980', email: 'nobody', first_name: 'Ann' },
      events: [{ name: 'came' }, { name: 'left', time: 'yesterday' }],
    });
    expect(answer).toEqual({ ...PARTIAL, BRAZE_INVALID_FIELDS: 'attributes.dob,attributes.email,events.1.time' });
    expect(stage.braze.requests[0]?.json).toMatchObject({
      attributes: [{ external_id: 'ann', first_name: 'Ann' }],
      events: [{ name: 'came' }],
    });
  });

  test.each<[string, unknown, string, string | undefined]>([
    ['no payload', undefined, 'The payload is missing or is not an object.', undefined],
    ['text as payload', '{"external_id":"ann"}', 'The payload is missing or is not an object.', undefined],
    ['nobody', { attributes: { first_name: 'Ann' } }, 'There is no valid identifier.', 'external_id'],
    ['nothing', { external_id: 'ann' }, 'There is nothing to send.', undefined],
    ['nothing usable', { external_id: 'ann', event: { properties: {} } }, 'There is nothing to send.', 'event.name'],
    [
      'an invalid field, and is strict',
      { ...PROFILE, event: { name: '$x' }, strict: 'true' },
      'The payload is strict, and some of its fields are invalid.',
      'event.name',
    ],
    [
      '76 objects',
      { ...PROFILE, events: Array.from({ length: 75 }, () => ({ name: 'came' })) },
      'The request would have more than 75 objects.',
      undefined,
    ],
    [
      'over 256 KB',
      { external_id: 'ann', attributes: { a: 'x'.repeat(263_000) } },
      'The payload is larger than 256 KB.',
      undefined,
    ],
  ])('is invalid with %s', async (_what, payload, detail, invalid) => {
    expect(await invoke(payload)).toEqual({
      success: 'error',
      outcome: 'invalid',
      detail,
      ...(invalid !== undefined && { BRAZE_INVALID_FIELDS: invalid }),
    });
    expect(stage.braze.requests).toHaveLength(0);
    expect(await queues()).toEqual(NOWHERE);
  });

  test.each(['prod', 'live', 'staging', 7])('rejects a conversation from %s', async (env) => {
    expect(await invoke(PROFILE, { env })).toEqual({
      success: 'error',
      outcome: 'misconfigured',
      detail: 'The conversation belongs to another stage than sandbox.',
    });
    expect(stage.braze.requests).toHaveLength(0);
    expect(await queues()).toEqual(NOWHERE);
  });

  test('queues the largest payload that is accepted', async () => {
    stage.braze.fault('503');
    const external_id = '😀'.repeat(246);
    const events = Array.from({ length: 75 }, () => ({ name: 'came', properties: { said: '😀'.repeat(200) } }));
    expect(await invoke({ external_id, events, attributes: { list: { $list: 'a,'.repeat(10_000) } } })).toMatchObject({
      outcome: 'queued',
    });
    expect(await queues()).toEqual(waiting('busy'));
  });
});

describe('when Braze answers', () => {
  test('202 with the message queued, the outcome is sent', async () => {
    stage.braze.fault('queued');
    expect(await invoke(PROFILE)).toEqual(SENT);
  });

  test('with errors for some objects, the outcome is partial, and they are reported as the designer wrote them', async () => {
    stage.braze.fault('partial');
    const answer = await invoke({
      external_id: 'ann',
      event: { name: '$invalid' },
      events: [{ name: 'x', time: 'never' }, { name: 'came' }, { name: 'left' }],
    });
    expect(answer).toEqual({ ...PARTIAL, BRAZE_INVALID_FIELDS: 'event.name,events.0.time,events.1' });
    expect(await queues()).toEqual(NOWHERE);
  });

  test('with errors without positions, the outcome is partial', async () => {
    stage.braze.fault('partial-text');
    expect(await invoke({ ...PROFILE, ...EVENT })).toEqual(PARTIAL);
  });

  test('with errors for all objects, the outcome is rejected', async () => {
    stage.braze.fault('refused');
    expect(await invoke({ ...PROFILE, ...EVENT })).toEqual({
      ...ALL_REFUSED,
      BRAZE_INVALID_FIELDS: 'attributes,event',
    });
    expect(await queues()).toEqual(NOWHERE);
  });

  test.each(['odd-message', 'html'] as const)('2xx with %s, the event is in doubt and not repeated', async (fault) => {
    stage.braze.fault(fault);
    expect(await invoke(EVENT)).toEqual(IN_DOUBT);
    expect(stage.braze.requests).toHaveLength(1);
    expect(await queues()).toEqual(deadLettered('in_doubt'));
  });

  test.each(['odd-message', 'html'] as const)('2xx with %s, attributes are repeated', async (fault) => {
    stage.braze.fault(fault, 1);
    expect(await invoke(PROFILE)).toEqual(SENT);
    expect(stage.braze.requests).toHaveLength(2);
  });

  test('400, the request is rejected and not queued', async () => {
    const strict = await startBraze({ apiKey: API_KEY, maxObjects: 1 });
    stage.setParameter('braze_url', strict.url);
    expect(await invoke({ ...PROFILE, ...EVENT })).toEqual(rejected(400));
    expect(strict.requests).toHaveLength(1);
    expect(await queues()).toEqual(NOWHERE);
    await strict.close();
  });

  test('413, the request is rejected and not queued', async () => {
    stage.braze.fault('413');
    expect(await invoke(PROFILE)).toEqual(rejected(413));
    expect(stage.braze.requests).toHaveLength(1);
    expect(await queues()).toEqual(NOWHERE);
  });

  test('401, the key is read again, and the request is dead-lettered', async () => {
    stage.braze.apiKey = 'another-key';
    const reads = stage.ssm.reads.length;
    expect(await invoke(PROFILE)).toEqual(misconfigured('Braze rejected the API key (401).'));
    expect(stage.ssm.reads.length - reads).toBe(2);
    expect(stage.braze.requests).toHaveLength(2);
    expect(await queues()).toEqual(deadLettered('misconfigured'));
  });

  test('401 and SSM cannot be read, the request is queued', async () => {
    stage.environment({ TIME_BUDGET_MS: '1000' });
    const node = createHandler(trackUser, stage.createRuntime());
    await stage.capture(() => node({ payload: PROFILE }));
    stage.braze.apiKey = 'another-key';
    stage.ssm.fault('throttled');
    const { result, text } = await stage.capture(() => node({ payload: PROFILE }));
    expect(result).toEqual(QUEUED);
    expect(JSON.parse(text)).toMatchObject({ outcome: 'queued', braze_status: 401, attempts: 1 });
    expect(await queues()).toEqual(waiting('busy'));
  });

  test('401 because the key was rotated, the request is sent with the new key', async () => {
    const node = createHandler(trackUser, stage.createRuntime());
    await stage.capture(() => node({ payload: PROFILE }));
    stage.braze.apiKey = 'another-key';
    stage.setParameter('braze_api_key', 'another-key');
    const { result } = await stage.capture(() => node({ payload: PROFILE }));
    expect(result).toEqual(SENT);
    expect(stage.braze.requests.map(({ status }) => status)).toEqual([201, 401, 201]);
  });

  test.each([
    ['403', 403],
    ['404', 404],
    ['redirect', 302],
  ] as const)('%s, it is misconfigured and dead-lettered', async (fault, status) => {
    stage.braze.fault(fault);
    const problem = `Braze answered ${status}: the key lacks a permission, or the URL is wrong.`;
    expect(await invoke(EVENT)).toEqual(misconfigured(problem));
    expect(stage.braze.requests).toHaveLength(1);
    expect(await queues()).toEqual(deadLettered('misconfigured'));
  });

  test('403 and the stage has no queues, the outcome is still misconfigured', async () => {
    stage.environment({ UNDELIVERED_QUEUE_URL: '', DEAD_LETTER_QUEUE_URL: '' });
    stage.braze.fault('403');
    const problem = 'Braze answered 403: the key lacks a permission, or the URL is wrong.';
    expect(await invoke(EVENT)).toEqual(misconfigured(problem, 'The request was not kept.'));
  });

  test.each([
    '429:retry-after:0',
    '429:x-ratelimit-retry-after:0',
    '429:reset-delta:0',
    '429:empty',
    '429:none',
  ] as const)('%s once, it is sent after the wait', async (fault) => {
    stage.braze.fault(fault, 1);
    expect(await invoke(EVENT)).toEqual(SENT);
    expect(stage.braze.requests.map(({ status }) => status)).toEqual([429, 201]);
  });

  test('429 three times, the request is queued', async () => {
    stage.braze.fault('429:retry-after:0');
    expect(await invoke(EVENT)).toEqual(QUEUED);
    expect(stage.braze.requests).toHaveLength(3);
    expect(await queues()).toEqual(waiting('busy'));
  });

  test.each(['429:retry-after:60', '429:retry-after-date:60', '429:reset-epoch:60'] as const)(
    '%s, the request is queued without waiting that long',
    async (fault) => {
      stage.braze.fault(fault);
      expect(await invoke(EVENT)).toEqual(QUEUED);
      expect(stage.braze.requests).toHaveLength(1);
      expect(await queues()).toEqual(waiting('busy'));
    },
  );

  test('503 twice, the third attempt is sent', async () => {
    stage.braze.fault('503', 2);
    expect(await invoke(EVENT)).toEqual(SENT);
  });

  test('503 every time, the request is queued', async () => {
    stage.braze.fault('503');
    expect(await invoke(EVENT)).toEqual(QUEUED);
    expect(stage.braze.requests).toHaveLength(3);
    expect(await queues()).toEqual(waiting('busy'));
  });

  test.each(['500', '502', '504', 'reset', '500-after', '502-after', '504-after', 'reset-after'] as const)(
    '%s, an event is in doubt and dead-lettered',
    async (fault) => {
      stage.braze.fault(fault);
      expect(await invoke(EVENT)).toEqual(IN_DOUBT);
      expect(stage.braze.requests).toHaveLength(1);
      expect(await queues()).toEqual(deadLettered('in_doubt'));
    },
  );

  test.each([
    ['an increment', { visits: { inc: 1 } }],
    ['an addition to a list', { interests: { add: ['trains'] } }],
    ['an addition to a list of objects', { pets: { $add: [{ name: 'Rex' }] } }],
  ])('500, %s is in doubt and not repeated', async (_what, attributes) => {
    stage.braze.fault('500-after');
    expect(await invoke({ external_id: 'ann', attributes })).toEqual(IN_DOUBT);
    expect(stage.braze.requests).toHaveLength(1);
  });

  test('500, a purchase is in doubt even if the stage accepts duplicate events', async () => {
    stage.environment({ REPLAY_IN_DOUBT: 'true' });
    stage.braze.fault('500');
    const purchase = { product_id: 'p', currency: 'EUR', price: '1' };
    expect(await invoke({ external_id: 'ann', purchase })).toEqual(IN_DOUBT);
    expect(stage.braze.requests).toHaveLength(1);
  });

  test('500 once, an event is sent again if the stage accepts duplicate events', async () => {
    stage.environment({ REPLAY_IN_DOUBT: 'true' });
    stage.braze.fault('500', 1);
    expect(await invoke(EVENT)).toEqual(SENT);
  });

  test.each(['500', '502', '504', 'reset'] as const)('%s once, attributes are sent again', async (fault) => {
    stage.braze.fault(fault, 1);
    expect(await invoke(PROFILE)).toEqual(SENT);
  });

  test.each(['500-after', 'reset-after'] as const)('%s every time, attributes are queued', async (fault) => {
    stage.braze.fault(fault);
    expect(await invoke(PROFILE)).toEqual(QUEUED);
    expect(stage.braze.requests).toHaveLength(3);
    expect(await queues()).toEqual(waiting('unknown'));
  });
});

describe('when Braze cannot be reached', () => {
  test('an event is queued', async () => {
    stage.setParameter('braze_url', CLOSED_URL);
    expect(await invoke(EVENT)).toEqual(QUEUED);
    expect(await queues()).toEqual(waiting('busy'));
  });

  test('and no queue can store it, the outcome is unavailable', async () => {
    stage.environment({ UNDELIVERED_QUEUE_URL: '' });
    stage.braze.fault('503');
    expect(await invoke(EVENT)).toEqual(UNAVAILABLE);
  });

  test.each([
    ['500', expect.any(Number)],
    ['hang', 1_000 - ANSWER_MARGIN_MS],
  ] as const)('and SQS does %s, it is unavailable in time', async (fault, took) => {
    sqs = await startSqs({ fault });
    stage.environment({ AWS_ENDPOINT_URL_SQS: sqs.url, TIME_BUDGET_MS: '1000' });
    stage.braze.fault('429:retry-after:60');
    const began = performance.now();
    expect(await invoke(EVENT)).toEqual(UNAVAILABLE);
    expect(performance.now() - began).toEqual(took);
  });

  test('and SQS fails, the outcome of a request in doubt is unavailable', async () => {
    sqs = await startSqs({ fault: '500' });
    stage.environment({ AWS_ENDPOINT_URL_SQS: sqs.url });
    stage.braze.fault('500');
    expect(await invoke(EVENT)).toEqual(UNAVAILABLE);
  });
});

describe('when SSM', () => {
  test.each<[ParameterName, string, string]>([
    ['braze_url', 'https://example.com', 'is not a Braze REST endpoint'],
    ['braze_url', 'http://rest.fra-01.braze.eu', 'is not a Braze REST endpoint'],
    ['braze_api_key', ` ${API_KEY}`, 'has blanks around it'],
    ['braze_api_key', `"${API_KEY}"`, 'has quotes around it'],
  ])('has a %s that is malformed, the request is dead-lettered', async (name, value, fault) => {
    stage.setParameter(name, value);
    expect(await invoke(EVENT)).toEqual(misconfigured(`The parameter /a-brand/sandbox/${name} ${fault}.`));
    expect(await queues()).toEqual(deadLettered('misconfigured'));
  });

  test.each<ParameterName>(['braze_url', 'braze_api_key'])('has no %s, the request is dead-lettered', async (name) => {
    stage.setParameter(name);
    expect(await invoke(EVENT)).toEqual(misconfigured(`The parameter /a-brand/sandbox/${name} is missing.`));
    expect(await queues()).toEqual(deadLettered('misconfigured'));
  });

  test('denies access, the request is dead-lettered', async () => {
    stage.ssm.fault('denied');
    const problem = 'The parameters under /a-brand/sandbox cannot be read: AccessDeniedException.';
    expect(await invoke(EVENT)).toEqual(misconfigured(problem));
    expect(await queues()).toEqual(deadLettered('misconfigured'));
  });

  test.each(['throttled', 'internal', 'down'] as const)(
    'is %s for a short time, the request is sent',
    async (fault) => {
      stage.ssm.fault(fault, 2);
      expect(await invoke(EVENT)).toEqual(SENT);
    },
  );

  test.each(['throttled', 'internal', 'down', 'hang'] as const)(
    'is %s, the request is queued within the time budget',
    async (fault) => {
      stage.environment({ TIME_BUDGET_MS: '1000' });
      stage.ssm.fault(fault);
      const began = performance.now();
      expect(await invoke(EVENT)).toEqual(QUEUED);
      // A quarter of the time is kept for the queue.
      expect(performance.now() - began).toBe(Math.floor(0.75 * (1_000 - ANSWER_MARGIN_MS)));
      expect(stage.braze.requests).toHaveLength(0);
      expect(await queues()).toEqual(waiting('busy'));
    },
  );
});

describe('a message in a queue', () => {
  test('has the request, node, stage, reason and time, but no API key', async () => {
    stage.braze.fault('503');
    const before = Date.now();
    await invoke({ ...EVENT, event: { name: 'came', time: '2026-05-01T10:00:00Z' } });
    const [lying] = await stage.undelivered.drain();
    const message = JSON.parse(lying?.body ?? '');
    expect(message).toEqual({
      version: 2,
      reason: 'busy',
      node: 'track-user',
      stage: 'sandbox',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      method: 'POST',
      path: 'users/track',
      idempotent: false,
      request: {
        events: [{ external_id: 'ann', name: 'came', time: '2026-05-01T10:00:00.000Z' }],
        partner: 'pypestream',
      },
    });
    expect(Date.parse(message.time)).toBeGreaterThanOrEqual(before);
    expect(lying?.body).not.toContain(API_KEY);
  });
});
