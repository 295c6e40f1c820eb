import { twitter } from '../../../../lib/payload/fields/twitter.ts';
import { absent, invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('twitter', () => {
  test('is sent as Braze documents it', () => {
    expect(
      parseField(twitter, {
        id: '12',
        screen_name: 'ada',
        followers_count: 1,
        friends_count: '2',
        statuses_count: 0,
        verified: true,
      }),
    ).toEqual(valid({ id: 12, screen_name: 'ada', followers_count: 1, friends_count: 2, statuses_count: 0 }));
  });

  test('leaves out invalid members and names them', () => {
    expect(
      parseField(twitter, {
        id: '12.5',
        screen_name: 7,
        followers_count: -1,
        friends_count: null,
        statuses_count: '9',
      }),
    ).toEqual({
      value: { statuses_count: 9 },
      invalid: ['field.id', 'field.screen_name', 'field.followers_count'],
    });
  });

  test('says nothing when nothing usable is left', () => {
    expect(parseField(twitter, {})).toEqual(absent);
    expect(parseField(twitter, { verified: true })).toEqual(absent);
    expect(parseField(twitter, { id: '1750000000000000000' })).toEqual({ value: undefined, invalid: ['field.id'] });
  });

  test.each([['@ada'], [12], [true], [[]]])('refuses what is not an object: %j', (given) => {
    expect(parseField(twitter, given)).toEqual(invalid);
  });
});
