import { alias, brazeForTests, failsWith, times } from './support.ts';

const here = brazeForTests();
const { call, know, profile, knowAlias } = here;

describe('users/identify', () => {
  const processed = (aliases_processed: number) => ({ status: 201, json: { aliases_processed, message: 'success' } });
  const identify = (name: string, external_id = 'ann') =>
    call('/users/identify', { aliases_to_identify: [{ external_id, user_alias: alias(name) }] });
  const identifyEmail = (...prioritization: unknown[]) =>
    call('/users/identify', { emails_to_identify: [{ external_id: 'ann', email: 'x@b.co', prioritization }] });

  test('gives an unused external_id to the alias user', () => {
    knowAlias('n', { first_name: 'Ann' });
    expect(identify('n')).toEqual(processed(1));
    expect(here.braze.profiles).toMatchObject([
      { external_id: 'ann', user_aliases: [alias('n')], attributes: { first_name: 'Ann' } },
    ]);
    expect(identify('n')).toEqual(processed(1));
  });

  test('an alias user is merged into a known one: only what it lacks, and the history', () => {
    know({ external_id: 'ann', first_name: 'Ann', size: 1 });
    knowAlias('n', { first_name: 'Guest', home_city: 'Oslo', size: 2, color: 'red' });
    const event = { user_alias: alias('n'), name: 'came', time: '2026-04-01T00:00:00Z' };
    call('/users/track', { events: [event] });
    expect(identify('n')).toEqual(processed(1));
    expect(here.braze.profiles).toMatchObject([
      {
        external_id: 'ann',
        user_aliases: [alias('n')],
        attributes: { first_name: 'Ann', home_city: 'Oslo' },
        custom_attributes: { size: 1, color: 'red' },
        events: [{ name: 'came' }],
      },
    ]);
  });

  test('nothing is merged when the known user has an alias of that label', () => {
    know({ external_id: 'ann' });
    knowAlias('one');
    knowAlias('two');
    identify('one');
    expect(identify('two')).toEqual(processed(0));
    expect(here.braze.profiles).toHaveLength(2);
  });

  test('an unknown alias, also one in other letter case, is a silent 201', () => {
    knowAlias('n');
    expect(identify('N')).toEqual(processed(0));
    expect(identify('nobody')).toEqual(processed(0));
    expect(profile('ann')).toBeUndefined();
  });

  test('an external_id is never taken off its user', () => {
    knowAlias('n');
    identify('n', 'bob');
    expect(identify('n', 'ann')).toEqual(processed(0));
    expect(profile('bob')).toBeDefined();
  });

  test('an email-only profile becomes identified', () => {
    know({ email: 'x@b.co', first_name: 'Ann' });
    expect(identifyEmail('unidentified')).toEqual(processed(1));
    expect(here.braze.profiles).toMatchObject([
      { external_id: 'ann', attributes: { email: 'x@b.co', first_name: 'Ann' } },
    ]);
  });

  test('where several profiles share the address it answers success and merges nothing', () => {
    know({ email: 'x@b.co', first_name: 'One' });
    know({ external_id: 'ann', email: 'x@b.co' });
    knowAlias('n', { email: 'x@b.co', first_name: 'Two' });
    for (const prioritization of [['unidentified'], ['unidentified', 'most_recently_updated'], ['identified']]) {
      expect(identifyEmail(...prioritization)).toEqual(processed(0));
    }
    expect(here.braze.profiles).toHaveLength(3);
    know({ phone: '+14155550100' }, { external_id: 'bob', phone: '+1 415 555 0100' });
    const item = { external_id: 'bob', phone: '+14155550100', prioritization: ['unidentified'] };
    expect(call('/users/identify', { phone_numbers_to_identify: [item] })).toEqual(processed(0));
  });

  test('a phone-only profile becomes identified', () => {
    know({ phone: '+14155550100' });
    const item = { external_id: 'ann', phone: '+14155550100', prioritization: ['most_recently_updated'] };
    expect(call('/users/identify', { phone_numbers_to_identify: [item] })).toEqual(processed(1));
    expect(profile('ann')?.attributes).toEqual({ phone: '+14155550100' });
  });

  test.each([[[]], [['newest']], [['most_recently_updated', 'identified']], [['identified', 'unidentified']]])(
    'prioritization %j is refused',
    (prioritization) => {
      expect(identifyEmail(...prioritization)).toEqual({
        status: 400,
        json: {
          message: 'No valid user identifiers',
          errors: [{ type: "'prioritization' is not valid", input_array: 'user_identifiers', index: 0 }],
        },
      });
    },
  );

  test('faulty items are listed beside those that were done', () => {
    knowAlias('n');
    const good = { external_id: 'ann', user_alias: alias('n') };
    const bad = { external_id: 'ann', user_alias: { alias_name: 'n' } };
    expect(call('/users/identify', { aliases_to_identify: [bad, good, 'x', { user_alias: alias('n') }] })).toEqual({
      status: 201,
      json: {
        aliases_processed: 1,
        message: 'success',
        errors: [0, 2, 3].map((index) => ({
          type: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
          input_array: 'user_identifiers',
          index,
        })),
      },
    });
  });

  test('takes up to 50 items in arrays', () => {
    const item = { external_id: 'ann', user_alias: alias('n') };
    expect(call('/users/identify', { aliases_to_identify: times(50, item) }).status).toBe(201);
    expect(call('/users/identify', { aliases_to_identify: times(51, item) }).status).toBe(400);
    expect(call('/users/identify', { aliases_to_identify: item }).status).toBe(400);
  });
});

