import { matchesStage, parseEvent } from '../../../lib/entry/event.ts';

const nothing = { payload: undefined, context: {} };

describe('an envelope', () => {
  test('has the payload as received and the context', () => {
    expect(
      parseEvent({
        payload: { email: ' a@b.c ' },
        context: { env: 'sandbox', chat_id: 'c-1', user_data: { platform: 'iOS', browser_language: 'fr' } },
      }),
    ).toEqual({
      payload: { email: ' a@b.c ' },
      context: { env: 'sandbox', chat_id: 'c-1', user_data: { platform: 'iOS', browser_language: 'fr' } },
    });
  });

  test('can have no context', () => {
    expect(parseEvent({ payload: {} })).toEqual({ payload: {}, context: {} });
  });

  test('can have unknown keys', () => {
    expect(parseEvent({ payload: {}, version: 3, context: { skill: 'x', env: 'prod' } })).toEqual({
      payload: {},
      context: { env: 'prod' },
    });
  });

  test.each([undefined, null, '', 'text', 7, true, [], [{ payload: {} }], {}])(
    'has neither payload nor context as %j',
    (event) => {
      expect(parseEvent(event)).toEqual(nothing);
    },
  );

  test.each([null, '', '{"email":"a@b.c"}', 7, true, [], [{}]])('has no payload if it is %j', (payload) => {
    expect(parseEvent({ payload })).toEqual(nothing);
  });

  test.each([null, '', 'prod', 7, true, [], [{ env: 'prod' }]])('has an empty context if it is %j', (context) => {
    expect(parseEvent({ payload: {}, context })).toEqual({ payload: {}, context: {} });
  });

  test('takes nothing from a prototype', () => {
    expect(parseEvent(Object.create({ payload: {}, context: { env: 'prod' } }))).toEqual(nothing);
    expect(parseEvent(JSON.parse('{"__proto__":{"payload":{}},"context":{"__proto__":{"env":"prod"}}}'))).toEqual(
      nothing,
    );
  });

  test('has a context that is cleaned as a payload is', () => {
    expect(
      parseEvent({
        context: {
          env: ' <<far fa-check>>sandbox\n',
          chat_id: '{CHAT_ID}',
          user_data: { platform: 'None', page: ' x ' },
        },
      }),
    ).toEqual({ payload: undefined, context: { env: 'sandbox', user_data: { page: 'x' } } });
  });
});

describe('the environment in a context', () => {
  test.each([undefined, null, '', 'None', '{ENV}'])('is missing if it is %j', (env) => {
    expect(parseEvent({ context: { env } }).context).toEqual({});
  });

  test.each<unknown>([7, true, ['prod'], {}, { toString: 'prod' }])('matches no stage if it is %j', (env) => {
    expect(parseEvent({ context: { env } }).context).toEqual({ env: '' });
  });
});

describe('the chat id in a context', () => {
  test.each(['a', '8a6f-11', 'user_7.chat:9', 'x'.repeat(128)])('accepts %s', (chat_id) => {
    expect(parseEvent({ context: { chat_id } }).context).toEqual({ chat_id });
  });

  test('drops an id with the token of a signed link, because it would be logged', () => {
    const chat_id = `ann.1790000000.${'0123456789abcdef'.repeat(4)}`;
    expect(parseEvent({ context: { chat_id } }).context).toEqual({});
  });

  test.each(['ann@example.com', 'Ann Lee', 'x'.repeat(129), '', 7, {}, 'a\n{"forged":1}'])('drops %j', (chat_id) => {
    expect(parseEvent({ context: { chat_id } }).context).toEqual({});
  });
});

describe('a conversation', () => {
  test.each([
    [undefined, 'sandbox'],
    [undefined, 'prod'],
    ['sandbox', 'sandbox'],
    ['SANDBOX', 'sandbox'],
    ['Sandbox', 'sandbox'],
    ['prod', 'prod'],
    ['PROD', 'prod'],
    ['live', 'prod'],
    ['Live', 'prod'],
    ['dev-ann', 'dev-ann'],
  ])('from %s belongs to the stage %s', (env, stage) => {
    expect(matchesStage(env, stage)).toBe(true);
  });

  test.each([
    ['sandbox', 'prod'],
    ['prod', 'sandbox'],
    ['live', 'sandbox'],
    ['prod', 'live'],
    ['production', 'prod'],
    ['', 'prod'],
    ['', 'sandbox'],
  ])('from "%s" does not belong to the stage %s', (env, stage) => {
    expect(matchesStage(env, stage)).toBe(false);
  });
});

describe('a call_id', () => {
  test('is a UUID in either letter case', () => {
    const call_id = '8A6F1F0E-3B1A-4B7E-9F57-0D2C1C0F7A11';
    expect(parseEvent({ context: { call_id } }).context).toEqual({ call_id: call_id.toLowerCase() });
  });

  test.each(['', 'call-1', 7, null, {}, `8a6f1f0e-3b1a-4b7e-9f57-0d2c1c0f7a11${'0'.repeat(9)}`])(
    'is not %j',
    (call_id) => {
      expect(parseEvent({ context: { call_id } }).context).toEqual({});
    },
  );
});
