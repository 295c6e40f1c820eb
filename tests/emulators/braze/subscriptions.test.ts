import type { Braze } from '../../../emulators/braze/gateway.ts';
import { call as callBraze, createStill, says, times } from './support.ts';

let braze: Braze;
beforeEach(() => {
  braze = createStill();
});

const call = (path: string, body: unknown) => callBraze(braze, path, body);
const know = (...attributes: unknown[]) => call('/users/track', { attributes });
const profile = (external_id: string) => braze.profile({ external_id });
describe('subscription/status/set', () => {
  const id = '0ad2ccfb-16dc-4427-a1a7-55b75b4a3e11';
  const group = { subscription_group_id: id, subscription_state: 'unsubscribed' };
  const set = (body: object) => call('/subscription/status/set', { ...group, ...body });
  const success = { status: 201, json: { message: 'success' } };

  test('sets the state for everybody with the email or phone', () => {
    know({ external_id: 'ann', email: 'x@b.co' }, { external_id: 'bob', email: 'x@b.co' });
    know({ external_id: 'cat', phone: '+14155550100' });
    expect(set({ email: ['x@b.co', 'none@b.co'] })).toEqual(success);
    expect(set({ phone: '+14155550100', subscription_state: 'subscribed' })).toEqual(success);
    expect(braze.profiles.map(({ subscription_groups }) => subscription_groups[id])).toEqual([
      'unsubscribed',
      'unsubscribed',
      'subscribed',
    ]);
  });

  test.each<[object, string]>([
    [{}, "'email' or 'phone' is required"],
    [{ email: 'x@b.co', phone: '+14155550100' }, "Only one of 'email' and 'phone' is allowed"],
    [{ email: [5] }, "'email' is not valid"],
    [{ email: times(51, 'x@b.co') }, 'The max number of ids per request was exceeded'],
    [{ email: 'x@b.co', subscription_group_id: 'mine' }, "'subscription_group_id' is not valid"],
    [{ email: 'x@b.co', subscription_state: 'opted_in' }, "'subscription_state' is not valid"],
  ])('refuses %j', (body, message) => {
    expect(set(body)).toEqual(says(message));
  });

  test('the second version takes several groups, and external ids', () => {
    know({ external_id: 'ann', email: 'x@b.co' });
    const other = id.replace('0ad', '1ad');
    const subscription_groups = [
      { ...group, external_ids: ['ann'] },
      { subscription_group_id: other, subscription_state: 'subscribed', emails: ['x@b.co'] },
    ];
    expect(call('/v2/subscription/status/set', { subscription_groups })).toEqual(success);
    expect(profile('ann')?.subscription_groups).toEqual({ [id]: 'unsubscribed', [other]: 'subscribed' });
    for (const wrong of [[], ['a'], [{ ...group, emails: ['x@b.co'], phones: ['12345'] }], undefined]) {
      expect(call('/v2/subscription/status/set', { subscription_groups: wrong }).status).toBe(400);
    }
  });
});
