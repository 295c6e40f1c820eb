import type { Braze } from '../../../emulators/braze/gateway.ts';
import { call, createStill, event } from './support.ts';

let braze: Braze;
beforeEach(() => {
  braze = createStill();
});

const ann = () => braze.profile({ external_id: 'ann' });
const send = (name: string, properties: unknown, time = event.time) =>
  call(braze, '/users/track', { events: [{ ...event, time, name: `ecommerce.${name}`, properties }] });

const product = { product_id: 'p', product_name: 'Pen', variant_id: 'v', quantity: 1, price: 2.5 };
const viewed = { product_id: 'p', product_name: 'Pen', variant_id: 'v', price: 2.5, currency: 'EUR', source: 'chat' };
const order = { total_value: 2.5, currency: 'EUR', products: [product], source: 'chat' };
const cart = { cart_id: 'c', ...order };
const { total_value: _, ...change } = cart;
const placed = { order_id: 'o', ...order };
const discounts = [{ code: 'SPRING', amount: 1, type: 'fixed' }];
const costs = { subtotal_value: 2, tax: 0.5, shipping: 0 };

test.each<[string, object]>([
  ['product_viewed', viewed],
  ['product_viewed', { ...viewed, image_url: 'i', product_url: 'u', type: ['price_drop', 'back_in_stock'] }],
  ['product_viewed', { ...viewed, metadata: { sku: 's', color: 'blue' } }],
  ['cart_updated', cart],
  ['cart_updated', { ...cart, ...costs, action: 'replace' }],
  ['cart_updated', { ...change, action: 'add' }],
  ['cart_updated', { ...change, action: 'remove' }],
  ['checkout_started', { ...order, checkout_id: 'k', cart_id: 'c', ...costs }],
  ['order_placed', { ...placed, cart_id: 'c', ...costs, total_discounts: 1, discounts }],
  ['order_cancelled', { ...placed, cancel_reason: 'late', ...costs, total_discounts: 1, discounts }],
  ['order_refunded', { ...placed, products: [], total_discounts: 1, discounts, metadata: {} }],
  ['order_placed', { ...placed, products: [{ ...product, image_url: 'i', product_url: 'u', metadata: { a: 1 } }] }],
  ['cart_emptied', { anything: [1] }],
])('%s is stored as it is: case %#', (name, properties) => {
  expect(send(name, properties)).toEqual({ status: 201, json: { message: 'success', events_processed: 1 } });
  expect(ann()?.events).toEqual([{ name: `ecommerce.${name}`, time: '2026-04-01T00:00:00.000Z', properties }]);
});

test.each<[string, unknown, string]>([
  ['product_viewed', { ...viewed, currency: undefined }, "'currency' is required"],
  ['product_viewed', { ...viewed, price: '2.5' }, "'price' must be a number of at least 0"],
  ['product_viewed', { ...viewed, product_id: 5 }, "'product_id' must be a non-empty string"],
  ['product_viewed', { ...viewed, type: 'price_drop' }, "'type' must be an array"],
  ['product_viewed', { ...viewed, type: ['cheap'] }, "'type' must be one of price_drop, back_in_stock"],
  ['product_viewed', { ...viewed, color: 'blue' }, "'color' is not allowed"],
  ['product_viewed', { ...viewed, constructor: 'blue' }, "'constructor' is not allowed"],
  ['product_viewed', { ...viewed, image_url: null }, "'image_url' must be a non-empty string"],
  ['cart_updated', change, "'total_value' is required when the cart is replaced"],
  ['cart_updated', { ...change, action: 'replace' }, "'total_value' is required when the cart is replaced"],
  ['cart_updated', { ...cart, action: 'empty' }, "'action' must be one of add, remove, replace"],
  ['cart_updated', { ...cart, products: [] }, "'products' must be a non-empty array"],
  ['cart_updated', { ...cart, products: product }, "'products' must be a non-empty array"],
  ['cart_updated', { ...cart, products: ['p'] }, "'products' must hold objects"],
  [
    'cart_updated',
    { ...cart, products: [{ ...product, quantity: 1.5 }] },
    "'products' 'quantity' must be an integer of at least 0",
  ],
  ['cart_updated', { ...cart, products: [product, { ...product, size: 4 }] }, "'products' 'size' is not allowed"],
  ['cart_updated', { ...cart, products: [{ product_id: 'p' }] }, "'products' 'product_name' is required"],
  ['checkout_started', undefined, "'checkout_id' is required"],
  ['order_placed', order, "'order_id' is required"],
  ['order_placed', { ...placed, total_value: -1 }, "'total_value' must be a number of at least 0"],
  ['order_placed', { ...placed, currency: 'eur' }, "'currency' must be an ISO 4217 currency code"],
  ['order_placed', { ...placed, discounts: [{ amount: '1' }] }, "'discounts' 'amount' must be a number of at least 0"],
  ['order_placed', { ...placed, metadata: 'x' }, "'metadata' must be an object"],
  ['order_cancelled', placed, "'cancel_reason' is required"],
  ['order_refunded', { ...placed, cart_id: 'c' }, "'cart_id' is not allowed"],
])('%s with other properties is dropped and reported beside success: case %#', (name, properties, problem) => {
  expect(send(name, properties)).toEqual({
    status: 201,
    json: { message: 'success', errors: [{ type: `ecommerce.${name}: ${problem}`, input_array: 'events', index: 0 }] },
  });
  expect(braze.profiles).toEqual([]);
});

test('what stands beside a dropped event is processed', () => {
  const events = [
    { ...event, name: 'ecommerce.order_placed', properties: {} },
    { ...event, name: 'came' },
  ];
  expect(call(braze, '/users/track', { events })).toMatchObject({
    status: 201,
    json: { message: 'success', events_processed: 1, errors: [{ input_array: 'events', index: 0 }] },
  });
  expect(ann()?.events).toMatchObject([{ name: 'came' }]);
});

test('an event without an identifier is invalid, whatever its schema', () => {
  const events = [{ ...event, external_id: undefined, name: 'ecommerce.order_placed', properties: {} }];
  expect(call(braze, '/users/track', { events }).status).toBe(400);
});

test('a cart update counts only if it is later than the last and the cart is not in checkout', () => {
  send('cart_updated', cart, '2026-04-02T00:00:00Z');
  send('cart_updated', cart, '2026-04-01T00:00:00Z');
  send('checkout_started', { ...cart, checkout_id: 'k' }, '2026-04-03T00:00:00Z');
  send('cart_updated', cart, '2026-04-04T00:00:00Z');
  send('cart_updated', { ...cart, cart_id: 'd' }, '2026-04-01T00:00:00Z');
  expect(ann()?.events.map(({ name, time }) => [name.slice(10), time.slice(0, 10)])).toEqual([
    ['cart_updated', '2026-04-02'],
    ['checkout_started', '2026-04-03'],
    ['cart_updated', '2026-04-01'],
  ]);
});
