import fc from 'fast-check';
import { integer, toInteger, toNumber } from '../../../../lib/payload/fields/number.ts';
import type { CleanValue } from '../../../../lib/payload/schema.ts';
import { invalid, LINEAR_MS, parseField, slowest, valid } from '../../../support/parse-field.ts';

const anything = fc.oneof(
  fc.jsonValue(),
  fc.stringMatching(/^[-+.,eE0-9 x]{0,20}$/),
  fc.double(),
  fc.constant(undefined),
);

describe('toNumber', () => {
  test.each<[CleanValue, number]>([
    [12.5, 12.5],
    [0, 0],
    [-3, -3],
    ['12.50', 12.5],
    ['.5', 0.5],
    [',5', 0.5],
    ['5.', 5],
    ['0', 0],
    ['-3', -3],
    ['+3', 3],
    ['02139', 2139],
    ['1e3', 1000],
    ['1.5E-3', 0.0015],
    ['2e+2', 200],
  ])('%j is %d', (given, number) => {
    expect(toNumber(given)).toBe(number);
  });

  test.each<[CleanValue]>([
    ['1,234'],
    ['12.34,5'],
    ['0x10'],
    ['0b1'],
    ['1_000'],
    ['10n'],
    [''],
    ['--1'],
    ['1e'],
    ['e3'],
    ['1.2.3'],
    ['Infinity'],
    ['-Infinity'],
    ['NaN'],
    ['1e999'],
    ['5%'],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [true],
    [null],
    [undefined],
    [[1]],
    [{ valueOf: 1 }],
  ])('%j is not a number', (given) => {
    expect(toNumber(given)).toBeUndefined();
  });

  test('does not throw, and returns only finite numbers', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const number = toNumber(given as CleanValue);
        expect(number === undefined || Number.isFinite(number)).toBe(true);
      }),
    );
  });

  test('parses every number that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(toNumber(String(number))).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  test('takes linear time', () => {
    expect(slowest(toNumber)).toBeLessThan(LINEAR_MS);
    expect(slowest(toInteger)).toBeLessThan(LINEAR_MS);
  });
});

describe('toInteger', () => {
  test.each<[CleanValue, number]>([
    [3, 3],
    [-3, -3],
    ['3', 3],
    ['+3', 3],
    ['-3', -3],
    ['007', 7],
    ['3.0', 3],
    ['1e3', 1000],
    ['1.234.567', 1234567],
    ['9007199254740991', 9007199254740991],
  ])('%j is %d', (given, integer) => {
    expect(toInteger(given)).toBe(integer);
  });

  test.each<[CleanValue]>([
    [3.5],
    ['9007199254740992'],
    [9007199254740992],
    [''],
    ['three'],
    [false],
    [null],
    [undefined],
    [['3']],
  ])('%j is not an integer that JSON carries exactly', (given) => {
    expect(toInteger(given)).toBeUndefined();
  });

  test('does not throw, and returns only safe integers', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const integer = toInteger(given as CleanValue);
        expect(integer === undefined || Number.isSafeInteger(integer)).toBe(true);
      }),
    );
  });
});

test.each([
  ['-3', -3],
  [0, 0],
  ['2.0', 2],
])('the field integer accepts %j', (given, sent) => {
  expect(parseField(integer, given)).toEqual(valid(sent));
});

test.each([['2.5'], ['two'], [true]])('the field integer rejects %j', (given) => {
  expect(parseField(integer, given)).toEqual(invalid);
});
