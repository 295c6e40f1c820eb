import { Place, Unusable } from '../../../lib/payload/field.ts';

const listed = () => {
  const unusable = new Unusable();
  return { unusable, payload: new Place({ now: 0 }, unusable) };
};

test('a place is called what the designer would call it', () => {
  const { unusable, payload } = listed();
  expect(payload.at('events').at(1).at('time').path).toBe('events.1.time');
  expect(payload.at('a.b').at('').at('c').path).toBe('a.b..c');
  expect(payload.at('attributes').at('dob').refuse()).toBeUndefined();
  expect(unusable.paths).toStrictEqual(['attributes.dob']);
});

test('a place is named once, in the order of refusal', () => {
  const { unusable, payload } = listed();
  for (const key of ['b', 'a', 'b']) payload.at(key).refuse();
  expect(unusable.paths).toStrictEqual(['b', 'a']);
});

test('the payload as a whole has no name', () => {
  const { unusable, payload } = listed();
  payload.refuse();
  expect(unusable.paths).toStrictEqual([]);
});

test('more knowledge stays with the place and those below it', () => {
  const { unusable, payload } = listed();
  const place = payload.at('phone').knowing({ country: 'DE' });
  expect(place.at(0).reading).toStrictEqual({ now: 0, country: 'DE' });
  expect(payload.reading).toStrictEqual({ now: 0 });
  place.at(0).refuse();
  expect(unusable.paths).toStrictEqual(['phone.0']);
});

test('an over-long key is cut short in a path', () => {
  const { payload } = listed();
  expect(payload.at('k'.repeat(1_024)).path).toBe('k'.repeat(1_024));
  expect(payload.at('k'.repeat(1_025)).at('x').path).toBe(`${'k'.repeat(1_024)}….x`);
});

test('paths are kept up to 64 KB of text', () => {
  const { unusable, payload } = listed();
  for (let index = 0; index < 10_000; index += 1) payload.at(`${'k'.repeat(100)}${index}`).refuse();
  const text = unusable.paths.join(',');
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text.length).toBeGreaterThan(65_000);
});
