import { subscription_groups, subscriptionState } from '../../../../lib/payload/fields/subscription.ts';
import { absent, invalid, parseField, valid } from '../../../support/parse-field.ts';

const id = 'b6a51a8f-2e5b-4f4c-9f0c-0c9cbf8f2f11';
const other = '11111111-2222-3333-4444-555555555555';

describe('subscriptionState', () => {
  test.each([
    ['opted_in', 'opted_in'],
    ['Subscribed', 'subscribed'],
    ['UNSUBSCRIBED', 'unsubscribed'],
    ['ｓubscribed\u200b', 'subscribed'],
  ])('%s is %s', (given, sent) => {
    expect(parseField(subscriptionState, given)).toEqual(valid(sent));
  });

  test.each([['opted in'], ['yes'], ['true'], ['opted_out'], ['subscribe'], [true], [1], [['subscribed']]])(
    'does not take %j for consent',
    (given) => {
      expect(parseField(subscriptionState, given)).toEqual(invalid);
    },
  );
});

describe('subscription_groups', () => {
  test('are sent as Braze documents them', () => {
    expect(
      parseField(subscription_groups, [
        { subscription_group_id: id, subscription_state: 'subscribed' },
        {
          subscription_group_id: other.toUpperCase(),
          subscription_state: 'Unsubscribed',
          use_double_opt_in_logic: 'true',
        },
        { subscription_group_id: other, subscription_state: 'subscribed', use_double_opt_in_logic: false },
      ]),
    ).toEqual(
      valid([
        { subscription_group_id: id, subscription_state: 'subscribed' },
        { subscription_group_id: other, subscription_state: 'unsubscribed', use_double_opt_in_logic: true },
        { subscription_group_id: other, subscription_state: 'subscribed', use_double_opt_in_logic: false },
      ]),
    );
  });

  test('leave out and report an invalid group, and keep the others', () => {
    expect(
      parseField(subscription_groups, [
        { subscription_group_id: id, subscription_state: 'opted_in' },
        { subscription_group_id: 'newsletter', subscription_state: 'subscribed' },
        { subscription_state: 'subscribed' },
        { subscription_group_id: id },
        { subscription_group_id: id, subscription_state: 'subscribed', use_double_opt_in_logic: 'perhaps' },
        'subscribed',
        [],
        undefined,
        null,
        { subscription_group_id: id, subscription_state: 'subscribed' },
      ]),
    ).toEqual({
      value: [{ subscription_group_id: id, subscription_state: 'subscribed' }],
      invalid: [
        'field.0.subscription_state',
        'field.1.subscription_group_id',
        'field.2.subscription_group_id',
        'field.3.subscription_state',
        'field.4.use_double_opt_in_logic',
        'field.5',
        'field.6',
      ],
    });
  });

  test('are left out if no group is valid', () => {
    expect(parseField(subscription_groups, [])).toEqual(absent);
    expect(parseField(subscription_groups, [undefined])).toEqual(absent);
    expect(parseField(subscription_groups, [{}])).toEqual({
      value: undefined,
      invalid: ['field.0.subscription_group_id', 'field.0.subscription_state'],
    });
  });

  test.each([['subscribed'], [5], [true], [{ subscription_group_id: id, subscription_state: 'subscribed' }]])(
    'reject a value that is not a list: %j',
    (given) => {
      expect(parseField(subscription_groups, given)).toEqual(invalid);
    },
  );
});
