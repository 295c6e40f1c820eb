import { flag } from '../../../../lib/payload/fields/flag.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('flag', () => {
  test.each([
    [true, true],
    ['True', true],
    ['no', false],
    [0, false],
  ])('%j is %j', (given, sent) => {
    expect(parseField(flag, given)).toEqual(valid(sent));
  });

  test.each([['maybe'], [2], [[true]], [{}]])('refuses %j', (given) => {
    expect(parseField(flag, given)).toEqual(invalid);
  });
});
