import { facebook, twitter } from '../../../../lib/payload/fields/social-accounts.ts';
import { absent, invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('facebook', () => {
  test('is sent as Braze documents it', () => {
    expect(parseField(facebook, { id: '12', likes: ['tea', 'engines'], num_friends: '3' })).toEqual(
      valid({ id: '12', likes: ['tea', 'engines'], num_friends: 3 }),
    );
  });

  test('is sent with an empty list of likes, which erases them', () => {
    expect(parseField(facebook, { likes: [] })).toEqual(valid({ likes: [] }));
  });

  test('reports members that Braze does not document', () => {
    expect(parseField(facebook, { id: 12, name: 'Ada' })).toEqual({ value: { id: '12' }, invalid: ['field.name'] });
  });

  test('leaves out invalid members and items, and reports them', () => {
    expect(parseField(facebook, { id: 1.2, likes: ['tea', 5.5, undefined, null], num_friends: 'many' })).toEqual({
      value: { likes: ['tea'] },
      invalid: ['field.id', 'field.likes.1', 'field.num_friends'],
    });
    expect(parseField(facebook, { id: '12', likes: 'tea' })).toEqual({ value: { id: '12' }, invalid: ['field.likes'] });
  });

  test('is left out if no member is valid', () => {
    expect(parseField(facebook, {})).toEqual(absent);
    expect(parseField(facebook, { likes: [undefined] })).toEqual(absent);
  });

  test.each([['ada'], [12], [true], [[]]])('rejects a value that is not an object: %j', (given) => {
    expect(parseField(facebook, given)).toEqual(invalid);
  });
});

describe('twitter', () => {
  test('is sent as Braze documents it', () => {
    expect(
      parseField(twitter, {
        id: '12',
        screen_name: 'ada',
        followers_count: 1,
        friends_count: '2',
        statuses_count: 0,
      }),
    ).toEqual(valid({ id: 12, screen_name: 'ada', followers_count: 1, friends_count: 2, statuses_count: 0 }));
  });

  test('leaves out invalid members, and reports them', () => {
    expect(
      parseField(twitter, {
        id: '12.5',
        screen_name: ['ada'],
        followers_count: -1,
        friends_count: null,
        statuses_count: '9',
      }),
    ).toEqual({
      value: { statuses_count: 9 },
      invalid: ['field.id', 'field.screen_name', 'field.followers_count'],
    });
  });

  test('is left out if no member is valid', () => {
    expect(parseField(twitter, {})).toEqual(absent);
    expect(parseField(twitter, { verified: true })).toEqual({ value: undefined, invalid: ['field.verified'] });
    expect(parseField(twitter, { id: '1750000000000000000' })).toEqual({ value: undefined, invalid: ['field.id'] });
  });

  test.each([['@ada'], [12], [true], [[]]])('rejects a value that is not an object: %j', (given) => {
    expect(parseField(twitter, given)).toEqual(invalid);
  });
});
