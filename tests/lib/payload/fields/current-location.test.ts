import { current_location } from '../../../../lib/payload/fields/current-location.ts';
import type { CleanValue } from '../../../../lib/payload/schema.ts';
import { invalid, parseField, reasonsFor, valid } from '../../../support/parse-field.ts';

describe('current_location', () => {
  test.each<[Exclude<CleanValue, undefined>, { longitude: number; latitude: number }]>([
    [
      { longitude: -73.99, latitude: 40.73 },
      { longitude: -73.99, latitude: 40.73 },
    ],
    [
      { latitude: '40.73', longitude: '-73.99' },
      { longitude: -73.99, latitude: 40.73 },
    ],
    [
      { longitude: 180, latitude: -90 },
      { longitude: 180, latitude: -90 },
    ],
    [
      { longitude: 0, latitude: '0' },
      { longitude: 0, latitude: 0 },
    ],
  ])('%j becomes %j', (given, sent) => {
    expect(parseField(current_location, given)).toEqual(valid(sent));
  });

  test.each<[Exclude<CleanValue, undefined>]>([
    [{ longitude: 180.1, latitude: 0 }],
    [{ longitude: 0, latitude: -90.1 }],
    [{ longitude: 0 }],
    [{ latitude: 0 }],
    [{ longitude: '73° W', latitude: 0 }],
    [{ longitude: null, latitude: 0 }],
    [{}],
    [[0, 0]],
    ['0,0'],
    [0],
    [true],
  ])('rejects %j', (given) => {
    expect(parseField(current_location, given)).toEqual(invalid);
  });

  test('reports unknown members', () => {
    expect(reasonsFor(current_location, { longitude: 1, latitude: 2, accuracy: 5 })).toEqual({
      'field.accuracy': 'unknown_key',
    });
  });
});
