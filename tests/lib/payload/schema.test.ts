import {
  type CleanValue,
  type Field,
  FieldContext,
  INVALID,
  InvalidPaths,
  isObject,
  listWithPaths,
  object,
  required,
  single,
  validIfPresent,
} from '../../../lib/payload/schema.ts';

const listed = () => {
  const invalid = new InvalidPaths();
  return { invalid, payload: new FieldContext({ now: 0 }, invalid) };
};

test('writes a path as the designer would', () => {
  const { invalid, payload } = listed();
  expect(payload.child('events').child(1).child('time').path).toBe('events.1.time');
  expect(payload.child('a.b').child('').child('c').path).toBe('a.b..c');
  expect(payload.child('').path).toBe('""');
  expect(payload.path).toBe('');
  expect(payload.child('attributes').child('dob').invalid('wrong_type')).toBeUndefined();
  expect([...invalid.reasons.keys()]).toStrictEqual(['attributes.dob']);
});

test('lists each path once, in the order of the reports', () => {
  const { invalid, payload } = listed();
  for (const key of ['b', 'a', 'b']) payload.child(key).invalid('wrong_type');
  expect([...invalid.reasons.keys()]).toStrictEqual(['b', 'a']);
});

test('does not list the payload as a whole', () => {
  const { invalid, payload } = listed();
  payload.invalid('wrong_type');
  expect([...invalid.reasons.keys()]).toStrictEqual([]);
});

test('passes options to child contexts, not to parents', () => {
  const { invalid, payload } = listed();
  const place = payload.child('phone').with({ country: 'DE' });
  expect(place.child(0).options).toStrictEqual({ now: 0, country: 'DE' });
  expect(payload.options).toStrictEqual({ now: 0 });
  place.child(0).invalid('wrong_type');
  expect([...invalid.reasons.keys()]).toStrictEqual(['phone.0']);
});

test('shortens a very long key in a path', () => {
  const { payload } = listed();
  expect(payload.child('k'.repeat(1_024)).path).toBe('k'.repeat(1_024));
  expect(payload.child('k'.repeat(1_025)).child('x').path).toBe(`${'k'.repeat(1_024)}….x`);
});

test('keeps at most 64 KB of paths', () => {
  const { invalid, payload } = listed();
  for (let index = 0; index < 10_000; index += 1) payload.child(`${'k'.repeat(100)}${index}`).invalid('wrong_type');
  const text = [...invalid.reasons.keys()].join(',');
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text.length).toBeGreaterThan(65_000);
});

import { price } from '../../../lib/payload/fields/number.ts';
import { absent, invalid, parseField, reasonsFor, valid } from '../../support/parse-field.ts';

const sale = object({ price: required(price), tip: price, tax: validIfPresent(price) });

test.each<[CleanValue, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['text', false],
  [5, false],
])('tells whether %j is an object: %s', (value, is) => {
  expect(isObject(value)).toBe(is);
});

