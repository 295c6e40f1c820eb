import { mapEvent } from '../../support/map-payload.ts';

const NOON = '2026-05-01T10:00:00.000Z';
const product = { product_id: 'mug', product_name: 'Mug', variant_id: 'blue', quantity: '2', price: '12.50' };
const readProduct = { ...product, quantity: 2, price: 12.5 };
const sold = { total_value: '25', currency: 'eur', source: 'chat', products: [product] };
const readSold = { total_value: 25, currency: 'EUR', source: 'chat', products: [readProduct] };

const event = (name: string, properties: unknown) => {
  const { sent, invalid } = mapEvent({ name: `ecommerce.${name}`, properties });
  return { properties: sent?.properties, invalid };
};
const order = (more: object) => event('order_placed', { order_id: 'o', ...sold, ...more });

test.each<[string, object, object]>([
  [
    'product_viewed',
    { product_id: 'mug', product_name: 'Mug', variant_id: 'blue', price: '12.50', currency: 'eur', source: 'chat' },
    { product_id: 'mug', product_name: 'Mug', variant_id: 'blue', price: 12.5, currency: 'EUR', source: 'chat' },
  ],
  ['cart_updated', { cart_id: 'c', ...sold }, { cart_id: 'c', ...readSold }],
  ['checkout_started', { checkout_id: 'c', ...sold }, { checkout_id: 'c', ...readSold }],
  ['order_placed', { order_id: 'o', ...sold }, { order_id: 'o', ...readSold }],
  ['order_refunded', { order_id: 'o', ...sold }, { order_id: 'o', ...readSold }],
])('ecommerce.%s has properties that must be there, with their types', (name, given, read) => {
  expect(mapEvent({ name: `ecommerce.${name}`, properties: given })).toStrictEqual({
    sent: { name: `ecommerce.${name}`, time: NOON, properties: read },
    invalid: '',
  });
  for (const missing of Object.keys(given)) {
    for (const value of [undefined, null, 'None', { a: 1 }]) {
      const { properties, invalid } = event(name, { ...given, [missing]: value });
      expect(properties).toBeUndefined();
      expect(invalid).toBe(`event.properties.${missing}`);
    }
  }
});

test('has optional properties as they are', () => {
  const more = { discounts: [{ code: 'MAY', amount: 2 }], metadata: { note: 'gift' }, image_url: 'https://a.b/c.png' };
  expect(order(more)).toStrictEqual({ properties: { order_id: 'o', ...readSold, ...more }, invalid: '' });
  expect(order({ products: [{ ...product, color: 'red' }] })).toStrictEqual({
    properties: { order_id: 'o', ...readSold, products: [{ ...readProduct, color: 'red' }] },
    invalid: '',
  });
});

test('leaves out an invalid property that is not required', () => {
  expect(order({ time: 'x', note: 'x'.repeat(256) })).toStrictEqual({
    properties: { order_id: 'o', ...readSold },
    invalid: 'event.properties.time,event.properties.note',
  });
});

test.each<[string, unknown, string]>([
  ['text', 'mug', 'event.properties.products'],
  ['one product, not in a list', product, 'event.properties.products'],
  ['none', [], 'event.properties.products'],
  ['nothing but what is absent', ['None'], 'event.properties.products'],
  ['one that is text', [product, 'mug'], 'event.properties.products.1'],
  ['one that is null', [product, null], 'event.properties.products.1'],
  ['one that is a moment', [product, { $time: '2026-05-01' }], 'event.properties.products.1'],
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

test('an absent product is none', () => {
  expect(order({ products: ['None', product] })).toStrictEqual({
    properties: { order_id: 'o', ...readSold },
    invalid: '',
  });
});

test.each([[undefined], ['text'], [{}]])('names all that is missing where the properties are %j', (properties) => {
  const { invalid } = event('cart_updated', properties);
  const names = ['cart_id', 'total_value', 'currency', 'products', 'source'];
  const missing = names.map((name) => `event.properties.${name}`).join(',');
  expect(invalid).toBe(properties === 'text' ? `event.properties,${missing}` : missing);
});

test('other events of that prefix are like any event', () => {
  expect(event('order_cancelled', { order_id: 'o' })).toStrictEqual({ properties: { order_id: 'o' }, invalid: '' });
});
