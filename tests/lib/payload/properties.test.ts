import { mapEvent, mapPurchase } from '../../support/map-payload.ts';

const inEvent = (properties: unknown) => {
  const { sent, invalid } = mapEvent({ name: 'e', properties });
  return { sent: sent?.properties, invalid };
};
const inPurchase = (properties: unknown) => {
  const { sent, invalid } = mapPurchase({ product_id: 'p', currency: 'EUR', price: 1, properties });
  return { sent: sent?.properties, invalid };
};

test.each<[unknown, unknown, string]>([
  [{ a: 'x', b: 1, c: true, d: ['x'], e: { f: 1 } }, { a: 'x', b: 1, c: true, d: ['x'], e: { f: 1 } }, ''],
  [
    { time: 1, event_name: 2, product_id: 'p', price: 3 },
    { product_id: 'p', price: 3 },
    'event.properties.time,event.properties.event_name',
  ],
  [{ $a: 1, b: 2 }, { b: 2 }, 'event.properties.$a'],
  [{ '': 1, ' ': 2, c: 3 }, { c: 3 }, 'event.properties.'],
  [{ ['x'.repeat(256)]: 1, c: 3 }, { c: 3 }, `event.properties.${'x'.repeat(256)}`],
  [{ a: 'x'.repeat(256), c: 3 }, { c: 3 }, 'event.properties.a'],
  [{ a: null, c: 3 }, { c: 3 }, ''],
  [{ a: { $number: 'x' }, c: { $number: '3' } }, { c: 3 }, 'event.properties.a'],
  [{ 'Zip code': '02139' }, { 'Zip code': '02139' }, ''],
  [JSON.parse('{"__proto__":{"a":1},"c":3}'), { c: 3 }, 'event.properties.__proto__'],
])('checks the name and value of an event’s property: %j', (given, sent, invalid) => {
  expect(inEvent(given)).toStrictEqual({ sent, invalid });
});

test('reports the six names that are reserved in a purchase', () => {
  const reserved = { time: 1, product_id: 2, quantity: 3, event_name: 4, price: 5, currency: 6 };
  expect(inPurchase({ ...reserved, color: 'red' })).toStrictEqual({
    sent: { color: 'red' },
    invalid: Object.keys(reserved)
      .map((name) => `purchase.properties.${name}`)
      .join(','),
  });
});

test('keeps the first 256 properties', () => {
  const many = Object.fromEntries(Array.from({ length: 258 }, (_, index) => [`p${index}`, index === 0 ? 'None' : 1]));
  const { sent, invalid } = inEvent(many);
  expect(Object.keys(sent)).toHaveLength(256);
  expect(invalid).toBe('event.properties.p257');
});

test('drops all properties over 100 KB', () => {
  const kilobyte = Array.from({ length: 4 }, () => 'x'.repeat(253));
  const of = (kilobytes: number) =>
    Object.fromEntries(Array.from({ length: kilobytes }, (_, index) => [`p${index}`, kilobyte]));
  expect(inEvent(of(98)).invalid).toBe('');
  expect(inEvent(of(102))).toStrictEqual({ sent: undefined, invalid: 'event.properties' });
});