describe('users/alias/new', () => {
  const add = (...user_aliases: unknown[]) => call('/users/alias/new', { user_aliases }).json;

  test('gives a known user an alias, one of each label', () => {
    know({ external_id: 'ann' });
    expect(add({ external_id: 'ann', ...alias('n') })).toEqual({ aliases_processed: 1, message: 'success' });
    expect(add({ external_id: 'ann', ...alias('m') })).toEqual({ aliases_processed: 0, message: 'success' });
    expect(profile('ann')?.user_aliases).toEqual([alias('n')]);
  });

  test('an unknown external_id gets none; without one a user is made', () => {
    add({ external_id: 'ann', ...alias('n') });
    expect(here.braze.profiles).toEqual([]);
    add(alias('n'));
    add(alias('n'));
    expect(here.braze.profiles).toMatchObject([{ user_aliases: [alias('n')] }]);
  });

  test.each([{ alias_name: 'n' }, { ...alias('n'), external_id: 5 }])('refuses %j', (item) => {
    expect(add(item)).toMatchObject({ errors: [{ index: 0 }] });
  });
});

describe('users/merge', () => {
  const BAD_IDENTIFIER =
    "identifiers must be objects with an 'external_id' property that is a string, or 'user_alias' property that is an object";
  const merge = (identifier_to_merge: unknown, identifier_to_keep: unknown) =>
    call('/users/merge', { merge_updates: [{ identifier_to_merge, identifier_to_keep }] });

  test('answers 202, fills the one that is kept and deletes the other', () => {
    know({ external_id: 'ann', first_name: 'Ann' }, { email: 'x@b.co', first_name: 'X', home_city: 'Oslo' });
    const answer = merge({ email: 'x@b.co', prioritization: ['unidentified'] }, { external_id: 'ann' });
    expect(answer).toEqual({ status: 202, json: { message: 'success' } });
    expect(here.braze.profiles).toMatchObject([
      { external_id: 'ann', attributes: { first_name: 'Ann', home_city: 'Oslo', email: 'x@b.co' } },
    ]);
  });

  test('skips identifiers that no profile has', () => {
    know({ external_id: 'ann' });
    const prioritization = ['most_recently_updated'];
    const { status } = merge({ phone: 'no', prioritization }, { phone: 'none', prioritization });
    expect(status).toBe(202);
    merge({ user_alias: alias('n') }, { braze_id: profile('ann')?.braze_id });
    expect(here.braze.profiles).toHaveLength(1);
  });

  test.each([
    [{ merge_updates: {} }, "'merge_updates' must be an array of objects"],
    [{ merge_updates: ['a'] }, "'merge_updates' must be an array of objects"],
    [{}, "'merge_updates' must be an array of objects"],
    [{ merge_updates: [{}] }, BAD_IDENTIFIER],
    [
      {
        merge_updates: [
          { identifier_to_merge: { external_id: 'a' }, identifier_to_keep: { external_id: 'a', email: 'b' } },
        ],
      },
      BAD_IDENTIFIER,
    ],
    [
      { merge_updates: [{ identifier_to_merge: {}, identifier_to_keep: {}, identifier: {} }] },
      "'merge_updates' must only have 'identifier_to_merge' and 'identifier_to_keep'",
    ],
    [{ merge_updates: [{ identifier_to_merge: { email: 'a@b.co' } }] }, "'prioritization' is not valid"],
    [{ merge_updates: times(51, {}) }, 'a single request may not contain more than 50 merge updates'],
  ])('refuses %j', (body, message) => {
    expect(call('/users/merge', body)).toEqual(failsWith(message));
  });
});

