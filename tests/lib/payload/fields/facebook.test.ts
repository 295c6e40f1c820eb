import { facebook } from '../../../../lib/payload/fields/facebook.ts';
import { absent, invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('facebook', () => {
  test('is sent as Braze documents it', () => {
    expect(parseField(facebook, { id: '12', likes: ['tea', 'engines'], num_friends: '3', name: 'Ada' })).toEqual(
      valid({ id: '12', likes: ['tea', 'engines'], num_friends: 3 }),
    );
  });

  test('leaves out invalid members and items and names them', () => {
    expect(parseField(facebook, { id: 12, likes: ['tea', 5, undefined, null], num_friends: 'many' })).toEqual({
      value: { likes: ['tea'] },
      invalid: ['field.id', 'field.likes.1', 'field.num_friends'],
    });
    expect(parseField(facebook, { id: '12', likes: 'tea' })).toEqual({ value: { id: '12' }, invalid: ['field.likes'] });
  });

  test('says nothing when nothing usable is left', () => {
    expect(parseField(facebook, {})).toEqual(absent);
    expect(parseField(facebook, { likes: [] })).toEqual(absent);
  });

  test.each([['ada'], [12], [true], [[]]])('refuses what is not an object: %j', (given) => {
    expect(parseField(facebook, given)).toEqual(invalid);
  });
});
