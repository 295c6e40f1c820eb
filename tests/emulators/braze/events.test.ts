import type { Braze } from '../../../emulators/braze/gateway.ts';
import { call, createStill, event, purchase, refused } from './support.ts';

let braze: Braze;
beforeEach(() => {
  braze = createStill();
});

const track = (body: unknown) => call(braze, '/users/track', body);
const ann = () => braze.profile({ external_id: 'ann' });
const dropped = () => braze.requests.at(-1)?.dropped;

describe('events', () => {
  const send = (object: object) => track({ events: [{ ...event, ...object }] });

  test('are kept in order, with trimmed names and their time in UTC', () => {
    send({ name: ' came\n', time: '2026-04-01T02:00:00+02:00', properties: { step: 1, nested: { a: [1] } } });
    send({ name: 'left' });
    expect(ann()?.events).toEqual([
      { name: 'came', time: '2026-04-01T00:00:00.000Z', properties: { step: 1, nested: { a: [1] } } },
      { name: 'left', time: '2026-04-01T00:00:00.000Z', properties: {} },
    ]);
  });

  test('two equal ones are two', () => {
    send({});
    send({});
    expect(ann()?.events).toHaveLength(2);
  });

  test.each([
    ['2026-04-01', '2026-04-01T00:00:00.000Z'],
    ['2026-04-01T10:00Z', '2026-04-01T10:00:00.000Z'],
    ['2026-04-01T10:00:00', '2026-04-01T10:00:00.000Z'],
    ['2026-04-01T10:00:00.5-0430', '2026-04-01T14:30:00.500Z'],
    ['2026-04-01T10:00:00:123Z', '2026-04-01T10:00:00.123Z'],
    ['2099-01-01T00:00:00Z', '2026-05-01T10:00:00.000Z'],
  ])('time %j is %s', (time, stored) => {
    expect(send({ time }).status).toBe(201);
    expect(ann()?.events[0]?.time).toBe(stored);
  });

  test.each([
    [{ name: undefined }, "'name' is not valid"],
    [{ name: ' ' }, "'name' is not valid"],
    [{ name: '$came' }, "'name' is not valid"],
    [{ name: 5 }, "'name' is not valid"],
    [{ time: undefined }, "'time' is not valid"],
    [{ time: 1777629600 }, "'time' is not valid"],
    [{ time: '1 May 2026' }, "'time' is not valid"],
    [{ time: '2026-02-30T00:00:00Z' }, "'time' is not valid"],
    [{ time: '2026-02-28T24:00:00Z' }, "'time' is not valid"],
    [{ time: '2019-02-15 00:00:00 -0500' }, "'time' is not valid"],
    [{ properties: [] }, "Invalid 'properties' field"],
    [{ properties: { time: 1 } }, "Invalid 'properties' field"],
    [{ properties: { event_name: 1 } }, "Invalid 'properties' field"],
    [{ properties: { $a: 1 } }, "Invalid 'properties' field"],
    [{ properties: { '': 1 } }, "Invalid 'properties' field"],
    [{ properties: { ['x'.repeat(256)]: 1 } }, "Invalid 'properties' field"],
    [{ properties: { a: Array.from({ length: 500 }, () => 'x'.repeat(250)) } }, "Invalid 'properties' field"],
  ])('case %#: is refused', (object, type) => {
    expect(send(object)).toEqual(refused(type, 'events'));
    expect(braze.profiles).toEqual([]);
  });

  test('properties reserved for purchases are free', () => {
    send({ properties: { price: 1, currency: 'EUR', quantity: 2, product_id: 'p' } });
    expect(ann()?.events[0]?.properties).toEqual({ price: 1, currency: 'EUR', quantity: 2, product_id: 'p' });
  });

  test('lose null, long strings and what is over 256 properties', () => {
    const many = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`p${index}`, index]));
    send({ properties: { nothing: null, long: 'x'.repeat(256), ...many } });
    expect(Object.keys(ann()?.events[0]?.properties ?? {})).toHaveLength(254);
    expect(dropped()?.map(({ path }) => path)).toEqual([
      'events.0.properties.p254',
      'events.0.properties.p255',
      'events.0.properties.nothing',
      'events.0.properties.long',
    ]);
  });
});

describe('purchases', () => {
  const send = (object: object) => track({ purchases: [{ ...purchase, ...object }] });

  test('are stored with a quantity of one by default', () => {
    send({});
    send({ price: -2.5, quantity: 100, properties: { color: 'red' } });
    expect(ann()?.purchases).toEqual([
      { product_id: 'p', currency: 'EUR', price: 1, quantity: 1, time: '2026-04-01T00:00:00.000Z', properties: {} },
      {
        product_id: 'p',
        currency: 'EUR',
        price: -2.5,
        quantity: 100,
        time: '2026-04-01T00:00:00.000Z',
        properties: { color: 'red' },
      },
    ]);
  });

  test.each<readonly [object, string]>([
    [{ product_id: undefined }, "'product_id' is not valid"],
    [{ product_id: 5 }, "'product_id' is not valid"],
    [{ product_id: 'x'.repeat(256) }, "'product_id' is not valid"],
    [{ currency: 'eur' }, "'currency' is not valid"],
    [{ currency: 'XYZ' }, "'currency' is not valid"],
    [{ currency: undefined }, "'currency' is not valid"],
    [{ price: '1' }, "'price' is not valid"],
    [{ price: undefined }, "'price' is not valid"],
    [{ quantity: 0 }, "'quantity' is not valid"],
    [{ quantity: 101 }, "'quantity' is not valid"],
    [{ quantity: 1.5 }, "'quantity' is not valid"],
    [{ time: undefined }, "'time' is not valid"],
    ...['time', 'product_id', 'quantity', 'event_name', 'price', 'currency'].map(
      (name) => [{ properties: { [name]: 1 } }, "Invalid 'properties' field"] as const,
    ),
  ])('%j is refused', (object, type) => {
    expect(send(object)).toEqual(refused(type, 'purchases'));
  });
});