describe('users/alias/update', () => {
  const update = (...alias_updates: unknown[]) => call('/users/alias/update', { alias_updates }).json;
  const change = (old_alias_name: string, new_alias_name: string) => ({
    alias_label: 'chat',
    old_alias_name,
    new_alias_name,
  });

  test('renames an alias of its label', () => {
    knowAlias('n');
    expect(update(change('n', 'm'))).toEqual({ aliases_processed: 1, message: 'success' });
    expect(here.braze.profiles).toMatchObject([{ user_aliases: [alias('m')] }]);
  });

  test('does nothing, with success, for an unknown alias or a name that is taken', () => {
    knowAlias('n');
    knowAlias('m');
    expect(update(change('nobody', 'x'), change('n', 'm'))).toEqual({ aliases_processed: 0, message: 'success' });
    expect(here.braze.profiles).toMatchObject([{ user_aliases: [alias('n')] }, { user_aliases: [alias('m')] }]);
  });

  test('refuses an item without its three members', () => {
    expect(update({ alias_label: 'chat', old_alias_name: 'n' })).toMatchObject({ errors: [{ index: 0 }] });
  });
});

describe('users/external_ids/rename', () => {
  const rename = (...pairs: readonly (readonly [unknown, unknown])[]) =>
    call('/users/external_ids/rename', {
      external_id_renames: pairs.map(([current_external_id, new_external_id]) => ({
        current_external_id,
        new_external_id,
      })),
    });

  test('gives a new primary id, and the profile is still found by the old one', () => {
    know({ external_id: 'ann', first_name: 'Ann' });
    expect(rename(['ann', 'anna'])).toEqual({
      status: 201,
      json: { message: 'success', external_ids: ['anna'], rename_errors: [] },
    });
    expect(profile('anna')).toMatchObject({ external_id: 'anna', attributes: { first_name: 'Ann' } });
    expect(profile('ann')?.external_id).toBe('anna');
  });

  test('lists what could not be renamed by its position, beside success', () => {
    here.start({ blocklist: ['spam'], profiles: [{ external_id: 'ann' }, { external_id: 'bob' }] });
    rename(['ann', 'anna']);
    expect(
      rename(['nobody', 'x'], ['ann', 'x'], ['bob', 'anna'], ['bob', 'bob'], ['bob', 5], ['bob', 'spam'], ['bob', 'bo'])
        .json,
    ).toEqual({
      message: 'success',
      external_ids: ['bo'],
      rename_errors: [
        [0, "'current_external_id' is not the primary id of a user"],
        [1, "'current_external_id' is not the primary id of a user"],
        [2, "'new_external_id' is already in use"],
        [3, "'current_external_id' and 'new_external_id' must differ"],
        [4, "'current_external_id' and 'new_external_id' are required"],
        [5, 'provided external_id is blacklisted and disallowed'],
      ],
    });
  });

  test('takes one to 50 renames', () => {
    expect(rename()).toEqual(failsWith("'external_id_renames' must be an array of objects"));
    expect(rename(...times(51, ['a', 'b'] as const)).status).toBe(400);
    expect(call('/users/external_ids/rename', { external_id_renames: ['a'] }).status).toBe(400);
  });
});

describe('users/delete', () => {
  const remove = (body: object) => call('/users/delete', body);

  test('deletes by each kind of identifier, and counts the profiles found', () => {
    know({ external_id: 'ann' }, { external_id: 'bob' });
    knowAlias('n');
    expect(remove({ external_ids: ['ann', 'nobody'] })).toEqual({ status: 201, json: { deleted: 1 } });
    expect(remove({ braze_ids: [profile('bob')?.braze_id] }).json).toEqual({ deleted: 1 });
    expect(remove({ user_aliases: [alias('n')] }).json).toEqual({ deleted: 1 });
    expect(remove({ external_ids: ['ann'] }).json).toEqual({ deleted: 0 });
    expect(here.braze.profiles).toEqual([]);
  });

  test.each([
    {},
    { external_ids: ['ann'], braze_ids: ['b'] },
    { external_ids: times(51, 'ann') },
    { external_ids: [5] },
    { user_aliases: ['n'] },
    { user_aliases: [{ alias_name: 'n' }] },
  ])('case %#: refuses what is wrong', (body) => {
    know({ external_id: 'ann' });
    expect(remove(body).status).toBe(400);
    expect(here.braze.profiles).toHaveLength(1);
  });
});
