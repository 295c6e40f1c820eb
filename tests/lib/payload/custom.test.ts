import { isName } from '../../../lib/payload/custom.ts';
import { mapAttributes, mapEvent } from '../../support/map-payload.ts';

const LONG = 'x'.repeat(256);
const EMOJI = '👩'.repeat(255);
const kilobytes = (count: number) => Array.from({ length: count * 4 }, () => 'x'.repeat(253));

test.each<[string, boolean]>([
  ['loyalty_number', true],
  ['Loyalty number', true],
  ['a.b', true],
  ['a$b', true],
  ['プラン', true],
  ['x'.repeat(255), true],
  ['', false],
  [' \u00a0', false],
  ['$plan', false],
  [LONG, false],
  ['a\u0000b', false],
  ['a\nb', false],
  ['a\ud800b', false],
])('accepts %j as a name: %s', (name, is) => {
  expect(isName(name)).toBe(is);
});

describe('a custom attribute', () => {
  test.each<[string, unknown, unknown]>([
    ['text', 'gold', 'gold'],
    ['text that looks like a number', '0042', '0042'],
    ['text that looks like a date', '2026-05-01', '2026-05-01'],
    ['255 characters', EMOJI, EMOJI],
    ['a number', -1.5, -1.5],
    ['a boolean', false, false],
    ['null, which unsets it', null, null],
    ['a list', ['a', 1, true], ['a', 1, true]],
    ['an empty list, said so', [], []],
    ['an empty object, said so', {}, {}],
    ['an object', { city: 'Rome', geo: { lat: 1 } }, { city: 'Rome', geo: { lat: 1 } }],
    ['a list of objects', [{ sku: 'a' }, { sku: 'b' }], [{ sku: 'a' }, { sku: 'b' }]],
    ['a typed number', { $number: '12.50' }, 12.5],
    ['a typed list', { $list: 'a, b' }, ['a', 'b']],
    ['a moment', { $time: '2026-05-01T12:00:00+02:00' }, '2026-05-01T10:00:00.000Z'],
    ['a day', { $time: '2026-05-01' }, '2026-05-01'],
    ['a moment in an object', { since: { $time: '1777629600' } }, { since: { $time: '2026-05-01T10:00:00.000Z' } }],
    ['a moment in a list', [{ $time: '2026-05-01' }], ['2026-05-01']],
    ['a list with absent items', ['a', 'None', '{B}'], ['a']],
    ['an object with absent members', { a: 'None', b: 1 }, { b: 1 }],
    ['500 items', Array(500).fill(1), Array(500).fill(1)],
    ['an increment', { inc: 1 }, { inc: 1 }],
    ['an increment as text', { inc: '-2' }, { inc: -2 }],
    ['an increment as typed text', { inc: { $integer: '3' } }, { inc: 3 }],
    ['items to add', { add: ['a', 'None', 2] }, { add: ['a', 2] }],
    ['items to remove', { remove: { $list: 'a,b' } }, { remove: ['a', 'b'] }],
    ['items to add and to remove', { add: ['a'], remove: ['b'] }, { add: ['a'], remove: ['b'] }],
    ['a moment to add', { add: [{ $time: '2026-05-01' }] }, { add: ['2026-05-01'] }],
    ['one operator, the other absent', { add: ['a'], remove: 'None' }, { add: ['a'] }],
    ['objects to add', { $add: [{ sku: 'a' }] }, { $add: [{ sku: 'a' }] }],
    [
      'objects to update',
      { $update: [{ $identifier_key: 'sku', $identifier_value: 'a', $new_object: { n: { $number: '2' } } }] },
      { $update: [{ $identifier_key: 'sku', $identifier_value: 'a', $new_object: { n: 2 } }] },
    ],
    [
      'objects to remove',
      { $remove: [{ $identifier_key: 'id', $identifier_value: 7 }] },
      { $remove: [{ $identifier_key: 'id', $identifier_value: 7 }] },
    ],
    ['an object that is no operator, for what it holds besides', { inc: 1, by: 'me' }, { inc: 1, by: 'me' }],
  ])('can be %s', (_, given, sent) => {
    expect(mapAttributes({ plan: given })).toStrictEqual({ sent: { plan: sent }, invalid: '' });
  });

  test.each<[string, unknown, string]>([
    ['over 255 characters', LONG, 'attributes.plan'],
    ['over 500 items', Array(501).fill(1), 'attributes.plan'],
    ['over 100 KB', { a: kilobytes(101) }, 'attributes.plan'],
    ['a typed value that does not fit', { $number: 'many' }, 'attributes.plan'],
    ['operators of two families', { inc: 1, add: ['a'] }, 'attributes.plan'],
    ['operators of two families, spelled alike', { add: ['a'], $add: [{ a: 1 }] }, 'attributes.plan'],
    [
      'an object of which an operator is left',
      { inc: 'Apple Inc.', 'Zip code': 1 },
      'attributes.plan.Zip code,attributes.plan',
    ],
    ['a fractional increment', { inc: 1.5 }, 'attributes.plan.inc'],
    ['an increment that is no number', { inc: 'one' }, 'attributes.plan.inc'],
    ['an increment by null', { inc: null }, 'attributes.plan.inc'],
    ['text to add', { add: 'a' }, 'attributes.plan.add'],
    ['501 items to add', { add: Array(501).fill(1) }, 'attributes.plan.add'],
    [
      'nothing but invalid items to add',
      { add: [{ a: 1 }, null, [1]] },
      'attributes.plan.add.0,attributes.plan.add.1,attributes.plan.add.2',
    ],
    ['a scalar among the objects to add', { $add: ['a'] }, 'attributes.plan.$add.0'],
    ['a moment among the objects to add', { $add: [{ $time: '2026-05-01' }] }, 'attributes.plan.$add.0'],
    ['an update of no object', { $update: ['a'] }, 'attributes.plan.$update.0'],
    [
      'an update without its members',
      { $update: [{ $new_object: { a: 1 } }] },
      'attributes.plan.$update.0.$identifier_key,attributes.plan.$update.0.$identifier_value',
    ],
    [
      'an update by a key that is no text, to what is no object',
      { $update: [{ $identifier_key: 5, $identifier_value: { a: 1 }, $new_object: 'a' }] },
      'attributes.plan.$update.0.$identifier_key,attributes.plan.$update.0.$identifier_value,attributes.plan.$update.0.$new_object',
    ],
    [
      'an update that would write a control key',
      { $update: [{ $identifier_key: 'id', $identifier_value: 1, $new_object: { $identifier_key: 'x' } }] },
      'attributes.plan.$update.0.$new_object.$identifier_key',
    ],
    [
      'a removal by a dirty key',
      { $remove: [{ $identifier_key: 'a.b', $identifier_value: 1 }] },
      'attributes.plan.$remove.0.$identifier_key',
    ],
  ])('is invalid: %s', (_, given, invalid) => {
    expect(mapAttributes({ plan: given })).toStrictEqual({ sent: {}, invalid });
  });

  test('reports unknown members of an update or a removal', () => {
    const update = { $identifier_key: 'id', $identifier_value: 1, $new_object: { a: 1 } };
    const removal = { $identifier_key: 'id', $identifier_value: 2 };
    const plan = { $update: [{ ...update, upsert: true }], $remove: [{ ...removal, $new_object: 'b', none: '{X}' }] };
    expect(mapAttributes({ plan })).toStrictEqual({
      sent: { plan: { $update: [update], $remove: [removal] } },
      invalid: 'attributes.plan.$update.0.upsert,attributes.plan.$remove.0.$new_object',
    });
  });

  test.each([[''], ['$plan'], [LONG], ['a\u0000b'], ['\ud800']])('is invalid by its name: %j', (name) => {
    expect(mapAttributes({ [name]: 'gold', ok: 1 })).toStrictEqual({ sent: { ok: 1 }, invalid: `attributes.${name}` });
  });

  test.each<[string, unknown, unknown, string]>([
    ['a long text', { a: LONG, b: 1 }, { b: 1 }, 'plan.a'],
    ['a null, which unsets nothing there', { a: null, b: 1 }, { b: 1 }, 'plan.a'],
    ['a null in a list', ['a', null], ['a'], 'plan.1'],
    ['a typed value that does not fit', { a: { $number: 'x' }, b: 1 }, { b: 1 }, 'plan.a'],
    ['a typed value that does not fit, in a list', [{ $number: 'x' }, 1], [1], 'plan.0'],
    ['a key with a dot', { 'a.b': 1, c: 2 }, { c: 2 }, 'plan.a.b'],
    ['a key with a blank', { 'a b': 1, c: 2 }, { c: 2 }, 'plan.a b'],
    ['a key with a dollar sign', { a$: 1, c: 2 }, { c: 2 }, 'plan.a$'],
    ['an operator among other members', { $add: [{ a: 1 }], c: 2 }, { c: 2 }, 'plan.$add'],
    ['a typed value among other members', { $number: '5', c: 2 }, { c: 2 }, 'plan.$number'],
    ['something deep in a list', [{ a: [{ b: LONG, c: 1 }] }], [{ a: [{ c: 1 }] }], 'plan.0.a.0.b'],
    ['an invalid item to add', { add: ['a', LONG] }, { add: ['a'] }, 'plan.add.1'],
    ['an invalid operator', { add: ['a'], remove: 5 }, { add: ['a'] }, 'plan.remove'],
  ])('leaves out %s', (_, given, sent, path) => {
    expect(mapAttributes({ plan: given })).toStrictEqual({ sent: { plan: sent }, invalid: `attributes.${path}` });
  });

  test.each<[unknown, string]>([
    [['None'], ''],
    [{ a: 'None', b: ['', { c: 'undefined' }] }, ''],
    [[LONG, null], 'attributes.plan.0,attributes.plan.1'],
    [{ a: { b: LONG } }, 'attributes.plan.a.b'],
    [{ inc: 'None' }, ''],
    [{ add: ['None'] }, ''],
    [{ add: ['None'], remove: [null] }, 'attributes.plan.remove.0'],
  ])('leaves out %j without valid parts, so that it erases nothing', (given, invalid) => {
    expect(mapAttributes({ plan: given })).toStrictEqual({ sent: {}, invalid });
  });
});

describe('a property', () => {
  test.each<[string, unknown, unknown, string]>([
    ['a moment as text', { $time: '1777629600' }, '2026-05-01T10:00:00.000Z', ''],
    ['a moment in an object as text', { at: { $time: '2026-05-01' } }, { at: '2026-05-01' }, ''],
    ['keys that an attribute may not have', { 'a b.c$': 1 }, { 'a b.c$': 1 }, ''],
    ['nothing for a null', { a: null, b: [null, 1] }, { b: [1] }, ''],
    ['no key with a leading dollar sign', { $a: 1, b: 2 }, { b: 2 }, 'event.properties.p.$a'],
    ['operators as objects like any other', { inc: 1, add: ['a'] }, { inc: 1, add: ['a'] }, ''],
  ])('has %s', (_, given, sent, invalid) => {
    expect(mapEvent({ name: 'e', properties: { p: given } })).toStrictEqual({
      sent: { name: 'e', time: '2026-05-01T10:00:00.000Z', properties: { p: sent } },
      invalid,
    });
  });
});
