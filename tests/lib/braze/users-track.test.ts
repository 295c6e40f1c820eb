import { listObjects, toTrackRequest, USERS_TRACK } from '../../../lib/braze/users-track.ts';
import type { Call } from '../../../lib/payload/parse.ts';

const call: Call = {
  identity: { identifier: { external_id: 'u' }, contact: {} },
  updateExistingOnly: false,
  now: Date.parse('2026-05-01T10:00:00Z'),
  userData: undefined,
};
const NOON = '2026-05-01T10:00:00.000Z';
const purchase = { product_id: 'p', currency: 'EUR', price: 1 };

describe('the body of users/track', () => {
  test('has the partner, and no empty array', () => {
    expect(toTrackRequest(call, { attributes: { plan: 'gold' } })?.body).toStrictEqual({
      attributes: [{ external_id: 'u', plan: 'gold' }],
      partner: 'pypestream',
    });
    expect(toTrackRequest(call, { events: [{ path: 'event', value: { name: 'e' } }] })?.body).toStrictEqual({
      events: [{ external_id: 'u', name: 'e', time: NOON }],
      partner: 'pypestream',
    });
    expect(toTrackRequest(call, { purchases: [{ path: 'purchase', value: purchase }] })?.body).toStrictEqual({
      purchases: [{ external_id: 'u', ...purchase, time: NOON }],
      partner: 'pypestream',
    });
  });

  test('is undefined if there is nothing to send', () => {
    expect(toTrackRequest(call, {})).toBeUndefined();
    expect(toTrackRequest(call, { attributes: {}, events: [], purchases: [] })).toBeUndefined();
    expect(toTrackRequest(call, { attributes: { _merge_objects: true } })).toBeUndefined();
    expect(toTrackRequest(call, { session: { attributes: {}, properties: { page: 'https://a.b/' } } })).toBeUndefined();
  });

  test('has the identifier on every object, and whether it may create a profile', () => {
    const user_alias = { alias_name: 'ann', alias_label: 'chat' };
    const data = {
      attributes: { plan: 'gold' },
      events: [{ path: 'event', value: { name: 'e', time: '2026-04-01T00:00:00.000Z' } }],
      purchases: [{ path: 'purchase', value: { ...purchase, time: '2026-04-01T00:00:00.000Z' } }],
    };
    const request = toTrackRequest({ ...call, identity: { identifier: { user_alias }, contact: {} } }, data);
    const identity = { user_alias, _update_existing_only: false };
    expect(request).toStrictEqual({
      body: {
        attributes: [{ ...identity, plan: 'gold' }],
        events: [{ ...identity, name: 'e', time: '2026-04-01T00:00:00.000Z' }],
        purchases: [{ ...identity, ...purchase, time: '2026-04-01T00:00:00.000Z' }],
        partner: 'pypestream',
      },
      paths: { attributes: ['attributes'], events: ['event'], purchases: ['purchase'] },
    });
    expect(toTrackRequest({ ...call, updateExistingOnly: true }, data)?.body.events).toStrictEqual([
      { external_id: 'u', _update_existing_only: true, name: 'e', time: '2026-04-01T00:00:00.000Z' },
    ]);
  });

  test('sets contacts, which replace session data and are replaced by attributes', () => {
    const contact = { email: 'a@b.co', phone: null };
    const withContact: Call = { ...call, identity: { identifier: { external_id: 'u' }, contact } };
    expect(toTrackRequest(withContact, {})?.body.attributes).toStrictEqual([
      { external_id: 'u', email: 'a@b.co', phone: null },
    ]);
    const session = { attributes: { email: 'c@d.co', phone: 'x', browser: 'Safari' }, properties: {} };
    expect(toTrackRequest(withContact, { attributes: { email: 'e@f.co' }, session })?.body.attributes).toStrictEqual([
      { external_id: 'u', email: 'e@f.co', phone: null, browser: 'Safari' },
    ]);
  });

  test('has the session data in the properties of an event, unless that exceeds Braze’s limits', () => {
    const session = { attributes: {}, properties: { page: 'https://a.b/', utm_source: 'mail' } };
    const properties = (of: { readonly [name: string]: string } | undefined) => {
      const value = { name: 'e', ...(of && { properties: of }) };
      const request = toTrackRequest(call, { events: [{ path: 'event', value }], session });
      return Object(request?.body.events)[0].properties;
    };
    const many = (count: number, text = '') =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, text]));
    expect(properties(undefined)).toStrictEqual({ page: 'https://a.b/', utm_source: 'mail' });
    expect(properties({ utm_source: 'mine' })).toStrictEqual({ page: 'https://a.b/', utm_source: 'mine' });
    expect(Object.keys(properties(many(254)))).toHaveLength(256);
    expect(properties(many(255))).toStrictEqual(many(255));
    expect(properties(many(100, 'x'.repeat(1_015)))).toStrictEqual(many(100, 'x'.repeat(1_015)));
  });
});

describe('isIdempotent', () => {
  const safe = (body: Parameters<typeof listObjects>[0], replayInDoubt = false) =>
    USERS_TRACK.isIdempotent(body, replayInDoubt);
  const event = { external_id: 'u', name: 'e', time: NOON };

  test('is true for attributes that only set values', () => {
    expect(safe({ attributes: [{ external_id: 'u', a: 1, b: null, c: ['x'], d: { e: [{ f: 'add' }] } }] })).toBe(true);
    expect(safe({ partner: 'pypestream' })).toBe(true);
    expect(safe({ attributes: 'none' })).toBe(true);
  });

  test.each([['inc'], ['add'], ['remove'], ['$add'], ['$update'], ['$remove']])(
    'is false with %s at any depth',
    (operator) => {
      expect(safe({ attributes: [{ external_id: 'u' }, { external_id: 'u', a: { [operator]: [1] } }] })).toBe(false);
      expect(safe({ attributes: [{ a: { b: [{ c: { [operator]: 1 } }] } }] }, true)).toBe(false);
    },
  );

  test.each([
    [true, false],
    [false, true],
  ])(
    'with a double opt-in of %s, is %s, because Braze would send the opt-in message again',
    (use_double_opt_in_logic, expected) => {
      const subscription_groups = [
        { subscription_group_id: 'g', subscription_state: 'subscribed', use_double_opt_in_logic },
      ];
      expect(safe({ attributes: [{ external_id: 'u', subscription_groups }] })).toBe(expected);
    },
  );

  test('is false for purchases, and for events unless the stage accepts duplicates', () => {
    expect(safe({ events: [event] })).toBe(false);
    expect(safe({ attributes: [{ external_id: 'u', a: 1 }], events: [event] })).toBe(false);
    expect(safe({ attributes: [{ external_id: 'u', a: 1 }], events: [event] }, true)).toBe(true);
    expect(safe({ events: [event], purchases: [{ external_id: 'u', ...purchase, time: NOON }] }, true)).toBe(false);
  });
});

test('lists objects in the order in which Braze processes the arrays', () => {
  expect(
    listObjects({ purchases: [{ c: 1 }], events: [{ b: 1 }, 'x'], attributes: [{ a: 1 }], partner: 'p' }),
  ).toStrictEqual([
    { array: 'attributes', index: 0, object: { a: 1 } },
    { array: 'events', index: 0, object: { b: 1 } },
    { array: 'purchases', index: 0, object: { c: 1 } },
  ]);
});

test('the endpoint takes 75 objects', () => {
  expect(USERS_TRACK).toMatchObject({ path: 'users/track', maxObjects: 75 });
});
