import { toBoolean } from '../../../../lib/payload/fields/boolean.ts';
import type { CleanValue } from '../../../../lib/payload/schema.ts';

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
    ['yes please'],
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
