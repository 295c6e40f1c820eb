import { flag, toBoolean } from '../../../../lib/payload/fields/boolean.ts';
import type { CleanValue } from '../../../../lib/payload/schema.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('toBoolean', () => {
  test.each<[CleanValue]>([[true], ['true'], ['True'], ['TRUE'], ['yes'], ['Y'], ['on'], ['1'], [1]])(
    '%j is true',
    (given) => {
      expect(toBoolean(given)).toBe(true);
    },
  );

  test.each<[CleanValue]>([[false], ['false'], ['False'], ['no'], ['N'], ['OFF'], ['0'], [0]])(
    '%j is false',
    (given) => {
      expect(toBoolean(given)).toBe(false);
    },
  );

  test.each<[CleanValue]>([
    ['maybe'],
    ['2'],
    [2],
    [-1],
    [''],
    [null],
    [undefined],
    [[true]],
    [{ true: 1 }],
    ['constructor'],
  ])('%j is neither', (given) => {
    expect(toBoolean(given)).toBeUndefined();
  });
});

describe('flag', () => {
  test.each([
    [true, true],
    ['True', true],
    ['no', false],
    [0, false],
  ])('%j is %j', (given, sent) => {
    expect(parseField(flag, given)).toEqual(valid(sent));
  });

  test.each([['maybe'], [2], [[true]], [{}]])('rejects %j', (given) => {
    expect(parseField(flag, given)).toEqual(invalid);
  });
});
