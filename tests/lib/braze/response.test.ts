import { leftOut, verdictOf, waitOf } from '../../../lib/braze/response.ts';
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
const verdict = (...answer: Parameters<typeof answered>) => verdictOf(answered(...answer), NOW);

describe('an answer with success', () => {
  test.each([
    [200, 'success', 'success'],
    [201, 'success', 'success'],
    [201, 'Success', 'success'],
    [202, 'queued', 'queued'],
  ])('%d "%s" is accepted, with what Braze counted', (status, message, read) => {
    const counts = { attributes_processed: 1, events_processed: 2, purchases_processed: 3 };
    expect(verdict(status, { message, ...counts })).toEqual({
      verdict: 'accepted',
      receipt: { errors: [], processed: 6, answer: { message: read, ...counts } },
    });
  });

  test('is accepted where Braze does not count', () => {
    const answer = { message: 'success', attributes_processed: '1' };
    expect(verdict(201, answer)).toEqual({ verdict: 'accepted', receipt: { errors: [], processed: 0, answer } });
  });

  test.each([
    ['objects', [{ type: 'bad', input_array: 'events', index: 1 }], [{ input_array: 'events', index: 1 }]],
    ['text', ['bad', 'worse'], [{}, {}]],
    ['both', ['bad', { type: 'worse', input_array: 'events', index: 0 }], [{}, { input_array: 'events', index: 0 }]],
    ['one text', 'bad', [{}]],
    ['one object', { type: 'bad', input_array: 'events', index: 0 }, [{ input_array: 'events', index: 0 }]],
    ['objects that say less', [{ type: 'bad' }, { input_array: 3, index: '1' }, null], [{}, {}, {}]],
    ['nothing', [], []],
    ['null', null, []],
    ['empty text', '', []],
  ])('tells of errors that are %s', (_, errors, expected) => {
    const answer = { message: 'success', attributes_processed: 1, errors };
    expect(verdict(201, answer)).toEqual({ verdict: 'accepted', receipt: { errors: expected, processed: 1, answer } });
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
  ])('but %s is unclear', (_, body) => {
    expect(verdict(201, body)).toEqual({ verdict: 'unclear' });
  });
});

describe('a status', () => {
  const bodies = ['', '<html>', { message: `Invalid API key: ${KEY}` }, { message: 'success' }];

  test.each([
    [400, 'rejected'],
    [402, 'rejected'],
    [405, 'rejected'],
    [408, 'rejected'],
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
    [500, 'unclear'],
    [501, 'unclear'],
    [502, 'unclear'],
    [504, 'unclear'],
    [520, 'unclear'],
    [599, 'unclear'],
  ])('of %d means %s, whatever the body says', (status, expected) => {
    for (const body of bodies) expect(verdict(status, body)).toEqual({ verdict: expected });
  });

  test('of 429 says when to come back', () => {
    expect(verdict(429, '', { 'x-ratelimit-retry-after': '2' })).toEqual({ verdict: 'busy', waitMs: 2_000 });
  });

  test('of 503 does not: the reset of the rate limit comes with every answer', () => {
    const headers = { 'x-ratelimit-reset': String(NOW / 1_000 + 1_800), 'retry-after': '120' };
    expect(verdict(503, '', headers)).toEqual({ verdict: 'busy' });
  });
});

describe('no answer', () => {
  test('to a request that never left is as good as busy', () => {
    expect(verdictOf({ kind: 'not_sent', cause: new Error('refused') }, NOW)).toEqual({ verdict: 'busy' });
  });

  test('to a request that left is unclear', () => {
    expect(verdictOf({ kind: 'unknown', cause: new Error('reset') }, NOW)).toEqual({ verdict: 'unclear' });
  });
});

describe('the wait that headers ask for', () => {
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
  ])('%j is %d ms', (headers, wait) => {
    expect(waitOf(headers, NOW)).toBe(wait);
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
  ])('%j is none', (headers) => {
    expect(waitOf(headers, NOW)).toBeUndefined();
  });
});

describe('what Braze left out', () => {
  const paths = { attributes: ['attributes'], events: ['events.0', 'events.2'], purchases: [] };

  test('is nothing where there are no errors', () => {
    expect(leftOut({ errors: [], processed: 3, answer: {} }, paths)).toEqual({ paths: [], everything: false });
  });

  test('is nothing where the request holds no objects, and there are no errors', () => {
    expect(leftOut({ errors: [], processed: 0, answer: {} }, {})).toEqual({ paths: [], everything: false });
  });

  test('is named as the designer wrote it', () => {
    const errors = [
      { input_array: 'events', index: 1 },
      { input_array: 'attributes', index: 0 },
    ];
    expect(leftOut({ errors, processed: 1, answer: {} }, paths)).toEqual({
      paths: ['events.2', 'attributes'],
      everything: false,
    });
  });

  test('is named once, however often Braze complains', () => {
    const errors = [
      { input_array: 'events', index: 1 },
      { input_array: 'events', index: 1 },
      { input_array: 'events', index: 1 },
    ];
    expect(leftOut({ errors, processed: 2, answer: {} }, paths)).toEqual({ paths: ['events.2'], everything: false });
  });

  test('is everything where each object has its error', () => {
    const errors = [
      { input_array: 'events', index: 0 },
      { input_array: 'events', index: 1 },
      { input_array: 'attributes', index: 0 },
    ];
    expect(leftOut({ errors, processed: 0, answer: {} }, paths)).toMatchObject({ everything: true });
  });

  test('is everything where as many errors without a place leave nothing processed', () => {
    expect(leftOut({ errors: [{}, {}, {}], processed: 0, answer: {} }, paths)).toEqual({ paths: [], everything: true });
  });

  test('is not everything where something was processed', () => {
    expect(leftOut({ errors: [{}, {}, {}], processed: 1, answer: {} }, paths)).toEqual({
      paths: [],
      everything: false,
    });
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
  ])('has no name where Braze says %j', (error) => {
    expect(leftOut({ errors: [error], processed: 2, answer: {} }, paths)).toEqual({ paths: [], everything: false });
  });
});
