import { mapEvent, mapPayload } from '../../support/map-payload.ts';

const NOON = '2026-05-01T10:00:00.000Z';
const product = { product_id: 'mug', product_name: 'Mug', variant_id: 'blue', quantity: '2', price: '12.50' };
const sentProduct = { ...product, quantity: 2, price: 12.5 };
const sold = { total_value: '25', currency: 'eur', source: 'chat', products: [product] };
const sentSold = { total_value: 25, currency: 'EUR', source: 'chat', products: [sentProduct] };
const costs = { subtotal_value: '20', tax: '3,50', shipping: 1.5 };
const sentCosts = { subtotal_value: 20, tax: 3.5, shipping: 1.5 };
const discounts = { total_discounts: '2.00', discounts: [{ code: 'MAY', amount: '2', type: 'coupon' }, { amount: 0 }] };
const sentDiscounts = { total_discounts: 2, discounts: [{ code: 'MAY', amount: 2, type: 'coupon' }, { amount: 0 }] };

const event = (name: string, properties: unknown) => {
  const { sent, invalid } = mapEvent({ name: `ecommerce.${name}`, properties });
  return { properties: sent?.properties, invalid };
};
const order = (more: object) => event('order_placed', { order_id: 'o', ...sold, ...more });

test.each<[string, object, object]>([
  [
    'product_viewed',
    { product_id: 7, product_name: 'Mug', variant_id: 'blue', price: '12.50', currency: 'eur', source: 'chat' },
    { product_id: '7', product_name: 'Mug', variant_id: 'blue', price: 12.5, currency: 'EUR', source: 'chat' },
  ],
  ['cart_updated', { cart_id: 'c', ...sold }, { cart_id: 'c', ...sentSold }],
  ['checkout_started', { checkout_id: 'c', ...sold }, { checkout_id: 'c', ...sentSold }],
  ['order_placed', { order_id: 'o', ...sold }, { order_id: 'o', ...sentSold }],
  [
    'order_cancelled',
    { order_id: 'o', cancel_reason: 'too late', ...sold },
    { order_id: 'o', cancel_reason: 'too late', ...sentSold },
  ],
  ['order_refunded', { order_id: 12, ...sold }, { order_id: '12', ...sentSold }],
])('ecommerce.%s has its required properties, with their types', (name, given, sent) => {
  expect(mapEvent({ name: `ecommerce.${name}`, properties: given })).toStrictEqual({
    sent: { name: `ecommerce.${name}`, time: NOON, properties: sent },
    invalid: '',
  });
  for (const missing of Object.keys(given)) {
    for (const value of [undefined, null, 'None', { $number: 'x' }]) {
      const { properties, invalid } = event(name, { ...given, [missing]: value });
      expect(properties).toBeUndefined();
      expect(invalid.split(',')[0]).toBe(`event.properties.${missing}`);
    }
  }
});

test.each<[string, object, object]>([
  [
    'product_viewed',
    { image_url: 'https://a.b/c.png', product_url: 'a.b/c', type: ['price_drop', 'BACK_IN_STOCK'] },
    { image_url: 'https://a.b/c.png', product_url: 'a.b/c', type: ['price_drop', 'back_in_stock'] },
  ],
  ['cart_updated', { action: 'Replace', ...costs }, { action: 'replace', ...sentCosts }],
  ['checkout_started', { cart_id: 'c', ...costs }, { cart_id: 'c', ...sentCosts }],
  [
    'order_placed',
    { cart_id: 'c', ...costs, ...discounts, metadata: { gift: true } },
    { cart_id: 'c', ...sentCosts, ...sentDiscounts, metadata: { gift: true } },
  ],
  ['order_cancelled', { ...costs, ...discounts }, { ...sentCosts, ...sentDiscounts }],
  ['order_refunded', { ...discounts }, { ...sentDiscounts }],
])('ecommerce.%s has optional properties with their types', (name, more, sent) => {
  const ids = { cart_id: 'c', checkout_id: 'c', order_id: 'o', cancel_reason: 'r' };
  const viewed = { product_id: 'm', product_name: 'M', variant_id: 'b', price: 1, currency: 'EUR', source: 's' };
  const given = name === 'product_viewed' ? viewed : { ...ids, ...sold };
  const { properties, invalid } = event(name, { ...given, ...more });
  expect(invalid).toBe('');
  expect(properties).toMatchObject(sent);
});

