import { facebook } from '../../../../lib/payload/fields/facebook.ts';
import { absent, read, refused, usable } from '../../../support/reading.ts';

describe('facebook', () => {
  test('is sent as Braze documents it', () => {
    expect(read(facebook, { id: '12', likes: ['tea', 'engines'], num_friends: '3', name: 'Ada' })).toEqual(
      usable({ id: '12', likes: ['tea', 'engines'], num_friends: 3 }),
    );
  });

  test('leaves out unusable members and items and names them', () => {
    expect(read(facebook, { id: 12, likes: ['tea', 5, undefined, null], num_friends: 'many' })).toEqual({
      value: { likes: ['tea'] },
      unusable: ['field.id', 'field.likes.1', 'field.num_friends'],
    });
    expect(read(facebook, { id: '12', likes: 'tea' })).toEqual({ value: { id: '12' }, unusable: ['field.likes'] });
  });

  test('says nothing when nothing usable is left', () => {
    expect(read(facebook, {})).toEqual(absent);
    expect(read(facebook, { likes: [] })).toEqual(absent);
  });

  test.each([['ada'], [12], [true], [[]]])('refuses what is not an object: %j', (given) => {
    expect(read(facebook, given)).toEqual(refused);
  });
});
