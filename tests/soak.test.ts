import { growth } from '../bench/statistics.ts';

test('growth counts from the median of the first quarter to that of the last', () => {
  expect(growth([1, 2, 3, 9, 9, 9, 9, 9, 9, 11, 12, 13])).toBe(10);
});

test('one sample out of line is no growth', () => {
  expect(growth([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 90])).toBe(0);
});

test('a value that shrinks has a negative growth', () => {
  expect(growth([5, 4, 3, 2])).toBe(-3);
});