test('moves properties that the schema does not have into the metadata of the event or of the product', () => {
  expect(
    order({
      note: 'ring twice',
      sku: { a: [1] },
      metadata: { note: 'given goes first', gift: true },
      products: [{ ...product, color: 'red', metadata: { sku: 'M-1' } }],
    }),
  ).toStrictEqual({
    properties: {
      order_id: 'o',
      ...sentSold,
      products: [{ ...sentProduct, metadata: { color: 'red', sku: 'M-1' } }],
      metadata: { note: 'given goes first', sku: { a: [1] }, gift: true },
    },
    invalid: 'event.properties.note',
  });
});

test('does not report a property that metadata has with the same value', () => {
  const { properties, invalid } = order({ sku: { a: [1] }, metadata: { sku: { a: [1] } } });
  expect({ properties, invalid }).toStrictEqual({
    properties: { order_id: 'o', ...sentSold, metadata: { sku: { a: [1] } } },
    invalid: '',
  });
});

test('leaves out a discount whose amount is invalid, and keeps the others', () => {
  const discounts = [{ code: 'A', amount: 'some' }, { code: 'B', amount: '2' }, { code: 'C' }];
  const { properties, invalid } = order({ discounts });
  expect(properties?.discounts).toStrictEqual([{ code: 'B', amount: 2 }, { code: 'C' }]);
  expect(invalid).toBe('event.properties.discounts.0.amount');
});

test('moves a cost that refunds do not have into metadata', () => {
  const { properties } = event('order_refunded', { order_id: 'o', ...sold, tax: '3.50' });
  expect(properties).toStrictEqual({ order_id: 'o', ...sentSold, metadata: { tax: '3.50' } });
});

test('moves session data into metadata, and only of these events', () => {
  const userData = { last_viewed_url: 'https://shop.example.com/cart?utm_source=mail' };
  const properties = { order_id: 'o', ...sold, metadata: { page: 'given goes first' } };
  const events = [{ name: 'ecommerce.order_placed', properties }, { name: 'came' }];
  const { body } = mapPayload({ external_id: 'u', events, session: ['page', 'utm'] }, { userData });
  expect(body?.events).toMatchObject([
    { properties: { order_id: 'o', ...sentSold, metadata: { page: 'given goes first', utm_source: 'mail' } } },
    { properties: { page: 'https://shop.example.com/cart', utm_source: 'mail' } },
  ]);
});

test.each<[string, object, string]>([
  ['a total', { total_value: '-25' }, 'total_value'],
  ['the price of a product', { products: [{ ...product, price: -1 }] }, 'products.0.price'],
  ['a quantity', { products: [{ ...product, quantity: '-1' }] }, 'products.0.quantity'],
])('rejects an event with %s below zero', (_, more, path) => {
  expect(order(more)).toStrictEqual({ properties: undefined, invalid: `event.properties.${path}` });
});

test('leaves out an invalid property that is not required', () => {
  expect(
    order({
      time: 'x',
      note: 'x'.repeat(256),
      tax: -1,
      total_discounts: 'some',
      discounts: [{ code: 'A', amount: -1, percent: 5 }, 'MAY', { percent: 5 }, {}],
      metadata: 'gift',
    }),
  ).toStrictEqual({
    properties: { order_id: 'o', ...sentSold },
    invalid: [
      'tax',
      'total_discounts',
      'discounts.0.percent',
      'discounts.0.amount',
      'discounts.1',
      'discounts.2.percent',
      'metadata',
      'time',
      'note',
    ]
      .map((path) => `event.properties.${path}`)
      .join(','),
  });
});

