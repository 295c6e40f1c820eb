import { type Message, readMessage } from '../../../lib/delivery/message.ts';

const message: Message = {
  version: 1,
  node: 'track-user',
  stage: 'sandbox',
  reason: 'busy',
  time: '2026-05-01T10:00:00.000Z',
  endpoint: 'users/track',
  replay_safe: true,
  request: { attributes: [{ external_id: 'ann', first_name: 'Ann' }], partner: 'pypestream' },
};
const { node: _, ...withoutNode } = message;

const read = (value: unknown) => readMessage(JSON.stringify(value));
const withRequest = (request: unknown) => ({ ...message, request });

describe('a message', () => {
  test('is read as it was written', () => {
    expect(read(message)).toEqual(message);
  });

  test.each(['busy', 'unclear', 'in_doubt', 'misconfigured', 'rejected', 'unreadable'])(
    'may lie there as %s',
    (reason) => {
      expect(read({ ...message, reason })).toEqual({ ...message, reason });
    },
  );

  test('may be for another endpoint, whose body is its own business', () => {
    const other = { ...message, endpoint: 'canvas/trigger/send', request: { canvas_id: 'c', recipients: [] } };
    expect(read(other)).toEqual(other);
  });

  test('loses what nobody knows', () => {
    expect(read({ ...message, api_key: 'k' })).toEqual(message);
  });

  test.each(['', 'text', '{', 'null', '[]', '7', '"busy"', '{}'])('is not %s', (body) => {
    expect(readMessage(body)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['another version', { ...message, version: 2 }],
    ['a version as text', { ...message, version: '1' }],
    ['no node', withoutNode],
    ['a reason that nobody knows', { ...message, reason: 'tired' }],
    ['an endpoint elsewhere', { ...message, endpoint: '../users/delete' }],
    ['an endpoint with a query', { ...message, endpoint: 'users/track?api_key=k' }],
    ['no endpoint', { ...message, endpoint: '' }],
    ['a replay_safe as text', { ...message, replay_safe: 'true' }],
    ['no request', withRequest(undefined)],
    ['a null request', withRequest(null)],
    ['a list as request', withRequest([])],
    ['text as request', withRequest('{}')],
    ['an empty request', withRequest({})],
    ['a request with a partner only', withRequest({ partner: 'pypestream' })],
    ['a request with empty arrays', withRequest({ attributes: [], events: [] })],
    ['a request with an array that is none', withRequest({ attributes: { external_id: 'ann' } })],
    ['a request with an array nobody knows', withRequest({ ...message.request, tokens: [{}] })],
    ['a request with something that is no object', withRequest({ attributes: [{ external_id: 'ann' }, 'bob'] })],
  ])('is not one with %s', (_what, value) => {
    expect(read(value)).toBeUndefined();
  });
});
