import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { createStill, post } from '../../emulators/braze/support.ts';
import { anyPayload, anyUserData, asJson } from '../../support/any-payload.ts';
import { mapPayload } from '../../support/map-payload.ts';
import { LINEAR_MS, processorTime } from '../../support/parse-field.ts';

const CONTROL =
  /^_?(?:external_?id|user_?alias|braze_?id|appboy_?id|update_?existing_?only|push_?token_?import|push_?tokens|api_?key|bio|email_?subscription_?info)$/i;
const IDENTIFIERS = ['external_id', 'user_alias', 'braze_id'];
const POLLUTING = ['__proto__', 'constructor', 'prototype'];
const UNCLEAN = /[\p{Cc}\p{Cs}]/u;

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};
const keysIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(keysIn)]
    : [];
const objectsIn = (body: object | undefined, array: string): object[] => Object(body)[array] ?? [];
const countIn = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

/** Whatever the payload is: what must hold of what comes of it. */
const check = (payload: object, userData: unknown) => {
  const { body, paths, reason, BRAZE_INVALID_FIELDS } = mapPayload(payload, { userData });
  expect(typeof BRAZE_INVALID_FIELDS).toBe('string');
  if (body === undefined || paths === undefined) return reason;

  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(body)), body)).toBe(true);
  expect(body.partner).toBe('pypestream');
  expect([...textsIn(body), ...keysIn(body)].filter((text) => UNCLEAN.test(text))).toStrictEqual([]);
  expect(keysIn(body).filter((key) => POLLUTING.includes(key))).toStrictEqual([]);

  const [attributes, events, purchases] = ['attributes', 'events', 'purchases'].map((array) => objectsIn(body, array));
  const given: { [key: string]: unknown } = { ...payload };
  expect(countIn(attributes)).toBeLessThanOrEqual(1);
  expect(countIn(events)).toBeLessThanOrEqual(countIn(given.events) + 1);
  expect(countIn(purchases)).toBeLessThanOrEqual(countIn(given.purchases) + 1);
  expect(Object.values(paths).map((list) => list.length)).toStrictEqual([attributes, events, purchases].map(countIn));
  for (const path of Object.values(paths).flat()) expect(typeof path).toBe('string');

  const all: { [key: string]: unknown }[] = [attributes, events, purchases]
    .flatMap((list) => list ?? [])
    .map((object) => ({ ...object }));
  // An event tells its identifier from what is said of the person, which attributes mix.
  const one: { [key: string]: unknown } = { ...(events?.[0] ?? purchases?.[0] ?? attributes?.[0]) };
  const named = Object.keys(one).filter((key) => [...IDENTIFIERS, 'email', 'phone'].includes(key));
  const primary = named.filter((key) => IDENTIFIERS.includes(key));
  const by = primary[0] ?? (named.includes('email') ? 'email' : named[0]) ?? '';
  expect(primary.length).toBeLessThanOrEqual(1);
  for (const object of all) {
    expect(object[by]).toStrictEqual(one[by]);
    expect(Object.keys(object).filter((key) => IDENTIFIERS.includes(key))).toStrictEqual(primary);
    expect(object._update_existing_only).toBe(one._update_existing_only);
  }
  const beyond = Object.keys(attributes?.[0] ?? {}).filter((key) => key !== by && key !== '_update_existing_only');
  expect(beyond.filter((key) => CONTROL.test(key))).toStrictEqual([]);
  return 'sent';
};

test('turns any payload of a flow into a complete request, or says why not', () => {
  const ends = new Set<unknown>();
  fc.assert(
    fc.property(anyPayload, anyUserData, (payload, userData) => {
      ends.add(check(payload, userData));
    }),
    { numRuns: 500 },
  );
  expect(ends).toContain('sent');
  expect(ends).toContain('There is no valid identifier.');
});

