import { accepted, BAD_EMAIL, brazeForTests, event, NO_IDENTIFIER, purchase, refused } from './support.ts';

const here = brazeForTests();
const { track, know: attributes } = here;
const ann = () => here.braze.profile({ external_id: 'ann' });

describe('the answer', () => {
  test('counts only the kinds that were sent', () => {
    expect(track({ events: [event, event] })).toEqual({
      status: 201,
      json: { message: 'success', events_processed: 2 },
    });
    expect(track({ attributes: [{ external_id: 'ann' }], events: [event], purchases: [purchase] })).toEqual({
      status: 201,
      json: { message: 'success', attributes_processed: 1, events_processed: 1, purchases_processed: 1 },
    });
  });

  test('lists faulty objects by array and position; a kind that failed wholly has no counter', () => {
    const good = { external_id: 'ann' };
    const bad = { external_id: 'bob', email: 'nowhere' };
    expect(track({ attributes: [good, bad, good], purchases: [{ ...purchase, quantity: 101 }] })).toEqual({
      status: 201,
      json: {
        message: 'success',
        attributes_processed: 2,
        errors: [
          { type: BAD_EMAIL, input_array: 'attributes', index: 1 },
          { type: "'quantity' is not valid", input_array: 'purchases', index: 0 },
        ],
      },
    });
    expect(here.braze.profiles).toHaveLength(1);
  });

  test('refuses what is no array of objects', () => {
    expect(track({ attributes: { external_id: 'ann' } })).toEqual({
      status: 400,
      json: { message: "'attributes' must be an array of objects" },
    });
    expect(attributes('ann')).toEqual(refused(NO_IDENTIFIER));
  });

  test('refuses more than 75 objects over the three arrays', () => {
    const attributes = Array.from({ length: 74 }, () => ({ external_id: 'ann' }));
    expect(track({ attributes, events: [event] }).status).toBe(201);
    expect(track({ attributes, events: [event], purchases: [purchase] })).toEqual({
      status: 400,
      json: { message: 'Max Input Length Exceeded' },
    });
    here.start({ maxObjects: 50 });
    expect(track({ attributes }).status).toBe(400);
  });
});

