import { type Cleaned, UNUSABLE } from '../../../lib/payload/field.ts';
import { price } from '../../../lib/payload/fields/price.ts';
import { isObject, listOf, object, oneOf, required, vital } from '../../../lib/payload/object.ts';
import { absent, invalid, parseField, valid } from '../../support/parse-field.ts';

const sale = object({ price: required(price), tip: price, tax: vital(price) });

test.each<[Cleaned, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['text', false],
  [5, false],
])('whether %j is an object: %s', (value, is) => {
  expect(isObject(value)).toBe(is);
});

describe('an object', () => {
  test('has its members by their rules, and nothing besides', () => {
    expect(parseField(sale, { price: '1', tip: '2', tax: '3', note: 'x' })).toStrictEqual(
      valid({ price: 1, tip: 2, tax: 3 }),
    );
  });

  test('goes without what is optional and absent, null or unusable', () => {
    expect(parseField(sale, { price: 1, tip: null })).toStrictEqual(valid({ price: 1 }));
    expect(parseField(sale, { price: 1, tip: undefined, tax: null })).toStrictEqual(valid({ price: 1 }));
    expect(parseField(sale, { price: 1, tip: 'much' })).toStrictEqual({ value: { price: 1 }, unusable: ['field.tip'] });
  });

  test('is unusable without a required member, and names it', () => {
    const missing = { value: undefined, unusable: ['field.price'] };
    expect(parseField(sale, { tip: 1 })).toStrictEqual(missing);
    expect(parseField(sale, { price: null })).toStrictEqual(missing);
    expect(parseField(sale, { price: 'x' })).toStrictEqual(missing);
    expect(parseField(sale, { price: UNUSABLE })).toStrictEqual(missing);
  });

  test('is unusable where a vital member is, and reads on to name the others', () => {
    expect(parseField(sale, { tax: 'x', tip: 'y' })).toStrictEqual({
      value: undefined,
      unusable: ['field.price', 'field.tip', 'field.tax'],
    });
    expect(parseField(sale, { price: 1, tax: UNUSABLE })).toStrictEqual({ value: undefined, unusable: ['field.tax'] });
  });

  test.each<[Exclude<Cleaned, undefined>]>([['x'], [5], [[]], [true], [null], [UNUSABLE]])('is not %p', (value) => {
    expect(parseField(sale, value)).toStrictEqual(invalid);
  });

  test('may be checked as a whole, once its members are usable', () => {
    const fair = object(
      { price: required(price), tip: price },
      { check: (sale, given, at) => (given.note === 'unfair' ? at.at('tip').refuse() : { ...sale, tip: 1 }) },
    );
    expect(parseField(fair, { price: '5' })).toStrictEqual(valid({ price: 5, tip: 1 }));
    expect(parseField(fair, { price: '5', note: 'unfair' })).toStrictEqual({
      value: undefined,
      unusable: ['field.tip'],
    });
    expect(parseField(fair, { note: 'unfair' })).toStrictEqual({ value: undefined, unusable: ['field.price'] });
  });

  test('does not inherit members', () => {
    const odd = object({ toString: price });
    expect(parseField(odd, {})).toStrictEqual(valid({}));
  });

  test('describes itself', () => {
    expect(sale.becomes).toBe('an object');
    expect(sale.unusableWhen).toBe('a required member is missing or unusable');
    expect(sale.schema).toStrictEqual({
      type: 'object',
      properties: { price: price.schema, tip: price.schema, tax: price.schema },
      required: ['price'],
    });
    const words = object({ price }, { becomes: 'a sale', unusableWhen: 'never' });
    expect(words).toMatchObject({ becomes: 'a sale', unusableWhen: 'never' });
    expect(words.schema).not.toHaveProperty('required');
  });
});

describe('a list', () => {
  const prices = listOf(price);

  test('has each usable item with its place', () => {
    expect(parseField(prices, ['1', undefined, 'x', null, 2])).toStrictEqual({
      value: [
        { path: 'field.0', value: 1 },
        { path: 'field.4', value: 2 },
      ],
      unusable: ['field.2'],
    });
    expect(parseField(prices, [])).toStrictEqual(valid([]));
  });

  test.each<[Exclude<Cleaned, undefined>]>([['1'], [5], [{}], [null], [UNUSABLE]])('is not %p', (value) => {
    expect(parseField(prices, value)).toStrictEqual(invalid);
  });

  test('describes itself by its items', () => {
    expect(prices.becomes).toBe(`a list of: ${price.becomes}`);
    expect(prices.schema).toStrictEqual({ type: 'array', items: price.schema });
  });
});

test('one item is a list of one', () => {
  expect(parseField(oneOf(price), '5')).toStrictEqual(valid([{ path: 'field', value: 5 }]));
  expect(parseField(oneOf(price), 'x')).toStrictEqual(invalid);
  expect(parseField(oneOf({ ...price, read: () => undefined }), 'x')).toStrictEqual(absent);
});