test('turns any JSON into a complete request, or says why not', () => {
  const anyObject = fc.oneof(fc.object(), fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
  fc.assert(
    fc.property(asJson(anyObject), asJson(fc.jsonValue()), (given, userData) => {
      check(given, userData);
      check({ external_id: 'u', attributes: given, event: { name: 'e', properties: given } }, userData);
    }),
    { numRuns: 200 },
  );
});

test('makes the same request of the same payload, and does not change the payload', () => {
  fc.assert(
    fc.property(anyPayload, anyUserData, (payload, userData) => {
      const before = structuredClone(payload);
      const first = mapPayload(payload, { userData });
      expect(payload).toEqual(before);
      expect(mapPayload(payload, { userData })).toStrictEqual(first);
    }),
  );
});

test('sends nothing that Braze rejects or drops', () => {
  const braze = createStill({ trackLimit: Number.POSITIVE_INFINITY });
  let taken = 0;
  fc.assert(
    fc.property(anyPayload, anyUserData, (payload, userData) => {
      const { body } = mapPayload({ braze_id: 'b', ...payload }, { userData });
      if (body === undefined) return;
      braze.reset();
      const { status, json } = post(braze, '/users/track', body);
      expect({ status, json, dropped: braze.requests[0]?.dropped }).toStrictEqual({
        status: 201,
        json: expect.not.objectContaining({ errors: expect.anything() }),
        dropped: [],
      });
      taken += 1;
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(300);
});

describe('a hostile payload takes time in proportion to its size', () => {
  const FIELDS = [
    'external_id',
    'email',
    'phone',
    'braze_id',
    'update_existing_only',
    'strict',
    'attributes',
    'event',
    'session',
  ];
  const measureTime = (payload: object) => processorTime(() => mapPayload(payload));

  test.each(['a', ' ', '\u00a0', '0', '<<', '{', '[', '@', '.', '\ud800', '\t', '-1', '+1 ', '$', '"'])(
    '200 KB of %j, in every field there is',
    (part) => {
      const long = part.repeat(200_000 / part.length);
      for (const field of FIELDS) {
        expect(measureTime({ external_id: 'u', [field]: long })).toBeLessThan(LINEAR_MS);
        expect(
          measureTime({ external_id: 'u', event: { name: 'e', properties: { [field]: { a: [long] } } } }),
        ).toBeLessThan(LINEAR_MS);
        expect(measureTime({ external_id: 'u', attributes: { [field]: long } })).toBeLessThan(LINEAR_MS);
      }
      for (const type of ['$number', '$integer', '$boolean', '$time', '$list']) {
        expect(measureTime({ external_id: 'u', attributes: { a: { [type]: long } } })).toBeLessThan(LINEAR_MS);
      }
      expect(measureTime({ external_id: 'u', attributes: { [long]: 1 } })).toBeLessThan(LINEAR_MS);
      expect(
        measureTime({ external_id: 'u', event: { name: long, time: long, properties: { [long]: 1 } } }),
      ).toBeLessThan(LINEAR_MS);
      expect(
        measureTime({ external_id: 'u', purchase: { product_id: long, currency: long, price: long, quantity: long } }),
      ).toBeLessThan(LINEAR_MS);
    },
  );

  test.each<[string, (size: number) => object]>([
    ['lists in lists', (size) => JSON.parse('['.repeat(size / 2) + ']'.repeat(size / 2))],
    ['objects in objects', (size) => JSON.parse(`${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`)],
    ['typed values in typed values', (size) => JSON.parse(`${'{"$list":'.repeat(size / 10)}1${'}'.repeat(size / 10)}`)],
    ['many keys', (size) => Object.fromEntries(Array.from({ length: size / 12 }, (_, index) => [`a${index}`, 'b']))],
    [
      'many invalid keys',
      (size) => Object.fromEntries(Array.from({ length: size / 12 }, (_, index) => [`$${index}`, 'b'])),
    ],
    ['many items', (size) => ({ a: Array(size / 2).fill(1) })],
    ['many operators', (size) => ({ a: { $update: Array(Math.floor(size / 8)).fill({ a: 1 }) } })],
    ['many absent items', (size) => ({ a: Array(Math.floor(size / 7)).fill('None') })],
  ])('%s', (_, of) => {
    const given = of(60_000);
    const event = { name: 'e', properties: given };
    expect(measureTime({ external_id: 'u', attributes: given, event, events: [given] })).toBeLessThan(LINEAR_MS);
  });
});
