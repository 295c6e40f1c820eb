import { type Message, parseMessage } from '../../../lib/delivery/message.ts';

const message: Message = {
  version: 2,
  node: 'track-user',
  stage: 'sandbox',
  reason: 'busy',
  time: '2026-05-01T10:00:00.000Z',
  method: 'POST',
  path: 'users/track',
  idempotent: true,
  request: { attributes: [{ external_id: 'ann', first_name: 'Ann' }], partner: 'pypestream' },
};
const { node: _, ...withoutNode } = message;
const { version, method, path, idempotent, ...common } = message;
const version1 = { ...common, version: 1, endpoint: path, replay_safe: idempotent };

const parse = (value: unknown) => parseMessage(JSON.stringify(value));
const parsed = (expected: unknown) => ({ kind: 'message', message: expected });
const withRequest = (request: unknown) => ({ ...message, request });

describe('a message', () => {
  test('is parsed as it was written', () => {
    expect(parse(message)).toEqual(parsed(message));
  });

  test.each(['busy', 'unknown', 'in_doubt', 'misconfigured', 'rejected', 'stale', 'expired', 'unreadable'])(
    'can have the reason %s',
    (reason) => {
      expect(parse({ ...message, reason })).toEqual(parsed({ ...message, reason }));
    },
  );

  test('can be for another endpoint with any body', () => {
    const other = {
      ...message,
      method: 'DELETE',
      path: 'catalogs/games/items/caf%C3%A9%20%2F%201',
      request: { canvas_id: 'c', recipients: [] },
    };
    expect(parse(other)).toEqual(parsed(other));
  });

  test('loses unknown keys', () => {
    expect(parse({ ...message, api_key: 'k' })).toEqual(parsed(message));
  });

  test('of version 1 is still parsed', () => {
    expect(parse(version1)).toEqual(parsed(message));
    expect(parse({ ...version1, reason: 'unclear' })).toEqual(parsed({ ...message, reason: 'unknown' }));
  });

  test.each([3, 4, 100])('of version %d is recognised as a later version', (later) => {
    expect(parse({ version: later })).toEqual({ kind: 'later_version' });
    expect(parse({ ...message, version: later })).toEqual({ kind: 'later_version' });
  });

  test.each(['', 'text', '{', 'null', '[]', '7', '"busy"', '{}'])('is unreadable as %s', (body) => {
    expect(parseMessage(body)).toEqual({ kind: 'unreadable' });
  });

  test.each<[string, unknown]>([
    ['a version as text', { ...message, version: '2' }],
    ['a version that never was', { ...message, version: 0 }],
    ['half a version', { ...message, version: 2.5 }],
    ['version 1 and the members of version 2', { ...message, version: 1 }],
    ['no node', withoutNode],
    ['a reason that is none', { ...message, reason: 'tired' }],
    ['a time that is none', { ...message, time: 'yesterday' }],
    ['a method that is none', { ...message, method: 'FETCH' }],
    ['a path elsewhere', { ...message, path: '../users/delete' }],
    ['a path elsewhere, encoded', { ...message, path: 'catalogs/%2e%2e/users' }],
    ['a path with a query', { ...message, path: 'users/track?api_key=k' }],
    ['an absolute path', { ...message, path: '/users/track' }],
    ['no path', { ...message, path: '' }],
    ['idempotent as text', { ...message, idempotent: 'true' }],
    ['no request', withRequest(undefined)],
    ['a null request', withRequest(null)],
    ['a list as request', withRequest([])],
    ['text as request', withRequest('{}')],
    ['an empty request', withRequest({})],
    ['a request with a partner only', withRequest({ partner: 'pypestream' })],
    ['a request with empty arrays', withRequest({ attributes: [], events: [] })],
    ['a request with an array that is none', withRequest({ attributes: { external_id: 'ann' } })],
    ['a request with an array that users/track does not have', withRequest({ ...message.request, tokens: [{}] })],
    ['a request with something that is no object', withRequest({ attributes: [{ external_id: 'ann' }, 'bob'] })],
  ])('is unreadable with %s', (_what, value) => {
    expect(parse(value)).toEqual({ kind: 'unreadable' });
  });
});
