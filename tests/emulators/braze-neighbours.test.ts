import type { BrazeEmulator, BrazeOptions, Permission, Profile } from '../../emulators/braze.ts';
import { post, startStill } from './support.ts';

let braze: BrazeEmulator;
const restart = async (options: BrazeOptions) => {
  await braze.close();
  braze = await startStill(options);
};
beforeEach(async () => {
  braze = await startStill({ canvases: { welcome: 'active', old: 'paused' }, campaigns: { mail: 'active' } });
});
afterEach(() => braze.close());

const call = async (path: string, body: unknown) => {
  const { status, json } = await post(braze, path, body);
  return { status, json };
};
const know = (...attributes: unknown[]) => call('/users/track', { attributes });
const profile = (external_id: string): Profile | undefined => braze.profile({ external_id });
const says = (message: string) => ({ status: 400, json: { message } });
const alias = (alias_name: string, alias_label = 'chat') => ({ alias_name, alias_label });
const knowAlias = (name: string, rest: object = {}) =>
  know({ user_alias: alias(name), _update_existing_only: false, ...rest });
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test.each<[string, Permission]>([
  ['/users/export/ids', 'users.export.ids'],
  ['/users/identify', 'users.identify'],
  ['/users/alias/new', 'users.alias.new'],
  ['/users/merge', 'users.merge'],
  ['/canvas/trigger/send', 'canvas.trigger.send'],
  ['/campaigns/trigger/send', 'campaigns.trigger.send'],
  ['/subscription/status/set', 'subscription.status.set'],
  ['/v2/subscription/status/set', 'subscription.status.set'],
])('%s needs %s, and a body', async (path, permission) => {
  await restart({ permissions: ['users.track'] });
  expect((await call(path, {})).status).toBe(403);
  await restart({ permissions: [permission] });
  expect((await call(path, {})).status).toBe(400);
});

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

  test('gives the fields asked for, dates as midnight UTC, and leaves out what is null, false or empty', async () => {
    const time = '2026-04-01T00:00:00Z';
    await call('/users/track', {
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
    expect(await call('/users/export/ids', { external_ids: ['ann', 'nobody'], fields_to_export })).toEqual({
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

  test('finds by every identifier, and by email everybody who has it', async () => {
    await know({ external_id: 'ann', email: 'x@b.co', phone: '+14155550100' }, { external_id: 'bob', email: 'x@b.co' });
    await knowAlias('n');
    const found = async (who: object) => {
      const { json } = await call('/users/export/ids', { ...who, fields_to_export: ['external_id', 'user_aliases'] });
      return json;
    };
    const ann = { external_id: 'ann' };
    const message = 'success';
    expect(await found({ email_address: 'x@b.co' })).toEqual({ message, users: [ann, { external_id: 'bob' }] });
    expect(await found({ phone: '+1 415 555 0100' })).toEqual({ message, users: [ann] });
    expect(await found({ braze_id: profile('ann')?.braze_id })).toEqual({ message, users: [ann] });
    expect(await found({ user_aliases: [alias('n')] })).toEqual({ message, users: [{ user_aliases: [alias('n')] }] });
    expect(await found({ device_id: 'd' })).toEqual({ message, users: [] });
    expect(await found({ external_ids: ['ann', 'ann'], email_address: 'x@b.co' })).toMatchObject({
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
  ])('refuses %j', async (body, message) => {
    expect(await call('/users/export/ids', body)).toEqual(says(message));
  });
});

describe('users/identify', () => {
  const processed = (aliases_processed: number) => ({ status: 201, json: { aliases_processed, message: 'success' } });
  const identify = (name: string, external_id = 'ann') =>
    call('/users/identify', { aliases_to_identify: [{ external_id, user_alias: alias(name) }] });
  const identifyEmail = (...prioritization: unknown[]) =>
    call('/users/identify', { emails_to_identify: [{ external_id: 'ann', email: 'x@b.co', prioritization }] });

  test('an external_id that nobody has is given to the alias user', async () => {
    await knowAlias('n', { first_name: 'Ann' });
    expect(await identify('n')).toEqual(processed(1));
    expect(braze.profiles).toMatchObject([
      { external_id: 'ann', user_aliases: [alias('n')], attributes: { first_name: 'Ann' } },
    ]);
    expect(await identify('n')).toEqual(processed(1));
  });

  test('an alias user is merged into a known one: only what it lacks, and the history', async () => {
    await know({ external_id: 'ann', first_name: 'Ann', size: 1 });
    await knowAlias('n', { first_name: 'Guest', home_city: 'Oslo', size: 2, color: 'red' });
    const event = { user_alias: alias('n'), name: 'came', time: '2026-04-01T00:00:00Z' };
    await call('/users/track', { events: [event] });
    expect(await identify('n')).toEqual(processed(1));
    expect(braze.profiles).toMatchObject([
      {
        external_id: 'ann',
        user_aliases: [alias('n')],
        attributes: { first_name: 'Ann', home_city: 'Oslo' },
        custom_attributes: { size: 1, color: 'red' },
        events: [{ name: 'came' }],
      },
    ]);
  });

  test('nothing is merged when the known user has an alias of that label', async () => {
    await know({ external_id: 'ann' });
    await knowAlias('one');
    await knowAlias('two');
    await identify('one');
    expect(await identify('two')).toEqual(processed(0));
    expect(braze.profiles).toHaveLength(2);
  });

  test('an unknown alias, also one in other letter case, is a silent 201', async () => {
    await knowAlias('n');
    expect(await identify('N')).toEqual(processed(0));
    expect(await identify('nobody')).toEqual(processed(0));
    expect(profile('ann')).toBeUndefined();
  });

  test('the counter can also be blind, as that of users/track', async () => {
    await restart({ aliasCounts: 'taken' });
    expect(await identify('nobody')).toEqual(processed(1));
  });

  test('an external_id is never taken off its user', async () => {
    await knowAlias('n');
    await identify('n', 'bob');
    expect(await identify('n', 'ann')).toEqual(processed(0));
    expect(profile('bob')).toBeDefined();
  });

  test('an email-only profile becomes identified', async () => {
    await know({ email: 'x@b.co', first_name: 'Ann' });
    expect(await identifyEmail('unidentified')).toEqual(processed(1));
    expect(braze.profiles).toMatchObject([{ external_id: 'ann', attributes: { email: 'x@b.co', first_name: 'Ann' } }]);
  });

  test('of several matches prioritization leaves one, or nothing is done', async () => {
    await know({ email: 'x@b.co', first_name: 'One' });
    await knowAlias('n', { email: 'x@b.co', first_name: 'Two' });
    expect(await identifyEmail('unidentified')).toEqual(processed(0));
    expect(await identifyEmail('unidentified', 'least_recently_updated')).toEqual(processed(1));
    expect(profile('ann')?.attributes.first_name).toBe('One');
    expect(await identifyEmail('unidentified', 'most_recently_updated')).toEqual(processed(1));
    expect(braze.profiles).toMatchObject([{ external_id: 'ann', user_aliases: [alias('n')] }]);
  });

  test('a phone-only profile becomes identified', async () => {
    await know({ phone: '+14155550100' });
    const item = { external_id: 'ann', phone: '+14155550100', prioritization: ['most_recently_updated'] };
    expect(await call('/users/identify', { phone_numbers_to_identify: [item] })).toEqual(processed(1));
    expect(profile('ann')?.attributes).toEqual({ phone: '+14155550100' });
  });

  test.each([[[]], [['newest']], [['most_recently_updated', 'identified']], [['identified', 'unidentified']]])(
    'prioritization %j is refused',
    async (prioritization) => {
      expect(await identifyEmail(...prioritization)).toEqual({
        status: 400,
        json: {
          message: 'No valid user identifiers',
          errors: [{ type: "'prioritization' is not valid", input_array: 'user_identifiers', index: 0 }],
        },
      });
    },
  );

  test('faulty items are listed beside those that were done', async () => {
    await knowAlias('n');
    const good = { external_id: 'ann', user_alias: alias('n') };
    const bad = { external_id: 'ann', user_alias: { alias_name: 'n' } };
    expect(
      await call('/users/identify', { aliases_to_identify: [bad, good, 'x', { user_alias: alias('n') }] }),
    ).toEqual({
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

  test('takes up to 50 items in arrays', async () => {
    const item = { external_id: 'ann', user_alias: alias('n') };
    expect((await call('/users/identify', { aliases_to_identify: times(50, item) })).status).toBe(201);
    expect((await call('/users/identify', { aliases_to_identify: times(51, item) })).status).toBe(400);
    expect((await call('/users/identify', { aliases_to_identify: item })).status).toBe(400);
  });
});

describe('users/alias/new', () => {
  const add = async (...user_aliases: unknown[]) => (await call('/users/alias/new', { user_aliases })).json;

  test('gives a known user an alias, one of each label', async () => {
    await know({ external_id: 'ann' });
    expect(await add({ external_id: 'ann', ...alias('n') })).toEqual({ aliases_processed: 1, message: 'success' });
    expect(await add({ external_id: 'ann', ...alias('m') })).toEqual({ aliases_processed: 0, message: 'success' });
    expect(profile('ann')?.user_aliases).toEqual([alias('n')]);
  });

  test('an unknown external_id gets none; without one a user is made', async () => {
    await add({ external_id: 'ann', ...alias('n') });
    expect(braze.profiles).toEqual([]);
    await add(alias('n'));
    await add(alias('n'));
    expect(braze.profiles).toMatchObject([{ user_aliases: [alias('n')] }]);
  });

  test.each([{ alias_name: 'n' }, { ...alias('n'), external_id: 5 }])('refuses %j', async (item) => {
    expect(await add(item)).toMatchObject({ errors: [{ index: 0 }] });
  });
});

describe('users/merge', () => {
  const merge = (identifier_to_merge: unknown, identifier_to_keep: unknown) =>
    call('/users/merge', { merge_updates: [{ identifier_to_merge, identifier_to_keep }] });

  test('answers 202, fills the one that is kept and deletes the other', async () => {
    await know({ external_id: 'ann', first_name: 'Ann' }, { email: 'x@b.co', first_name: 'X', home_city: 'Oslo' });
    const answer = await merge({ email: 'x@b.co', prioritization: ['unidentified'] }, { external_id: 'ann' });
    expect(answer).toEqual({ status: 202, json: { message: 'success' } });
    expect(braze.profiles).toMatchObject([
      { external_id: 'ann', attributes: { first_name: 'Ann', home_city: 'Oslo', email: 'x@b.co' } },
    ]);
  });

  test('skips whom nobody fits', async () => {
    await know({ external_id: 'ann' });
    const prioritization = ['most_recently_updated'];
    const { status } = await merge({ phone: 'no', prioritization }, { phone: 'none', prioritization });
    expect(status).toBe(202);
    await merge({ user_alias: alias('n') }, { braze_id: profile('ann')?.braze_id });
    expect(braze.profiles).toHaveLength(1);
  });

  test.each([
    [{ merge_updates: {} }, "'merge_updates' must be an array of objects"],
    [{ merge_updates: ['a'] }, "'merge_updates' must be an array of objects"],
    [{ merge_updates: [{}] }, "'identifier_to_merge' must have exactly one identifier"],
    [
      {
        merge_updates: [
          { identifier_to_merge: { external_id: 'a' }, identifier_to_keep: { external_id: 'a', email: 'b' } },
        ],
      },
      "'identifier_to_keep' must have exactly one identifier",
    ],
    [{ merge_updates: [{ identifier_to_merge: { email: 'a@b.co' } }] }, "'prioritization' is not valid"],
    [{ merge_updates: times(51, {}) }, 'The max number of ids per request was exceeded'],
  ])('refuses %j', async (body, message) => {
    expect(await call('/users/merge', body)).toEqual(says(message));
  });
});

describe('canvas/trigger/send', () => {
  const send = (body: object) => call('/canvas/trigger/send', { canvas_id: 'welcome', ...body });
  const sent = { status: 201, json: { dispatch_id: expect.stringMatching(/^[\da-f]{32}$/), message: 'success' } };
  const entries = (external_id: string) => profile(external_id)?.canvas_entries.map(({ context }) => context);

  test('records an entry with its context, the attributes set before', async () => {
    await know({ external_id: 'ann' });
    const recipient = { external_user_id: 'ann', attributes: { first_name: 'Ann', size: 1 }, context: { b: 2 } };
    const answer = await send({ context: { a: 1, b: 1 }, recipients: [recipient] });
    expect(answer).toEqual(sent);
    expect(profile('ann')).toMatchObject({
      attributes: { first_name: 'Ann' },
      custom_attributes: { size: 1 },
      canvas_entries: [{ canvas_id: 'welcome', dispatch_id: expect.any(String), context: { a: 1, b: 2 } }],
    });
  });

  test('takes the old name of context', async () => {
    await know({ external_id: 'ann' });
    await send({ canvas_entry_properties: { a: 1 }, recipients: [{ external_user_id: 'ann' }] });
    expect(entries('ann')).toEqual([{ a: 1 }]);
  });

  test('reaches by alias, braze_id and email', async () => {
    await know({ external_id: 'ann', email: 'x@b.co' });
    await call('/users/alias/new', { user_aliases: [{ external_id: 'ann', ...alias('n') }] });
    await send({ recipients: [{ user_alias: alias('n') }] });
    await send({ recipients: [{ braze_id: profile('ann')?.braze_id }] });
    await send({ recipients: [{ email: 'x@b.co', prioritization: ['identified', 'most_recently_updated'] }] });
    expect(entries('ann')).toEqual([{}, {}, {}]);
  });

  test('nobody unknown enters, unless send_to_existing_only is false and there are attributes', async () => {
    expect(await send({ recipients: [{ external_user_id: 'ann', attributes: { size: 1 } }] })).toEqual(sent);
    expect(braze.profiles).toEqual([]);
    await send({ recipients: [{ external_user_id: 'ann', send_to_existing_only: false, attributes: { size: 1 } }] });
    expect(profile('ann')).toMatchObject({ custom_attributes: { size: 1 }, canvas_entries: [{ context: {} }] });
  });

  test('of a recipient named twice the last properties win', async () => {
    await know({ external_id: 'ann' });
    await send({ recipients: [1, 2].map((n) => ({ external_user_id: 'ann', context: { n } })) });
    expect(entries('ann')).toEqual([{ n: 2 }]);
  });

  test.each(['paused', 'archived'] as const)('a Canvas that is %s answers success with a notice', async (status) => {
    await know({ external_id: 'ann' });
    braze.canvases.welcome = status;
    const answer = await send({ recipients: [{ external_user_id: 'ann', attributes: { size: 1 } }] });
    expect(answer).toMatchObject({
      status: 201,
      json: { message: 'success', notice: expect.stringContaining(`The Canvas is ${status}.`) },
    });
    expect(profile('ann')).toMatchObject({ canvas_entries: [], custom_attributes: {} });
  });

  test('everybody enters only on an explicit broadcast', async () => {
    await know({ external_id: 'ann' }, { external_id: 'bob' });
    expect(await send({})).toEqual(says('No Recipients'));
    expect(await send({ audience: {} })).toEqual(says('No Recipients'));
    expect(await send({ broadcast: 'true' })).toEqual(says('No Recipients'));
    expect(await send({ broadcast: true, context: { a: 1 } })).toEqual(sent);
    expect([entries('ann'), entries('bob')]).toEqual([[{ a: 1 }], [{ a: 1 }]]);
  });

  const EXACTLY_ONE = 'A recipient must have exactly one of external_user_id, user_alias, braze_id, email';
  test.each<[object, string]>([
    [{ canvas_id: 'unknown', recipients: [{ external_user_id: 'ann' }] }, 'Invalid Canvas ID'],
    [{ canvas_id: 'constructor', recipients: [{ external_user_id: 'ann' }] }, 'Invalid Canvas ID'],
    [{ recipients: [] }, 'No Recipients'],
    [{ recipients: [{ external_user_id: 'ann' }], broadcast: true }, "'broadcast' can't be true with 'recipients'"],
    [{ recipients: times(51, { external_user_id: 'ann' }) }, 'The max number of ids per request was exceeded'],
    [{ recipients: [{}] }, EXACTLY_ONE],
    [{ recipients: [{ external_id: 'ann' }] }, EXACTLY_ONE],
    [{ recipients: [{ external_user_id: 'ann', braze_id: 'b' }] }, EXACTLY_ONE],
    [{ recipients: [{ user_alias: { alias_name: 'n' } }] }, EXACTLY_ONE],
    [{ recipients: [{ email: 'x@b.co' }] }, "'prioritization' is not valid"],
    [{ recipients: [{ external_user_id: 'ann', attributes: [] }] }, "'attributes' of a recipient must be an object"],
    [
      { recipients: [{ external_user_id: 'ann', attributes: { email: 'no' } }] },
      "The value provided for the 'email' field is not a valid email.",
    ],
    [
      { recipients: [{ external_user_id: 'ann', send_to_existing_only: false }] },
      "'send_to_existing_only' can be false only with 'attributes'",
    ],
    [
      { recipients: [{ user_alias: alias('n'), send_to_existing_only: false, attributes: {} }] },
      "'send_to_existing_only' can't be false with an alias",
    ],
    [{ context: [], recipients: [{ external_user_id: 'ann' }] }, "'context' must be an object"],
    [
      { context: { a: 'x'.repeat(51_200) }, recipients: [{ external_user_id: 'ann' }] },
      'The properties are over 50 KB',
    ],
  ])('case %#: refuses what is wrong', async (body, message) => {
    await know({ external_id: 'ann' });
    expect(await send(body)).toEqual(says(message));
    expect(entries('ann')).toEqual([]);
  });
});

test('campaigns/trigger/send records the send with its properties', async () => {
  await know({ external_id: 'ann' });
  const recipients = [{ external_user_id: 'ann', trigger_properties: { b: 2 } }];
  const body = { campaign_id: 'mail', trigger_properties: { a: 1 }, recipients };
  expect((await call('/campaigns/trigger/send', body)).status).toBe(201);
  expect(profile('ann')?.campaign_sends).toEqual([
    { campaign_id: 'mail', dispatch_id: expect.any(String), trigger_properties: { a: 1, b: 2 } },
  ]);
  expect(await call('/campaigns/trigger/send', { recipients })).toEqual(says('Invalid Campaign ID'));
});

describe('subscription/status/set', () => {
  const id = '0ad2ccfb-16dc-4427-a1a7-55b75b4a3e11';
  const group = { subscription_group_id: id, subscription_state: 'unsubscribed' };
  const set = (body: object) => call('/subscription/status/set', { ...group, ...body });
  const success = { status: 201, json: { message: 'success' } };

  test('sets the state for everybody with the email or phone', async () => {
    await know({ external_id: 'ann', email: 'x@b.co' }, { external_id: 'bob', email: 'x@b.co' });
    await know({ external_id: 'cat', phone: '+14155550100' });
    expect(await set({ email: ['x@b.co', 'none@b.co'] })).toEqual(success);
    expect(await set({ phone: '+14155550100', subscription_state: 'subscribed' })).toEqual(success);
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
  ])('refuses %j', async (body, message) => {
    expect(await set(body)).toEqual(says(message));
  });

  test('the second version takes several groups, and external ids', async () => {
    await know({ external_id: 'ann', email: 'x@b.co' });
    const other = id.replace('0ad', '1ad');
    const subscription_groups = [
      { ...group, external_ids: ['ann'] },
      { subscription_group_id: other, subscription_state: 'subscribed', emails: ['x@b.co'] },
    ];
    expect(await call('/v2/subscription/status/set', { subscription_groups })).toEqual(success);
    expect(profile('ann')?.subscription_groups).toEqual({ [id]: 'unsubscribed', [other]: 'subscribed' });
    for (const wrong of [[], ['a'], [{ ...group, emails: ['x@b.co'], phones: ['12345'] }], undefined]) {
      expect((await call('/v2/subscription/status/set', { subscription_groups: wrong })).status).toBe(400);
    }
  });
});
