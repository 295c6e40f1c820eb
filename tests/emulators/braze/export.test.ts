import { alias, brazeForTests, failsWith, times } from './support.ts';

const here = brazeForTests();
const { call, know, profile, knowAlias } = here;

describe('users/export/ids', () => {
  const fields_to_export = [
    'external_id',
    'user_aliases',
    'created_at',
    'first_name',
    'dob',
    'gender',
    'custom_attributes',
    'custom_events',
    'purchases',
    'total_revenue',
    'email_subscribe',
    'email_open_tracking_disabled',
  ];

  test('gives the fields asked for, dates as midnight UTC, and leaves out what is null, false or empty', () => {
    const time = '2026-04-01T00:00:00Z';
    call('/users/track', {
      attributes: [
        {
          external_id: 'ann',
          first_name: 'Ann',
          last_name: 'Lee',
          dob: '1980-12-21',
          email_open_tracking_disabled: false,
          size: 4,
        },
      ],
      events: [
        { external_id: 'ann', name: 'came', time },
        { external_id: 'ann', name: 'came', time: '2026-03-01T00:00:00Z' },
      ],
      purchases: [{ external_id: 'ann', product_id: 'pen', currency: 'EUR', price: 1.5, quantity: 2, time }],
    });
    expect(call('/users/export/ids', { external_ids: ['ann', 'nobody'], fields_to_export })).toEqual({
      status: 201,
      json: {
        message: 'success',
        users: [
          {
            external_id: 'ann',
            created_at: '2026-05-01T10:00:00.000Z',
            first_name: 'Ann',
            dob: '1980-12-21T00:00:00.000Z',
            custom_attributes: { size: 4 },
            custom_events: [
              { name: 'came', first: '2026-03-01T00:00:00.000Z', last: '2026-04-01T00:00:00.000Z', count: 2 },
            ],
            purchases: [{ name: 'pen', first: '2026-04-01T00:00:00.000Z', last: '2026-04-01T00:00:00.000Z', count: 2 }],
            total_revenue: 3,
            email_subscribe: 'subscribed',
          },
        ],
        invalid_user_ids: ['nobody'],
      },
    });
  });

  test('exports the state of a channel, and when it was set', () => {
    let now = Date.parse('2026-05-01T10:00:00Z');
    here.start({ now: () => now });
    const states = () => {
      const fields = ['email', 'push'].flatMap((channel) =>
        ['subscribe', 'opted_in_at', 'unsubscribed_at'].map((field) => `${channel}_${field}`),
      );
      return call('/users/export/ids', { external_ids: ['ann'], fields_to_export: fields }).json;
    };
    know({ external_id: 'ann', email: 'x@example.com', push_subscribe: 'opted_in' });
    expect(states()).toMatchObject({
      users: [
        { email_subscribe: 'subscribed', push_subscribe: 'opted_in', push_opted_in_at: '2026-05-01T10:00:00.000Z' },
      ],
    });
    now += 1_000;
    call('/email/status', { email: 'x@example.com', subscription_state: 'unsubscribed' });
    know({ external_id: 'ann', push_subscribe: 'unsubscribed' });
    expect(states()).toEqual({
      message: 'success',
      users: [
        {
          email_subscribe: 'unsubscribed',
          email_unsubscribed_at: '2026-05-01T10:00:01.000Z',
          push_subscribe: 'unsubscribed',
          push_unsubscribed_at: '2026-05-01T10:00:01.000Z',
        },
      ],
    });
  });

  test('finds by every identifier, and by email everybody who has it', () => {
    know({ external_id: 'ann', email: 'x@b.co', phone: '+14155550100' }, { external_id: 'bob', email: 'x@b.co' });
    knowAlias('n');
    const found = (who: object) => {
      const { json } = call('/users/export/ids', { ...who, fields_to_export: ['external_id', 'user_aliases'] });
      return json;
    };
    const ann = { external_id: 'ann' };
    const message = 'success';
    expect(found({ email_address: 'x@b.co' })).toEqual({ message, users: [ann, { external_id: 'bob' }] });
    expect(found({ phone: '+1 415 555 0100' })).toEqual({ message, users: [ann] });
    expect(found({ braze_id: profile('ann')?.braze_id })).toEqual({ message, users: [ann] });
    expect(found({ user_aliases: [alias('n')] })).toEqual({ message, users: [{ user_aliases: [alias('n')] }] });
    expect(found({ device_id: 'd' })).toEqual({ message, users: [] });
    expect(found({ external_ids: ['ann', 'ann'], email_address: 'x@b.co' })).toMatchObject({
      users: [ann, { external_id: 'bob' }],
    });
  });

  test.each([
    [{ external_ids: ['ann'] }, "'fields_to_export' is required"],
    [{ external_ids: ['ann'], fields_to_export: [] }, "'fields_to_export' is required"],
    [{ fields_to_export: ['dob'] }, 'No identifier was given'],
    [{ fields_to_export: ['dob'], external_ids: 'ann' }, "'external_ids' must be an array"],
    [{ fields_to_export: ['dob'], external_ids: [1] }, "'external_ids' must be an array of strings"],
    [{ fields_to_export: ['dob'], user_aliases: ['n'] }, "'user_aliases' must be an array of objects"],
    [
      { fields_to_export: ['dob'], email_address: 'a@b.co', phone: '12345' },
      "Only one of 'device_id', 'email_address' or 'phone' is allowed",
    ],
    [
      { fields_to_export: ['dob'], external_ids: times(51, 'ann') },
      'The max number of external_ids and aliases per request was exceeded',
    ],
  ])('refuses %j', (body, message) => {
    expect(call('/users/export/ids', body)).toEqual(failsWith(message));
  });
});
