import fc from 'fast-check';
import { countJsonBytes } from '../../../lib/payload/size.ts';

test.each<[unknown, number]>([
  [{}, 2],
  [[], 2],
  [[[], {}], 7],
  [{ a: 1, b: [true, null] }, '{"a":1,"b":[true,null]}'.length],
  ['é', 4],
  ['"\n', 6],
  ['\ud800', 8],
])('%j takes %i bytes', (value, bytes) => {
  expect(countJsonBytes(value, 1_000)).toBe(bytes);
});

test('counts any JSON as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(countJsonBytes(value, 1e9)).toBe(Buffer.byteLength(JSON.stringify(value)));
    }),
  );
});

test('stops counting at the limit', () => {
  expect(countJsonBytes(Array(10_000).fill('ten bytes'), 100)).toBeGreaterThan(100);
});

test('counts values that are nested deeper than the stack', () => {
  const deep = JSON.parse('['.repeat(125_000) + ']'.repeat(125_000));
  expect(countJsonBytes(deep, 1e9)).toBe(250_000);
});

test('counts a value that is not JSON as null', () => {
  expect(countJsonBytes([undefined], 100)).toBe(6);
});
