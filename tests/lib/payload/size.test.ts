import fc from 'fast-check';
import { jsonBytes } from '../../../lib/payload/size.ts';

test.each<[unknown, number]>([
  [{}, 2],
  [[], 2],
  [[[], {}], 7],
  [{ a: 1, b: [true, null] }, '{"a":1,"b":[true,null]}'.length],
  ['é', 4],
  ['"\n', 6],
  ['\ud800', 8],
])('%j takes %i bytes', (value, bytes) => {
  expect(jsonBytes(value, 1_000)).toBe(bytes);
});

test('counts any JSON as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(jsonBytes(value, 1e9)).toBe(Buffer.byteLength(JSON.stringify(value)));
    }),
  );
});

test('counts no further than the limit', () => {
  expect(jsonBytes(Array(10_000).fill('ten bytes'), 100)).toBeGreaterThan(100);
});

test('counts what nests deeper than a stack', () => {
  const deep = JSON.parse('['.repeat(125_000) + ']'.repeat(125_000));
  expect(jsonBytes(deep, 1e9)).toBe(250_000);
});

test('counts what is no JSON as null', () => {
  expect(jsonBytes([undefined], 100)).toBe(6);
});
