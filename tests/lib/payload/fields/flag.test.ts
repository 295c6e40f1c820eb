import { flag } from '../../../../lib/payload/fields/flag.ts';
import { read, refused, usable } from '../../../support/reading.ts';

describe('flag', () => {
  test.each([
    [true, true],
    ['True', true],
    ['no', false],
    [0, false],
  ])('%j is %j', (given, sent) => {
    expect(read(flag, given)).toEqual(usable(sent));
  });

  test.each([['maybe'], [2], [[true]], [{}]])('refuses %j', (given) => {
    expect(read(flag, given)).toEqual(refused);
  });
});
