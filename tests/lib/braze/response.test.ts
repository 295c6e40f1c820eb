import {
  type AcceptedResponse,
  classifyResponse,
  hadNoEffect,
  isMissing,
  locateRejected,
  parseRetryAfterMs,
} from '../../../lib/braze/response.ts';
import type { HttpResult } from '../../../lib/http.ts';

const NOW = Date.parse('2026-05-01T10:00:00Z');
const KEY = 'the-key';

const answered = (status: number, body: unknown = '', headers: Record<string, string> = {}): HttpResult => ({
  kind: 'response',
  complete: true,
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const classify = (...answer: Parameters<typeof answered>) => classifyResponse(answered(...answer), NOW);

describe('an answer with success', () => {
  test.each([
    [200, 'success'],
    [201, 'success'],
    [201, 'Success'],
    [202, 'queued'],
  ])('is accepted with %d "%s", and has Braze’s counts', (status, message) => {
    const counts = { attributes_processed: 1, events_processed: 2, purchases_processed: 3 };
    const body = { message, ...counts };
    expect(classify(status, body)).toEqual({
      kind: 'accepted',
      accepted: { status, errors: [], processed: counts, body },
    });
  });

  test('is accepted without counts', () => {
    const body = { message: 'success', attributes_processed: 'one', events_processed: '' };
    expect(classify(201, body)).toEqual({
      kind: 'accepted',
      accepted: { status: 201, errors: [], processed: {}, body },
    });
  });

  test('is accepted with counts that are written as text', () => {
    const body = { message: 'success', attributes_processed: '0', events_processed: '12' };
    expect(classify(201, body)).toEqual({
      kind: 'accepted',
      accepted: { status: 201, errors: [], processed: { attributes_processed: 0, events_processed: 12 }, body },
    });
  });

  test('is accepted with a byte order mark', () => {
    expect(classify(201, '\ufeff{"message":"success"}')).toMatchObject({ kind: 'accepted' });
  });

  test('is recognised by the endpoint’s own function', () => {
    const hasDispatchId = (status: number, body: object) => status === 200 && 'dispatch_id' in body;
    const result = answered(200, { dispatch_id: 'd' });
    expect(classifyResponse(result, NOW, hasDispatchId)).toMatchObject({ kind: 'accepted' });
    expect(classifyResponse(result, NOW)).toEqual({ kind: 'unknown' });
    const isMissingItem = (status: number) => status === 404;
    expect(classifyResponse(answered(404, { errors: [] }), NOW, isMissingItem)).toMatchObject({ kind: 'accepted' });
    expect(classifyResponse(answered(404, '<html>'), NOW, isMissingItem)).toEqual({ kind: 'forbidden' });
  });

  test('isMissing accepts a 404 about the item, but not about the URL', () => {
    expect(isMissing(404, { message: 'Could not find item' })).toBe(true);
    expect(isMissing(404, { message: 'Invalid URL' })).toBe(false);
    expect(isMissing(200, {})).toBe(false);
  });

  test("reports external ids that were not renamed, with Braze's positions", () => {
    const body = { message: 'success', rename_errors: [[1, 'new_external_id is in use'], ['0', 'bad'], 'bad'] };
    const array = { input_array: 'external_id_renames' };
    expect(classify(201, body)).toMatchObject({
      accepted: { errors: [{ ...array, index: 1 }, { ...array, index: 0 }, array] },
    });
    expect(classify(201, { ...body, rename_errors: [] })).toMatchObject({ accepted: { errors: [] } });
  });

  test.each([
    ['objects', [{ type: 'bad', input_array: 'events', index: 1 }], [{ input_array: 'events', index: 1 }]],
    ['text', ['bad', 'worse'], [{}, {}]],
    ['both', ['bad', { type: 'worse', input_array: 'events', index: 0 }], [{}, { input_array: 'events', index: 0 }]],
    ['one text', 'bad', [{}]],
    ['one object', { type: 'bad', input_array: 'events', index: 0 }, [{ input_array: 'events', index: 0 }]],
    ['objects that say less', [{ type: 'bad' }, { input_array: 3, index: 'x' }, null], [{}, {}, {}]],
    ['an index as text', [{ input_array: 'events', index: '1' }], [{ input_array: 'events', index: 1 }]],
    ['an empty object', {}, []],
    ['nothing', [], []],
    ['null', null, []],
    ['empty text', '', []],
  ])('has errors that are %s', (_, errors, expected) => {
    const body = { message: 'success', errors };
    expect(classify(201, body)).toEqual({
      kind: 'accepted',
      accepted: { status: 201, errors: expected, processed: {}, body },
    });
  });

  test.each([
    ['another message', { message: 'weird' }],
    ['no message', { attributes_processed: 1 }],
    ['a message that is no text', { message: { success: true } }],
    ['a list', [{ message: 'success' }]],
    ['null', 'null'],
    ['text', 'success'],
    ['half of its JSON', '{"message":"success"'],
    ['HTML', '<html>Please wait</html>'],
    ['nothing', ''],
  ])('is not recognised in %s, so it is unknown whether Braze processed the request', (_, body) => {
    expect(classify(201, body)).toEqual({ kind: 'unknown' });
  });
});

describe('a status', () => {
  const bodies = ['', '<html>', { message: `Invalid API key: ${KEY}` }, { message: 'success' }];

  test.each([
    [400, 'rejected'],
    [402, 'rejected'],
    [405, 'rejected'],
    [407, 'forbidden'],
    [408, 'busy'],
    [421, 'busy'],
    [425, 'busy'],
    [409, 'rejected'],
    [413, 'rejected'],
    [415, 'rejected'],
    [422, 'rejected'],
    [451, 'rejected'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'forbidden'],
    [300, 'forbidden'],
    [301, 'forbidden'],
    [302, 'forbidden'],
    [304, 'forbidden'],
    [307, 'forbidden'],
    [308, 'forbidden'],
    [429, 'busy'],
    [503, 'busy'],
    [500, 'unknown'],
    [501, 'unknown'],
    [502, 'unknown'],
    [504, 'unknown'],
    [520, 'unknown'],
    [599, 'unknown'],
  ])('of %d means %s, whatever the body says', (status, expected) => {
    for (const body of bodies) expect(classify(status, body)).toEqual({ kind: expected });
  });

  test('of 429 has the time to wait', () => {
    expect(classify(429, '', { 'x-ratelimit-retry-after': '2' })).toEqual({ kind: 'busy', retryAfterMs: 2_000 });
  });

  test('of 503 has no time to wait, because the reset of the rate limit comes with every answer', () => {
    const headers = { 'x-ratelimit-reset': String(NOW / 1_000 + 1_800), 'retry-after': '120' };
    expect(classify(503, '', headers)).toEqual({ kind: 'busy' });
  });
});

describe('a request without a response', () => {
  test('was not sent, so it counts as busy', () => {
    expect(classifyResponse({ kind: 'not_sent', cause: new Error('refused') }, NOW)).toEqual({ kind: 'busy' });
  });

  test('was sent, so it is unknown whether Braze processed it', () => {
    expect(classifyResponse({ kind: 'unknown', cause: new Error('reset') }, NOW)).toEqual({ kind: 'unknown' });
  });
});

describe('the wait in the headers', () => {
  test.each<[Record<string, string | string[]>, number]>([
    [{ 'x-ratelimit-retry-after': '3' }, 3_000],
    [{ 'x-ratelimit-retry-after': ' 3 ' }, 3_000],
    [{ 'x-ratelimit-retry-after': '0' }, 0],
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Fri, 01 May 2026 10:00:04 GMT' }, 4_000],
    [{ 'retry-after': 'Friday, 01-May-26 10:00:04 GMT' }, 4_000],
    [{ 'retry-after': 'Fri, 01 May 2026 09:59:00 GMT' }, 0],
    [{ 'x-ratelimit-reset': '5' }, 5_000],
    [{ 'x-ratelimit-reset': '0' }, 0],
    [{ 'x-ratelimit-reset': '3600' }, 3_600_000],
    [{ 'x-ratelimit-reset': '1777629607' }, 7_000],
    [{ 'x-ratelimit-reset': '1637707380' }, 0],
    [{ 'x-ratelimit-retry-after': '1', 'retry-after': '2', 'x-ratelimit-reset': '3' }, 1_000],
    [{ 'retry-after': '2', 'x-ratelimit-reset': '3' }, 2_000],
    [{ 'retry-after': 'Fri, 01 May 2026 10:00:04 GMT', 'x-ratelimit-reset': '3' }, 4_000],
    [{ 'x-ratelimit-retry-after': '', 'retry-after': '2' }, 2_000],
    [{ 'x-ratelimit-retry-after': '', 'retry-after': '', 'x-ratelimit-reset': '3' }, 3_000],
    [{ 'x-ratelimit-retry-after': '-1', 'retry-after': '-1', 'x-ratelimit-reset': '3' }, 3_000],
    [{ 'retry-after': 'soon', 'x-ratelimit-reset': '3' }, 3_000],
    [{ 'retry-after': ['2', '3'], 'x-ratelimit-reset': '3' }, 3_000],
  ])('is, with %j, %d ms', (headers, wait) => {
    expect(parseRetryAfterMs(headers, NOW)).toBe(wait);
  });

  test.each<Record<string, string>>([
    {},
    { 'x-ratelimit-limit': '', 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '' },
    { 'x-ratelimit-retry-after': '', 'retry-after': '', 'x-ratelimit-reset': '' },
    { 'x-ratelimit-retry-after': '   ' },
    { 'retry-after': '-5' },
    { 'retry-after': '2026-05-01' },
    { 'retry-after': 'Someday, 99 Foo 2026 99:99:99 GMT' },
    { 'x-ratelimit-reset': '-1' },
    { 'x-ratelimit-reset': 'NaN' },
    { 'x-ratelimit-reset': '1e3' },
    { 'x-ratelimit-reset': '0x10' },
    { 'x-ratelimit-reset': '5, 5' },
  ])('is missing with %j', (headers) => {
    expect(parseRetryAfterMs(headers, NOW)).toBeUndefined();
  });
});

describe('the rejected objects', () => {
  const objects = { attributes: [{}], events: [{}, {}], purchases: [] };
  const locate = (more: Partial<AcceptedResponse>) =>
    locateRejected({ status: 201, errors: [], processed: {}, body: {}, ...more }, objects);
  const ATTRIBUTES = { array: 'attributes', index: 0 };
  const FIRST_EVENT = { array: 'events', index: 0 };
  const SECOND_EVENT = { array: 'events', index: 1 };
  const NOTHING = { extent: 'none', positions: [], isComplete: true };

  test('are none without errors and counts', () => {
    expect(locate({})).toEqual(NOTHING);
    expect(locateRejected({ status: 201, errors: [], processed: {}, body: {} }, {})).toEqual(NOTHING);
  });

  test.each([
    [{ attributes_processed: 1, events_processed: 2 }],
    [{ attributes_processed: 1 }],
    [{ events_processed: 3 }],
    [{ aliases_processed: 3 }],
  ])('are none with the counts %j', (processed) => {
    expect(locate({ processed })).toEqual(NOTHING);
  });

  test.each<[AcceptedResponse['processed'], 'some' | 'all', readonly object[], boolean]>([
    [{ attributes_processed: 0, events_processed: 0 }, 'all', [ATTRIBUTES, FIRST_EVENT, SECOND_EVENT], true],
    [{ attributes_processed: 1, events_processed: 0 }, 'some', [FIRST_EVENT, SECOND_EVENT], true],
    [{ attributes_processed: 1, events_processed: 1 }, 'some', [], false],
    [{ attributes_processed: 0 }, 'some', [ATTRIBUTES], true],
    [{ aliases_processed: 2 }, 'some', [], false],
    [{ aliases_processed: 0 }, 'all', [], false],
  ])('follow Braze’s counts: %j', (processed, extent, positions, isComplete) => {
    expect(locate({ processed })).toEqual({ extent, positions, isComplete });
  });

  test('have the positions that Braze reports', () => {
    const errors = [
      { input_array: 'events', index: 1 },
      { input_array: 'attributes', index: 0 },
    ];
    expect(locate({ errors, processed: { events_processed: 1 } })).toEqual({
      extent: 'some',
      positions: [ATTRIBUTES, SECOND_EVENT],
      isComplete: true,
    });
  });

  test('are counted once, however many errors an object has', () => {
    const error = { input_array: 'events', index: 1 };
    const processed = { attributes_processed: 1, events_processed: 1 };
    const rejected = { extent: 'some', positions: [SECOND_EVENT], isComplete: true };
    expect(locate({ errors: [error, error, error], processed })).toEqual(rejected);
  });

  test('are all objects if each has an error', () => {
    const errors = [
      { input_array: 'events', index: 0 },
      { input_array: 'events', index: 1 },
      { input_array: 'attributes', index: 0 },
    ];
    expect(locate({ errors })).toMatchObject({ extent: 'all', isComplete: true });
  });

  test('are all objects if there are as many errors without position and nothing was processed', () => {
    expect(locate({ errors: [{}, {}, {}] })).toEqual({ extent: 'all', positions: [], isComplete: false });
  });

  test('are not all objects if something was processed', () => {
    const processed = { attributes_processed: 1 };
    expect(locate({ errors: [{}, {}, {}], processed })).toEqual({ extent: 'some', positions: [], isComplete: false });
  });

  test.each([
    { input_array: 'events', index: 2 },
    { input_array: 'events', index: -1 },
    { input_array: 'events', index: 0.5 },
    { input_array: 'events' },
    { index: 0 },
    { input_array: 'user_identifiers', index: 0 },
    { input_array: 'constructor', index: 0 },
    { input_array: '__proto__', index: 0 },
  ])('have no position with %j', (error) => {
    expect(locate({ errors: [error] })).toEqual({ extent: 'some', positions: [], isComplete: false });
  });
});

test.each<[Partial<AcceptedResponse>, boolean]>([
  [{ body: { notice: 'The Canvas is paused.' } }, true],
  [{ body: { notice: '' } }, false],
  [{ processed: { aliases_processed: 0 } }, true],
  [{ processed: { aliases_processed: 1 } }, false],
  [{ status: 404, body: { errors: [{ id: 'item-not-found' }] } }, true],
  [{}, false],
])('%j had no effect: %s', (more, expected) => {
  expect(hadNoEffect({ status: 201, errors: [], processed: {}, body: {}, ...more })).toBe(expected);
});
