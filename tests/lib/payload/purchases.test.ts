import { mapPayload, mapPurchase } from '../../support/map-payload.ts';

const NOON = '2026-05-01T10:00:00.000Z';
const given = { product_id: 'mug', currency: 'eur', price: '12.50' };
const sent = { product_id: 'mug', currency: 'EUR', price: 12.5 };

test.each<[object, object]>([
  [{}, { ...sent, time: NOON }],
  [{ price: 0 }, { ...sent, price: 0, time: NOON }],
  [{ price: '-3' }, { ...sent, price: -3, time: NOON }],
  [{ price: { $number: '3' } }, { ...sent, price: 3, time: NOON }],
  [{ quantity: '1' }, { ...sent, quantity: 1, time: NOON }],
  [{ quantity: 100 }, { ...sent, quantity: 100, time: NOON }],
  [{ quantity: 'None' }, { ...sent, time: NOON }],
  [{ time: '1777500000' }, { ...sent, time: '2026-04-29T22:00:00.000Z' }],
  [{ properties: { color: 'red' } }, { ...sent, properties: { color: 'red' }, time: NOON }],
  [{ product_id: 'x'.repeat(255) }, { ...sent, product_id: 'x'.repeat(255), time: NOON }],
  [{ currency: ' Jpy ' }, { ...sent, currency: 'JPY', time: NOON }],
])('sends a purchase with %j', (more, expected) => {
  expect(mapPurchase({ ...given, ...more })).toStrictEqual({ sent: expected, invalid: '' });
});

test.each<[string, unknown]>([
  ['product_id', 'None'],
  ['product_id', 7.5],
  ['product_id', 'x'.repeat(256)],
  ['currency', undefined],
  ['currency', 'euro'],
  ['currency', 'XXX'],
  ['currency', null],
  ['price', '1,250'],
  ['price', '12 %'],
  ['price', null],
  ['price', { $number: 'free' }],
  ['time', 'yesterday'],
  ['time', { $time: 'yesterday' }],
  ['time', '2026-05-01'],
])('sends no purchase without a valid %s (%j)', (name, value) => {
  expect(mapPurchase({ ...given, [name]: value })).toStrictEqual({ sent: undefined, invalid: `purchase.${name}` });
});

test.each([
  ['1.2e1', 'EUR'],
  ['12 EUR', 'EUR'],
  ['12 eur', 'EUR'],
  ['€ 12', 'EUR'],
  ['$ 12', 'USD'],
  ['US$12', 'USD'],
  ['$12', 'MXN'],
  ['CA$12', 'CAD'],
  ['12 kr', 'SEK'],
  ['12 zł', 'PLN'],
  ['£12', 'EGP'],
  ['¥12', 'CNY'],
])('accepts the price %s in %s', (price, currency) => {
  expect(mapPurchase({ ...given, price, currency }).sent).toMatchObject({ price: 12, currency });
});

test.each([
  ['12 USD', 'EUR'],
  ['12 usd', 'eur'],
  ['$ 12', 'EUR'],
  ['€12', 'USD'],
  ['12 zł', 'CZK'],
  ['£ 12', 'JPY'],
])('rejects the price %s in %s', (price, currency) => {
  expect(mapPurchase({ ...given, price, currency })).toStrictEqual({ sent: undefined, invalid: 'purchase.price' });
});

test.each([['0'], [101], [1.5], ['two'], [true], [{ $integer: 'x' }]])(
  'sends no purchase with a quantity of %j, because revenue would be wrong',
  (quantity) => {
    expect(mapPurchase({ ...given, quantity })).toStrictEqual({ sent: undefined, invalid: 'purchase.quantity' });
  },
);

test('reports every required field that is missing', () => {
  expect(mapPurchase({})).toStrictEqual({
    sent: undefined,
    invalid: 'purchase.product_id,purchase.currency,purchase.price',
  });
});

test('sends purchase before purchases, and leaves out only the invalid ones', () => {
  const { body, paths, BRAZE_INVALID_FIELDS } = mapPayload({
    external_id: 'u',
    purchase: given,
    purchases: [{ ...given, price: 'x' }, { ...given, product_id: 'cup' }, 'mug'],
  });
  expect(body).toStrictEqual({
    purchases: [
      { external_id: 'u', ...sent, time: NOON },
      { external_id: 'u', ...sent, product_id: 'cup', time: NOON },
    ],
    partner: 'pypestream',
  });
  expect(paths).toStrictEqual({ attributes: [], events: [], purchases: ['purchase', 'purchases.1'] });
  expect(BRAZE_INVALID_FIELDS).toBe('purchases.0.price,purchases.2');
});