describe('an object', () => {
  test('parses each member by its own field', () => {
    expect(parseField(sale, { price: '1', tip: '2', tax: '3' })).toStrictEqual(valid({ price: 1, tip: 2, tax: 3 }));
  });

  test('reports unknown keys', () => {
    expect(parseField(sale, { price: 1, note: 'x', other: undefined, more: null })).toStrictEqual({
      value: { price: 1 },
      invalid: ['field.note', 'field.more'],
    });
    expect(reasonsFor(sale, { price: 1, note: 'x' })).toStrictEqual({ 'field.note': 'unknown_key' });
  });

  test('accepts a member under an alias, unless it is given under its own name', () => {
    const renamed = object({ price: required(price) }, { aliases: { cost: 'price' } });
    expect(parseField(renamed, { cost: '5' })).toStrictEqual(valid({ price: 5 }));
    expect(parseField(renamed, { cost: 'x' })).toStrictEqual({ value: undefined, invalid: ['field.price'] });
    expect(parseField(renamed, { cost: '5', price: 6 }).value).toStrictEqual({ price: 6 });
    expect(reasonsFor(renamed, { cost: '5', price: 6 })).toStrictEqual({ 'field.cost': 'duplicate' });
    expect(renamed.schema.properties).toStrictEqual({ price: price.schema, cost: price.schema });
  });

  test('leaves out an optional member that is absent, null or invalid', () => {
    expect(parseField(sale, { price: 1, tip: null })).toStrictEqual(valid({ price: 1 }));
    expect(parseField(sale, { price: 1, tip: undefined, tax: null })).toStrictEqual(valid({ price: 1 }));
    expect(parseField(sale, { price: 1, tip: 'much' })).toStrictEqual({ value: { price: 1 }, invalid: ['field.tip'] });
  });

  test('is invalid without a required member, and reports it', () => {
    const missing = { value: undefined, invalid: ['field.price'] };
    expect(parseField(sale, { tip: 1 })).toStrictEqual(missing);
    expect(parseField(sale, { price: null })).toStrictEqual(missing);
    expect(parseField(sale, { price: 'x' })).toStrictEqual(missing);
    expect(parseField(sale, { price: INVALID })).toStrictEqual(missing);
  });

  test('is invalid if a member that must be valid is not, and still reports the others', () => {
    expect(parseField(sale, { tax: 'x', tip: 'y' })).toStrictEqual({
      value: undefined,
      invalid: ['field.price', 'field.tip', 'field.tax'],
    });
    expect(parseField(sale, { price: 1, tax: INVALID })).toStrictEqual({ value: undefined, invalid: ['field.tax'] });
  });

  test.each<[Exclude<CleanValue, undefined>]>([['x'], [5], [[]], [true], [null], [INVALID]])('rejects %p', (value) => {
    expect(parseField(sale, value)).toStrictEqual(invalid);
  });

  test('can be checked as a whole, once its members are valid', () => {
    const fair = object(
      { price: required(price), tip: price },
      {
        check: (sale, given, ctx) => (given.tip === 7 ? ctx.child('tip').invalid('wrong_type') : { ...sale, tip: 1 }),
      },
    );
    expect(parseField(fair, { price: '5' })).toStrictEqual(valid({ price: 5, tip: 1 }));
    expect(parseField(fair, { price: '5', tip: 7 })).toStrictEqual({
      value: undefined,
      invalid: ['field.tip'],
    });
    expect(parseField(fair, { tip: 7 })).toStrictEqual({ value: undefined, invalid: ['field.price'] });
  });

  test('does not inherit members', () => {
    const odd = object({ toString: price });
    expect(parseField(odd, {})).toStrictEqual(valid({}));
  });

  test('describes itself', () => {
    expect(sale.sends).toBe('an object');
    expect(sale.invalidWhen).toBe('a required member is missing or invalid');
    expect(sale.schema).toStrictEqual({
      type: 'object',
      properties: { price: price.schema, tip: price.schema, tax: price.schema },
      required: ['price'],
      additionalProperties: false,
    });
    const words = object({ price }, { sends: 'a sale', invalidWhen: 'never' });
    expect(words).toMatchObject({ sends: 'a sale', invalidWhen: 'never' });
    expect(words.schema).not.toHaveProperty('required');
  });
});

describe('a list', () => {
  const prices = listWithPaths(price);

  test('has each valid item with its path', () => {
    expect(parseField(prices, ['1', undefined, 'x', null, 2])).toStrictEqual({
      value: [
        { path: 'field.0', value: 1 },
        { path: 'field.4', value: 2 },
      ],
      invalid: ['field.2'],
    });
    expect(parseField(prices, [])).toStrictEqual(valid([]));
  });

  test.each<[Exclude<CleanValue, undefined>]>([['1'], [5], [{}], [null], [INVALID]])('rejects %p', (value) => {
    expect(parseField(prices, value)).toStrictEqual(invalid);
  });

  test('describes itself by its items', () => {
    expect(prices.sends).toBe(`a list of: ${price.sends}`);
    expect(prices.schema).toStrictEqual({ type: 'array', items: price.schema });
  });
});

test('single parses one item as a list of one', () => {
  expect(parseField(single(price), '5')).toStrictEqual(valid([{ path: 'field', value: 5 }]));
  expect(parseField(single(price), 'x')).toStrictEqual(invalid);
  expect(parseField(single({ ...price, parse: () => undefined }), 'x')).toStrictEqual(absent);
});

test('calls onParsed with what each member and item was parsed into, and not for invalid ones', () => {
  const parsed: [string, unknown][] = [];
  const stars: Field<number> = {
    sends: 'an integer',
    invalidWhen: 'it is not a number',
    schema: {},
    parse: (value, ctx) => (typeof value === 'number' ? value * 2 : ctx.invalid('not_a_number')),
  };
  const ctx = new FieldContext({ now: 0, onParsed: (path, value) => parsed.push([path, value]) }, new InvalidPaths());
  object({ one: stars, bad: stars, all: listWithPaths(stars) }).parse({ one: 1, bad: 'x', all: [2, 'y', 3] }, ctx);
  expect(parsed).toStrictEqual([
    ['one', 2],
    ['all.0', 4],
    ['all.2', 6],
    [
      'all',
      [
        { path: 'all.0', value: 4 },
        { path: 'all.2', value: 6 },
      ],
    ],
  ]);
});
