import type { BrazeEmulator } from '../../emulators/braze.ts';
import { event, post, purchase, refused, startStill } from './support.ts';

let braze: BrazeEmulator;
beforeEach(async () => {
  braze = await startStill();
});
afterEach(() => braze.close());

const track = async (body: unknown) => {
  const { status, json } = await post(braze, '/users/track', body);
  return { status, json };
};
const ann = () => braze.profile({ external_id: 'ann' });
const dropped = () => braze.requests.at(-1)?.dropped;

describe('events', () => {
  const send = (object: object) => track({ events: [{ ...event, ...object }] });

  test('are kept in order, with trimmed names and their time in UTC', async () => {
    await send({ name: ' came\n', time: '2026-04-01T02:00:00+02:00', properties: { step: 1, nested: { a: [1] } } });
    await send({ name: 'left' });
    expect(ann()?.events).toEqual([
      { name: 'came', time: '2026-04-01T00:00:00.000Z', properties: { step: 1, nested: { a: [1] } } },
      { name: 'left', time: '2026-04-01T00:00:00.000Z', properties: {} },
    ]);
  });

  test('two equal ones are two', async () => {
    await send({});
    await send({});
    expect(ann()?.events).toHaveLength(2);
  });

  test.each([
    ['2026-04-01', '2026-04-01T00:00:00.000Z'],
    ['2026-04-01T10:00Z', '2026-04-01T10:00:00.000Z'],
    ['2026-04-01T10:00:00', '2026-04-01T10:00:00.000Z'],
    ['2026-04-01T10:00:00.5-0430', '2026-04-01T14:30:00.500Z'],
    ['2026-04-01T10:00:00:123Z', '2026-04-01T10:00:00.123Z'],
    ['2099-01-01T00:00:00Z', '2026-05-01T10:00:00.000Z'],
  ])('time %j is %s', async (time, stored) => {
    expect((await send({ time })).status).toBe(201);
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
  ])('case %#: is refused', async (object, type) => {
    expect(await send(object)).toEqual(refused(type, 'events'));
    expect(braze.profiles).toEqual([]);
  });

  test('properties reserved for purchases are free', async () => {
    await send({ properties: { price: 1, currency: 'EUR', quantity: 2, product_id: 'p' } });
    expect(ann()?.events[0]?.properties).toEqual({ price: 1, currency: 'EUR', quantity: 2, product_id: 'p' });
  });

  test('lose null, long strings and what is over 256 properties', async () => {
    const many = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`p${index}`, index]));
    await send({ properties: { nothing: null, long: 'x'.repeat(256), ...many } });
    expect(Object.keys(ann()?.events[0]?.properties ?? {})).toHaveLength(254);
    expect(dropped()?.map(({ path }) => path)).toEqual([
      'events.0.properties.p254',
      'events.0.properties.p255',
      'events.0.properties.nothing',
      'events.0.properties.long',
    ]);
  });
});

describe('e-commerce events', () => {
  const product = { product_id: 'p', product_name: 'Pen', variant_id: 'v', quantity: 1, price: 2.5 };
  const cart = { cart_id: 'c', total_value: 2.5, currency: 'EUR', products: [product], source: 'chat' };
  const send = (name: string, properties: unknown, time = event.time) =>
    track({ events: [{ ...event, time, name, properties }] });

  test.each([
    ['ecommerce.product_viewed', { ...product, currency: 'EUR', source: 'chat' }],
    ['ecommerce.cart_updated', cart],
    ['ecommerce.checkout_started', { ...cart, checkout_id: 'k' }],
    ['ecommerce.order_placed', { ...cart, order_id: 'o' }],
    ['ecommerce.order_refunded', { ...cart, order_id: 'o', products: [] }],
    ['ecommerce.order_cancelled', {}],
  ])('%s is taken', async (name, properties) => {
    expect((await send(name, properties)).status).toBe(201);
    expect(ann()?.events).toHaveLength(1);
  });

  test.each([
    ['ecommerce.product_viewed', { ...product, source: 'chat' }],
    ['ecommerce.product_viewed', { ...product, currency: 'EUR', source: 'chat', price: '2.5' }],
    ['ecommerce.cart_updated', { ...cart, products: [] }],
    ['ecommerce.cart_updated', { ...cart, products: product }],
    ['ecommerce.cart_updated', { ...cart, products: [{ ...product, quantity: 1.5 }] }],
    ['ecommerce.cart_updated', { ...cart, products: [{ ...product, price: '2' }] }],
    ['ecommerce.cart_updated', { ...cart, products: [{ ...product, variant_id: undefined }] }],
    ['ecommerce.order_placed', cart],
    ['ecommerce.checkout_started', undefined],
  ])('%s without what it needs is refused: case %#', async (name, properties) => {
    expect(await send(name, properties)).toEqual(refused("Invalid 'properties' field", 'events'));
  });

  test('a cart update counts only if it is later than the last and the cart is not in checkout', async () => {
    await send('ecommerce.cart_updated', cart, '2026-04-02T00:00:00Z');
    await send('ecommerce.cart_updated', cart, '2026-04-01T00:00:00Z');
    await send('ecommerce.checkout_started', { ...cart, checkout_id: 'k' }, '2026-04-03T00:00:00Z');
    await send('ecommerce.cart_updated', cart, '2026-04-04T00:00:00Z');
    await send('ecommerce.cart_updated', { ...cart, cart_id: 'd' }, '2026-04-01T00:00:00Z');
    expect(ann()?.events.map(({ name, time }) => [name.slice(10), time.slice(0, 10)])).toEqual([
      ['cart_updated', '2026-04-02'],
      ['checkout_started', '2026-04-03'],
      ['cart_updated', '2026-04-01'],
    ]);
  });
});

describe('purchases', () => {
  const send = (object: object) => track({ purchases: [{ ...purchase, ...object }] });

  test('are kept with a quantity of one unless told', async () => {
    await send({});
    await send({ price: -2.5, quantity: 100, properties: { color: 'red' } });
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
  ])('%j is refused', async (object, type) => {
    expect(await send(object)).toEqual(refused(type, 'purchases'));
  });
});
