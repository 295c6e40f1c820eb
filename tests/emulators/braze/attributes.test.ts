import { accepted, BAD_EMAIL, brazeForTests, refused } from './support.ts';

const here = brazeForTests();
const { track, know: attributes } = here;
const ann = () => here.braze.profile({ external_id: 'ann' });
const dropped = () => here.braze.requests.at(-1)?.dropped;

describe('standard attributes', () => {
  test.each<[string, unknown, unknown]>([
    ['first_name', 'Ann', 'Ann'],
    ['phone', '555 0100', '555 0100'],
    ['dob', '1980-12-21', '1980-12-21'],
    ['gender', 'P', 'P'],
    ['country', 'US', 'US'],
    ['country', 'us', 'US'],
    ['country', 'Germany', 'DE'],
    ['language', 'fr', 'fr'],
    ['time_zone', 'Europe/Paris', 'Europe/Paris'],
    ['time_zone', 'Eastern Time (US & Canada)', 'Eastern Time (US & Canada)'],
    ['current_location', { longitude: -73.9, latitude: 40.7 }, { longitude: -73.9, latitude: 40.7 }],
    ['email_subscribe', 'opted_in', 'opted_in'],
    ['push_subscribe', 'unsubscribed', 'unsubscribed'],
    ['email_open_tracking_disabled', true, true],
    ['date_of_first_session', '2026-02-28', '2026-02-28'],
    ['date_of_first_session', '12/31/2025', '12/31/2025'],
    ['date_of_last_session', '2026-02-28 10:00:00', '2026-02-28 10:00:00'],
    ['marked_email_as_spam_at', '2026-02-28T10:00:00:123Z', '2026-02-28T10:00:00:123Z'],
    ['facebook', { id: '1', likes: ['tea'], num_friends: 2 }, { id: '1', likes: ['tea'], num_friends: 2 }],
    ['twitter', { id: 1, screen_name: 'a' }, { id: 1, screen_name: 'a' }],
    ['image_url', 'https://a/b.png', 'https://a/b.png'],
  ])('%s %j is stored', (name, value, stored) => {
    expect(attributes({ external_id: 'ann', [name]: value })).toEqual(accepted());
    expect(ann()).toMatchObject({ attributes: { [name]: stored }, custom_attributes: {} });
    expect(dropped()).toEqual([]);
  });

  test.each([
    ['first_name', 5],
    ['dob', '21.12.1980'],
    ['dob', '1981-02-29'],
    ['gender', 'female'],
    ['country', 'Atlantis'],
    ['language', 'French'],
    ['time_zone', 'Mars/Base'],
    ['time_zone', '+01:00'],
    ['date_of_first_session', '2026-02-30'],
    ['email_click_tracking_disabled', 'true'],
    ['facebook', { id: 1 }],
    ['twitter', 'ann'],
    ['bio', 'Born'],
    ['bio', null],
  ])('%s %j is taken with success and not kept', (name, value) => {
    expect(attributes({ external_id: 'ann', [name]: value })).toEqual(accepted());
    expect(ann()).toMatchObject({ attributes: {}, custom_attributes: {} });
    expect(dropped()).toEqual([{ path: `attributes.0.${name}`, why: expect.any(String) }]);
  });

  test.each<[string, unknown, string]>([
    ['email', 'a@b', BAD_EMAIL],
    ['email', '', BAD_EMAIL],
    ['email', 5, BAD_EMAIL],
    ['current_location', { longitude: '1', latitude: 2 }, 'BAD_LOCATION_UPDATE'],
    ['current_location', [1, 2], 'BAD_LOCATION_UPDATE'],
    ['email_subscribe', 'yes', 'BAD_EMAIL_SUBSCRIPTION_STATE'],
    ['push_subscribe', true, 'BAD_PUSH_SUBSCRIPTION_STATE'],
    ['email_subscription_info', {}, 'INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO'],
    ['email_subscription_info', null, 'INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO'],
    ['subscription_groups', {}, 'BAD_SUBSCRIPTION_GROUP_ARRAY'],
    ['subscription_groups', ['a'], 'BAD_SUBSCRIPTION_GROUP_HASH'],
    ['subscription_groups', [{ subscription_state: 'subscribed' }], 'BAD_SUBSCRIPTION_GROUP_HASH'],
    [
      'subscription_groups',
      [{ subscription_group_id: 'a', subscription_state: 'subscribed' }],
      'BAD_SUBSCRIPTION_GROUP_ID',
    ],
    [
      'subscription_groups',
      [{ subscription_group_id: '00000000-0000-0000-0000-000000000001', subscription_state: 'opted_in' }],
      'BAD_SUBSCRIPTION_GROUP_STATE',
    ],
    ['push_tokens', 'token', 'BAD_PUSH_TOKEN_VALUE'],
    ['push_tokens', [{ token: 't' }], 'BAD_PUSH_TOKEN_APP_ID'],
    ['push_tokens', ['t'], 'BAD_PUSH_TOKEN_VALUE'],
    ['push_tokens', [{ app_id: 'app', token: 5 }], 'BAD_PUSH_TOKEN_STRING'],
    ['push_tokens', [{ app_id: 'app', token: 't', device_id: 'short' }], 'BAD_DEVICE_ID'],
    ['push_token_import', true, 'BAD_PUSH_TOKEN_IMPORT'],
  ])('%s %j fails the object', (name, value, type) => {
    expect(attributes({ external_id: 'ann', first_name: 'Ann', [name]: value })).toEqual(refused(type));
    expect(here.braze.profiles).toEqual([]);
  });

  test('null removes one', () => {
    attributes({ external_id: 'ann', first_name: 'Ann', email: 'a@b.co', gender: 'F', country: 'US' });
    attributes({ external_id: 'ann', first_name: null, email: null, gender: null });
    expect(ann()?.attributes).toEqual({ country: 'US' });
    expect(dropped()).toEqual([]);
  });

  test('an unknown country is stored as NULL', () => {
    attributes({ external_id: 'ann', country: 'US' });
    attributes({ external_id: 'ann', country: 'Atlantis' });
    expect(ann()?.attributes).toEqual({});
  });

  test('names are lower case; any other spelling is a custom attribute', () => {
    attributes({ external_id: 'ann', FIRST_NAME: 'Ann', operating_system: 'iOS', custom_attributes: { a: 1 } });
    expect(ann()).toMatchObject({
      attributes: {},
      custom_attributes: { FIRST_NAME: 'Ann', operating_system: 'iOS', custom_attributes: { a: 1 } },
    });
  });

  test('subscription groups are kept by id', () => {
    const id = '0AD2CCFB-16DC-4427-A1A7-55B75B4A3E11';
    attributes({
      external_id: 'ann',
      subscription_groups: [{ subscription_group_id: id, subscription_state: 'subscribed' }],
    });
    expect(ann()?.subscription_groups).toEqual({ [id]: 'subscribed' });
  });

  test('push tokens can be imported for somebody unknown', () => {
    const push_tokens = [{ app_id: 'app', token: 't', device_id: '12345678' }];
    expect(attributes({ push_token_import: true, push_tokens })).toEqual(accepted());
    expect(here.braze.profiles).toMatchObject([{ user_aliases: [], attributes: { push_tokens } }]);
  });

  test('a control flag that is no boolean is dropped', () => {
    attributes({ external_id: 'ann', _update_existing_only: 'true' });
    expect(here.braze.profiles).toHaveLength(1);
    expect(dropped()).toEqual([{ path: 'attributes.0._update_existing_only', why: 'not a boolean' }]);
  });
});

