import type { Cleaned } from '../../../../lib/payload/field.ts';
import { toBoolean } from '../../../../lib/payload/fields/boolean.ts';

describe('toBoolean', () => {
  test.each<[Cleaned]>([[true], ['true'], ['True'], ['TRUE'], ['yes'], ['Y'], ['on'], ['1'], [1]])(
    '%j is true',
    (given) => {
      expect(toBoolean(given)).toBe(true);
    },
  );

  test.each<[Cleaned]>([[false], ['false'], ['False'], ['no'], ['N'], ['OFF'], ['0'], [0]])('%j is false', (given) => {
    expect(toBoolean(given)).toBe(false);
  });

  test.each<[Cleaned]>([
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
