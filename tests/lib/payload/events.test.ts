import { mapEvent, mapPayload } from '../../support/map-payload.ts';

const NOON = '2026-05-01T10:00:00.000Z';

describe('an event', () => {
  test.each<[unknown, object]>([
    [{ name: ' came ' }, { name: 'came', time: NOON }],
    [
      { name: 'came', properties: {} },
      { name: 'came', time: NOON },
    ],
    [
      { name: 'came', properties: { a: 'None' } },
      { name: 'came', time: NOON },
    ],
    [
      { name: 'came', properties: null, time: null },
      { name: 'came', time: NOON },
    ],
    [
      { name: 'came', time: '{NOW}' },
      { name: 'came', time: NOON },
    ],
    [
      { name: 'came', properties: { flow: '<<x>> Sale' } },
      { name: 'came', time: NOON, properties: { flow: 'Sale' } },
    ],
    [{ name: 'n'.repeat(255) }, { name: 'n'.repeat(255), time: NOON }],
  ])('%j is sent as %j', (given, sent) => {
    expect(mapEvent(given)).toStrictEqual({ sent, invalid: '' });
  });

  test.each<[unknown, string]>([
    ['2026-05-01T12:00:00+02:00', NOON],
    ['2026-05-01T10:00:00Z', NOON],
    ['1777629600', NOON],
    [1777629600, NOON],
    ['1777629600000', NOON],
    [{ $time: '2026-05-01T10:00:00Z' }, NOON],
    [{ $number: '1777629600' }, NOON],
    ['2031-01-01T00:00:00.5Z', '2031-01-01T00:00:00.500Z'],
  ])('with the time %j is sent with %s', (time, sent) => {
    expect(mapEvent({ name: 'came', time })).toStrictEqual({ sent: { name: 'came', time: sent }, invalid: '' });
  });

  test.each<[unknown]>([
    ['yesterday'],
    ['2026-05-01'],
    ['2026-05-01T10:00:00'],
    [{ $time: '2026-05-01' }],
    [{ $time: 'yesterday' }],
    [{ $number: 'x' }],
    [{}],
    [[]],
    [['2026-05-01T10:00:00Z']],
    [true],
    ['20260501'],
  ])('with the time %j is not sent, because a time is never guessed', (time) => {
    expect(mapEvent({ name: 'came', time })).toStrictEqual({ sent: undefined, invalid: 'event.time' });
  });

  test('is not sent if its time has no valid value', () => {
    expect(mapEvent(JSON.parse('{"name":"came","time":{"__proto__":1}}'))).toStrictEqual({
      sent: undefined,
      invalid: 'event.time.__proto__,event.time',
    });
    expect(mapEvent({ name: 'came', time: { $list: [{ $number: 'x' }] } })).toStrictEqual({
      sent: undefined,
      invalid: 'event.time.0,event.time',
    });
  });

  test.each<[unknown, string]>([
    [{}, 'event.name'],
    [{ name: 'None' }, 'event.name'],
    [{ name: null }, 'event.name'],
    [{ name: 5 }, 'event.name'],
    [{ name: { a: 1 } }, 'event.name'],
    [{ name: '$came' }, 'event.name'],
    [{ name: 'n'.repeat(256) }, 'event.name'],
    [{ properties: { $a: 1 } }, 'event.name,event.properties.$a'],
    ['came', 'event'],
    [['came'], 'event'],
    [7, 'event'],
    [JSON.parse('{"__proto__":{"name":"came"}}'), 'event.__proto__,event'],
  ])('%j is invalid', (given, invalid) => {
    expect(mapEvent(given)).toStrictEqual({ sent: undefined, invalid });
  });

  test.each<[string, unknown, string]>([
    ['text', 'sale', 'event.properties'],
    ['a list', ['sale'], 'event.properties'],
    ['a moment', { $time: '2026-05-01' }, 'event.properties.$time'],
  ])('leaves out properties that are %s', (_, properties, invalid) => {
    expect(mapEvent({ name: 'came', properties })).toStrictEqual({ sent: { name: 'came', time: NOON }, invalid });
  });
});

test('sends event before events, each with its own path', () => {
  const { body, paths, BRAZE_INVALID_FIELDS } = mapPayload({
    external_id: 'u',
    event: { name: 'a' },
    events: [{ name: 'b' }, 'None', null, { time: 'x' }, { name: 'c' }],
  });
  expect(body?.events).toStrictEqual([
    { external_id: 'u', name: 'a', time: NOON },
    { external_id: 'u', name: 'b', time: NOON },
    { external_id: 'u', name: 'c', time: NOON },
  ]);
  expect(paths).toStrictEqual({ attributes: [], events: ['event', 'events.0', 'events.4'], purchases: [] });
  expect(BRAZE_INVALID_FIELDS).toBe('events.3.name,events.3.time');
});

test.each([[{ name: 'a' }], ['a'], [5], [{ $number: 'x' }]])('rejects events that are not a list: %j', (events) => {
  expect(mapPayload({ external_id: 'u', events, event: { name: 'a' } }).BRAZE_INVALID_FIELDS).toBe('events');
});
