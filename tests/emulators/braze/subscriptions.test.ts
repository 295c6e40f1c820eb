import { brazeForTests, failsWith, send, times } from './support.ts';

const here = brazeForTests();
const { call, know, profile } = here;
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
    expect(here.braze.profiles.map(({ subscription_groups }) => subscription_groups[id])).toEqual([
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
    expect(set(body)).toEqual(failsWith(message));
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

const GROUP = '0ad2ccfb-16dc-4427-a1a7-55b75b4a3e11';
const get = (target: string) => {
  const { status, json } = send(here.braze, 'GET', target);
  return { status, json };
};
const subscribe = (external_id: string, subscription_state: string, more: object = {}) =>
  know({ external_id, subscription_groups: [{ subscription_group_id: GROUP, subscription_state }], ...more });

describe('subscription/status/get', () => {
  const status = (query: string) => get(`/subscription/status/get?subscription_group_id=${GROUP}&${query}`);
  const answer = (states: object) => ({ status: 200, json: { status: states, message: 'success' } });

  test('returns the state in the group by external id, email or phone', () => {
    subscribe('ann', 'subscribed', { email: 'a+b@example.com' });
    subscribe('bob', 'unsubscribed', { phone: '+14155550100' });
    know({ external_id: 'cid' });
    expect(status('external_id=ann')).toEqual(answer({ ann: 'Subscribed' }));
    expect(status('external_id[]=bob&external_id[]=cid&external_id[]=nobody')).toEqual(
      answer({ bob: 'Unsubscribed', cid: 'Unknown', nobody: 'Unknown' }),
    );
    expect(status('email=a%2Bb%40example.com')).toEqual(answer({ 'a+b@example.com': 'Subscribed' }));
    expect(status('phone=%2B14155550100')).toEqual(answer({ '+14155550100': 'Unsubscribed' }));
  });

  test('looks at the external id alone where one is given', () => {
    subscribe('ann', 'subscribed', { email: 'a@example.com' });
    expect(status('external_id=nobody&email=a%40example.com&phone=1')).toEqual(answer({ nobody: 'Unknown' }));
  });

  test('does not take the state of the channel into account', () => {
    subscribe('ann', 'subscribed', { email_subscribe: 'unsubscribed' });
    expect(status('external_id=ann')).toEqual(answer({ ann: 'Subscribed' }));
  });

  test.each([
    ['', "'external_id', 'email' or 'phone' is required"],
    ['external_id=', "'external_id', 'email' or 'phone' is required"],
    ['email=a%40example.com&phone=12345', "Only one of 'email' and 'phone' is allowed"],
    [times(51, 'external_id[]=a').join('&'), 'The max number of ids per request was exceeded'],
  ])('refuses %s', (query, message) => {
    expect(status(query)).toEqual(failsWith(message));
  });

  test('needs the id of a group', () => {
    expect(get('/subscription/status/get?external_id=ann')).toEqual(failsWith("'subscription_group_id' is not valid"));
  });
});

describe('subscription/user/status', () => {
  test('lists the groups of everybody who is found, page by page', () => {
    subscribe('ann', 'subscribed', { email: 'x@example.com' });
    subscribe('bob', 'unsubscribed', { email: 'x@example.com', phone: '+14155550100' });
    const group = (status: string) => [{ id: GROUP, name: GROUP, channel: 'email', status }];
    const ann = {
      external_id: 'ann',
      email: 'x@example.com',
      phone: null,
      subscription_groups: group('Subscribed'),
    };
    const bob = {
      external_id: 'bob',
      email: 'x@example.com',
      phone: '+14155550100',
      subscription_groups: group('Unsubscribed'),
    };
    expect(get('/subscription/user/status?email=x%40example.com')).toEqual({
      status: 200,
      json: { users: [ann, bob], total_count: 2, message: 'success' },
    });
    expect(get('/subscription/user/status?email=x%40example.com&limit=1&offset=1').json).toMatchObject({
      users: [bob],
      total_count: 2,
    });
    expect(get('/subscription/user/status?external_id=nobody').json).toMatchObject({ users: [], total_count: 0 });
  });
});

describe('email/status', () => {
  const set = (body: object) => call('/email/status', body);

  test('sets the state of everybody with the address', () => {
    know({ external_id: 'ann', email: 'x@example.com' }, { external_id: 'bob', email: 'x@example.com' });
    expect(set({ email: ['x@example.com', 'y@example.com'], subscription_state: 'unsubscribed' })).toEqual({
      status: 201,
      json: { message: 'success' },
    });
    expect(here.braze.profiles.map(({ attributes }) => attributes.email_subscribe)).toEqual([
      'unsubscribed',
      'unsubscribed',
    ]);
  });

  test.each([
    [{ subscription_state: 'subscribed' }, "'email' is not valid"],
    [{ email: 'x', subscription_state: 'subscribed' }, "'email' is not valid"],
    [{ email: 'x@example.com', subscription_state: 'out' }, "'subscription_state' is not valid"],
    [
      { email: times(51, 'x@example.com'), subscription_state: 'subscribed' },
      'The max number of ids per request was exceeded',
    ],
  ])('case %#: refuses what is wrong', (body, message) => {
    expect(set(body)).toEqual(failsWith(message));
  });
});

test.each<[string, string, string, string]>([
  ['email/bounce/remove', 'email', 'x@example.com', 'x@example'],
  ['email/spam/remove', 'email', 'x@example.com', 'x'],
  ['sms/invalid_phone_numbers/remove', 'phone_numbers', '+14155550100', 'call me'],
])('%s takes one or several values', (path, key, good, bad) => {
  const success = { status: 201, json: { message: 'success' } };
  expect(call(`/${path}`, { [key]: [good] })).toEqual(success);
  expect(call(`/${path}`, { [key]: good })).toEqual(success);
  expect(call(`/${path}`, { [key]: [good, bad] })).toEqual(failsWith(`'${key}' is not valid`));
  expect(call(`/${path}`, {})).toEqual(failsWith(`'${key}' is not valid`));
  expect(call(`/${path}`, { [key]: times(51, good) }).status).toBe(400);
});

describe('preference_center/v1/{id}/url/{user}', () => {
  test('gives each user a URL of their own, without a message', () => {
    here.start({ preferenceCenters: ['main'], profiles: [{ external_id: 'ann/1' }, { external_id: 'bob' }] });
    const url = (user: string) => get(`/preference_center/v1/main/url/${user}`);
    expect(url('ann%2F1')).toEqual({
      status: 200,
      json: {
        preference_center_url: expect.stringMatching(/^https:\/\/preferences\.example\.com\/main\/[\da-f]{24}$/),
      },
    });
    expect(url('ann%2F1')).not.toEqual(url('bob'));
    expect(url('nobody')).toEqual({ status: 404, json: { message: 'User not found' } });
    expect(get('/preference_center/v1/other/url/bob')).toEqual({
      status: 404,
      json: { message: 'Preference center not found' },
    });
  });
});