describe('identifiers', () => {
  test.each([
    [{}, NO_IDENTIFIER],
    [{ external_id: '' }, NO_IDENTIFIER],
    [{ external_id: 7 }, NO_IDENTIFIER],
    [{ external_id: null, email: 'a@b.co' }, NO_IDENTIFIER],
    [{ user_alias: { alias_name: 'n' } }, NO_IDENTIFIER],
    [{ user_alias: { alias_name: 'n', alias_label: '' } }, NO_IDENTIFIER],
    [{ phone: 'call me' }, NO_IDENTIFIER],
    [{ email: 'nowhere' }, BAD_EMAIL],
    [{ external_id: 'a', braze_id: 'b' }, "Only one of 'external_id', 'braze_id' or 'user_alias' is allowed"],
    [{ external_id: 'spam' }, 'provided external_id is blacklisted and disallowed'],
    [{ external_id: 'é'.repeat(494) }, 'EXTERNAL_USER_ID_TOO_LARGE'],
  ])('%j is refused', (object, type) => {
    here.start({ blocklist: ['spam'] });
    expect(attributes(object)).toEqual(refused(type));
  });

  test('an external_id may have 987 bytes', () => {
    expect(attributes({ external_id: `${'é'.repeat(493)}x` })).toEqual(accepted());
  });

  test('beside a primary identifier, email and phone are attributes, and find no profile', () => {
    attributes({ external_id: 'bob', email: 'x@b.co' });
    attributes({ external_id: 'ann', email: 'x@b.co', phone: '+14155550100' });
    expect(here.braze.profiles).toHaveLength(2);
    expect(ann()?.attributes).toEqual({ email: 'x@b.co', phone: '+14155550100' });
  });

  test('an unknown email creates a profile without alias or external_id', () => {
    attributes({ email: 'x@b.co', first_name: 'Ann' });
    expect(here.braze.profiles).toMatchObject([
      { user_aliases: [], attributes: { email: 'x@b.co', first_name: 'Ann' }, created_at: '2026-05-01T10:00:00.000Z' },
    ]);
    expect(here.braze.profiles[0]).not.toHaveProperty('external_id');
  });

  test('an email finds the most recently updated profile with an external_id, else the most recently updated', () => {
    attributes({ email: 'x@b.co' });
    attributes({ external_id: 'bob', email: 'x@b.co' });
    attributes({ external_id: 'ann', email: 'x@b.co' });
    attributes({
      user_alias: { alias_name: 'n', alias_label: 'l' },
      _update_existing_only: false,
      email: 'x@b.co',
    });
    attributes({ email: 'x@b.co', first_name: 'Ann' });
    expect(ann()?.attributes.first_name).toBe('Ann');
    attributes({ external_id: 'bob', home_city: 'Oslo' });
    attributes({ email: 'x@b.co', first_name: 'Bob' });
    expect(here.braze.profile({ external_id: 'bob' })?.attributes.first_name).toBe('Bob');
  });

  test('of email and phone, email wins; a phone finds the same number in other spelling', () => {
    attributes({ external_id: 'ann', phone: '+1 (415) 555-0100' });
    attributes({ phone: '+14155550100', first_name: 'Ann' });
    expect(ann()?.attributes.first_name).toBe('Ann');
    attributes({ email: 'x@b.co', phone: '+14155550100' });
    expect(here.braze.profiles).toHaveLength(2);
  });

  test('_update_existing_only creates no profile', () => {
    expect(attributes({ external_id: 'ann', _update_existing_only: true })).toEqual(accepted());
    expect(attributes({ email: 'x@b.co', _update_existing_only: true })).toEqual(accepted());
    expect(here.braze.profiles).toEqual([]);
  });

  test('an alias makes somebody known only if _update_existing_only is false', () => {
    const user_alias = { alias_name: 'n', alias_label: 'l' };
    expect(attributes({ user_alias })).toEqual(accepted());
    expect(here.braze.profiles).toEqual([]);
    attributes({ user_alias, _update_existing_only: false });
    expect(here.braze.profile({ user_alias })?.user_aliases).toEqual([user_alias]);
    attributes({ user_alias, first_name: 'Ann' });
    expect(here.braze.profile({ user_alias })?.attributes).toEqual({ first_name: 'Ann' });
    expect(here.braze.profile({ user_alias: { alias_name: 'N', alias_label: 'l' } })).toBeUndefined();
  });

  test('an event makes no alias user known, whatever it says', () => {
    const aliased = { ...event, external_id: undefined, user_alias: { alias_name: 'n', alias_label: 'l' } };
    track({ events: [{ ...aliased, _update_existing_only: false }] });
    expect(here.braze.profiles).toEqual([]);
  });

  test('a braze_id finds a profile, but creates none', () => {
    attributes({ external_id: 'ann' });
    attributes({ braze_id: ann()?.braze_id, first_name: 'Ann' }, { braze_id: 'unknown' });
    expect(here.braze.profiles).toMatchObject([{ attributes: { first_name: 'Ann' } }]);
    expect(ann()?.braze_id).toMatch(/^[\da-f]{24}$/);
  });

  test('attributes come before events and purchases, wherever they stand', () => {
    const user_alias = { alias_name: 'n', alias_label: 'l' };
    track({
      purchases: [{ ...purchase, external_id: undefined, user_alias }],
      events: [{ ...event, external_id: undefined, user_alias }],
      attributes: [{ user_alias, _update_existing_only: false }],
    });
    expect(here.braze.profiles).toMatchObject([{ events: [{ name: 'came' }], purchases: [{ product_id: 'p' }] }]);
  });
});