describe('custom attributes', () => {
  /** What attribute `a` holds after these values were sent one after the other. */
  const hold = (...values: unknown[]) => {
    for (const a of values) expect(attributes({ external_id: 'ann', a }).status).toBe(201);
    return ann()?.custom_attributes.a;
  };

  test.each([true, 5, 0.5, 'text', '', 'x'.repeat(255), '😀'.repeat(255), [], { a: { b: 'c' } }, [{ a: 1 }]])(
    'holds %j',
    (value) => {
      expect(hold(value)).toEqual(value);
      expect(dropped()).toEqual([]);
    },
  );

  test('null removes one', () => {
    expect(hold('text', null)).toBeUndefined();
    expect(ann()?.custom_attributes).toEqual({});
  });

  test('a name is only a name, also __proto__ and constructor', () => {
    track('{"attributes":[{"external_id":"ann","__proto__":{"x":1},"constructor":"c"}]}');
    expect(JSON.stringify(ann()?.custom_attributes)).toBe('{"__proto__":{"x":1},"constructor":"c"}');
  });

  test('loses the blanks around its name, and one without a name is dropped', () => {
    attributes({ external_id: 'ann', ' a\t': 1, a: 2, ' ': 3 });
    expect(ann()?.custom_attributes).toEqual({ a: 2 });
    expect(dropped()).toEqual([{ path: 'attributes.0. ', why: 'the name is blank' }]);
  });

  test.each([
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    ['2026-02-28T10:00:00+02:00', '2026-02-28T08:00:00.000Z'],
    ['2026-02-28 10:00:00', '2026-02-28T10:00:00.000Z'],
    ['12/1/2021', '2021-12-01T00:00:00.000Z'],
    ['12-1-2021', '2021-12-01T00:00:00.000Z'],
  ])('that looks like a date becomes a time: %s', (given, time) => {
    expect(hold(given)).toBe(time);
    expect(here.braze.requests.at(-1)).toMatchObject({
      dropped: [],
      changed: [{ path: 'attributes.0.a', why: `looks like a date, stored as the time ${time}` }],
    });
  });

  test.each(['13/1/2021', '12/1-2021', '2026-02-30', '1/2/21', '0042', '2026', '3001-01-01'])(
    'that does not look like a date stays text: %s',
    (given) => {
      expect(hold(given)).toBe(given);
      expect(here.braze.requests.at(-1)?.changed).toEqual([]);
    },
  );

  test('inc adds, from zero or from what is there', () => {
    expect(hold({ inc: 2 })).toBe(2);
    expect(hold({ inc: -5 })).toBe(-3);
  });

  test('add moves to the end, remove takes away, both keep values unique', () => {
    expect(hold(['a', 'b', 'a'])).toEqual(['b', 'a']);
    expect(hold({ add: ['b', 'c'] })).toEqual(['a', 'b', 'c']);
    expect(hold({ remove: ['a', 'x'] })).toEqual(['b', 'c']);
    expect(hold({ add: ['d'], remove: ['b'] })).toEqual(['c', 'd']);
  });

  test('an array keeps its newest 500 items', () => {
    hold(Array.from({ length: 500 }, (_, index) => index));
    const items = hold({ add: ['new'] });
    expect(items).toHaveLength(500);
    expect(items).toMatchObject({ 0: 1, 499: 'new' });
  });

  test('a nested object is replaced, with _merge_objects merged deeply', () => {
    hold({ b: { c: 1, d: 2 }, e: 3 });
    attributes({ external_id: 'ann', a: { b: { c: 9 } }, _merge_objects: true });
    expect(ann()?.custom_attributes).toEqual({ a: { b: { c: 9, d: 2 }, e: 3 } });
    expect(hold({ f: 1 })).toEqual({ f: 1 });
  });

  test('objects are added to an array, updated and removed in it', () => {
    const cars = {
      $add: [
        { id: 1, make: 'Fiat' },
        { id: 2, make: 'Opel' },
      ],
    };
    expect(hold(cars)).toEqual([
      { id: 1, make: 'Fiat' },
      { id: 2, make: 'Opel' },
    ]);
    const update = (id: number, $new_object: unknown) => ({
      $update: [{ $identifier_key: 'id', $identifier_value: id, $new_object }],
    });
    expect(hold(update(2, { id: 2, year: 1999 }))).toEqual([
      { id: 1, make: 'Fiat' },
      { id: 2, year: 1999 },
    ]);
    attributes({ external_id: 'ann', _merge_objects: true, a: update(1, { year: 2001 }) });
    expect(ann()?.custom_attributes.a).toEqual([
      { id: 1, make: 'Fiat', year: 2001 },
      { id: 2, year: 1999 },
    ]);
    expect(hold({ $remove: [{ $identifier_key: 'id', $identifier_value: 1 }] })).toEqual([{ id: 2, year: 1999 }]);
  });

  test('remove and add of the same object is no replacement, since add comes first', () => {
    const upsert = { $add: [{ id: 1, v: 2 }], $remove: [{ $identifier_key: 'id', $identifier_value: 1 }] };
    expect(hold([{ id: 1, v: 1 }], upsert)).toEqual([]);
  });

  test.each([{ $time: '2026-02-28' }, { b: { $time: '2026-02-28T10:00:00Z' } }, [{ b: { $time: '3000-01-01' } }]])(
    'holds the nested date of %j',
    (value) => {
      expect(hold(value)).toEqual(value);
    },
  );

  test.each([
    ['x'.repeat(256)],
    [{ inc: 1 }],
    [{ inc: 0.5 }],
    [{ inc: '1' }],
    [{ add: ['a'] }],
    [{ add: 'a' }],
    [{ add: [{ b: 1 }] }],
    [{ $add: ['a'] }],
    [{ $add: [{ b: 1 }] }],
    [{ $remove: [{ id: 1 }] }],
    [{ $update: [{ $identifier_key: 'id', $identifier_value: 1 }] }],
    [{ b: null }],
    [{ b: { c: [null] } }],
    [{ 'b c': 1 }],
    [{ 'b.c': 1 }],
    [{ $b: 1 }],
    [{ b: 'x'.repeat(256) }],
    [{ ['x'.repeat(256)]: 1 }],
    [{ b: { $time: null } }],
    [{ b: { $time: 'tomorrow' } }],
    [{ b: { $time: '2026-02-30' } }],
    [{ b: { $time: '3001-01-01' } }],
    [Array.from({ length: 450 }, (_, index) => ({ b: `${index}`.padStart(250) }))],
  ])('case %#: what can not be stored changes nothing, with success', (value) => {
    expect(hold('before', value)).toBe('before');
    expect(dropped()).toEqual([{ path: 'attributes.0.a', why: expect.any(String) }]);
  });
});