describe('a cart', () => {
  const { total_value: _, ...rest } = sold;
  const { total_value: __, ...sentRest } = sentSold;
  const cart = (more: object) => event('cart_updated', { cart_id: 'c', ...rest, ...more });

  test.each(['add', 'remove'])('needs no total where the action is %s', (action) => {
    expect(cart({ action })).toStrictEqual({ properties: { cart_id: 'c', ...sentRest, action }, invalid: '' });
  });

  test.each([[{}], [{ action: 'replace' }], [{ action: 'None' }]])('needs a total with %j', (more) => {
    expect(cart(more)).toStrictEqual({ properties: undefined, invalid: 'event.properties.total_value' });
  });

  test('is not sent with an invalid action, because Braze would replace the cart', () => {
    expect(cart({ action: 'append', total_value: 5 })).toStrictEqual({
      properties: undefined,
      invalid: 'event.properties.action',
    });
  });
});

test.each<[string, unknown, string]>([
  ['text', 'mug', 'event.properties.products'],
  ['one product, not in a list', product, 'event.properties.products'],
  ['none', [], 'event.properties.products'],
  ['nothing but what is absent', ['None'], 'event.properties.products'],
  ['one that is text', [product, 'mug'], 'event.properties.products.1'],
  ['one that is null', [product, null], 'event.properties.products.1'],
  ['one that is typed text and does not fit', [product, { $number: 'x' }], 'event.properties.products.1'],
  [
    'one without its price, after an absent one',
    ['None', { ...product, price: '{PRICE}' }],
    'event.properties.products.1.price',
  ],
  [
    'one that lacks everything, after one with a bad quantity',
    [{ ...product, quantity: '2.5' }, {}],
    ['0.quantity', ...Object.keys(product).map((name) => `1.${name}`)]
      .map((path) => `event.properties.products.${path}`)
      .join(','),
  ],
  [
    'one with a name that is too long',
    [{ ...product, product_name: 'x'.repeat(256) }],
    'event.properties.products.0.product_name',
  ],
])('an order is sent with all of its products or not at all: %s', (_, products, invalid) => {
  expect(order({ products })).toStrictEqual({ properties: undefined, invalid });
});

test('ignores an absent product', () => {
  expect(order({ products: ['None', product] })).toStrictEqual({
    properties: { order_id: 'o', ...sentSold },
    invalid: '',
  });
});

test.each([[undefined], [null], [{}], [{ a: 'None' }]])(
  'reports everything that is missing if the properties are %j',
  (properties) => {
    const names = ['cart_id', 'currency', 'source', 'products'];
    expect(event('cart_updated', properties)).toStrictEqual({
      properties: undefined,
      invalid: names.map((name) => `event.properties.${name}`).join(','),
    });
  },
);

test('reports properties that are not an object', () => {
  expect(event('order_placed', 'text')).toStrictEqual({ properties: undefined, invalid: 'event.properties' });
});

test('is invalid over 100 KB', () => {
  const many = Array.from({ length: 450 }, () => ({ ...product, product_name: 'x'.repeat(200) }));
  expect(order({ products: many })).toStrictEqual({ properties: undefined, invalid: 'event.properties' });
});

test.each(['order_created', 'Order_Placed'])('ecommerce.%s is an event like any other', (name) => {
  expect(event(name, { order_id: 'o' })).toStrictEqual({ properties: { order_id: 'o' }, invalid: '' });
});

test('rejects an amount in another currency than that of the event', () => {
  expect(order({ total_value: '€ 25', tax: '3 USD', products: [{ ...product, price: '12.50 EUR' }] })).toStrictEqual({
    properties: { order_id: 'o', ...sentSold },
    invalid: 'event.properties.tax',
  });
  expect(order({ products: [{ ...product, price: '$12.50' }] })).toStrictEqual({
    properties: undefined,
    invalid: 'event.properties.products.0.price',
  });
});
