import {
  comparePermission,
  holdsOtherPermission,
  listPermissions,
  listRefusals,
  readExport,
  toExports,
  toIdentifierKey,
  withoutConsent,
  withoutPermissions,
} from '../../../lib/delivery/consent.ts';
import type { Message } from '../../../lib/delivery/message.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

const message = (request: JsonObject, path = 'users/track'): Message => ({
  version: 2,
  node: 'set-subscription',
  stage: 'sandbox',
  reason: 'busy',
  time: '2026-05-01T10:00:00.000Z',
  method: 'POST',
  path,
  idempotent: true,
  request,
});
const ann = { external_id: 'ann' };
const alias = { user_alias: { alias_name: 'a', alias_label: 'chat' } };
const group = (subscription_state: string) => ({
  subscription_groups: [{ subscription_group_id: 'g', subscription_state }],
});

describe('the permissions of a message', () => {
  test.each([
    [ann, { external_id: 'ann' }],
    [alias, alias],
    [{ braze_id: 'b' }, { braze_id: 'b' }],
    [{ email: 'a@example.com' }, { email: 'a@example.com' }],
    [{ phone: '+14155550100' }, { phone: '+14155550100' }],
    [{ ...ann, email: 'a@example.com' }, { external_id: 'ann' }],
  ])('are found in %j', (person, identifier) => {
    const attributes = [{ ...person, email_subscribe: 'opted_in', push_subscribe: 'subscribed' }];
    expect(listPermissions(message({ attributes }))).toEqual([
      { index: 0, channel: 'email_subscribe', identifier },
      { index: 0, channel: 'push_subscribe', identifier },
    ]);
  });

  test('are not refusals, and refusals are not permissions', () => {
    const mixed = message({
      attributes: [{ ...ann, email_subscribe: 'unsubscribed', push_subscribe: 'opted_in' }],
      events: [{ ...ann, name: 'e', email_subscribe: 'opted_in' }],
    });
    expect(listPermissions(mixed).map(({ channel }) => channel)).toEqual(['push_subscribe']);
    expect(listRefusals(mixed).map(({ channel }) => channel)).toEqual(['email_subscribe']);
  });

  test.each<JsonObject>([{}, { user_alias: 'a' }, { user_alias: { alias_name: 'a' } }])(
    'are ignored in an object without an identifier: %j',
    (person) => {
      expect(listPermissions(message({ attributes: [{ ...person, email_subscribe: 'opted_in' }] }))).toEqual([]);
    },
  );

  test.each<[JsonObject, string, boolean]>([
    [{ attributes: [{ ...ann, ...group('subscribed') }] }, 'users/track', true],
    [{ attributes: [{ ...ann, ...group('unsubscribed') }] }, 'users/track', false],
    [{ attributes: [{ ...ann, email_subscribe: 'opted_in' }] }, 'users/track', false],
    [{ recipients: [{ external_user_id: 'ann', attributes: { email_subscribe: 'opted_in' } }] }, 'canvas/send', true],
    [{ recipients: [{ external_user_id: 'ann', attributes: { first_name: 'Ann' } }] }, 'canvas/send', false],
    [{ subscription_group_id: 'g', subscription_state: 'subscribed', external_id: ['ann'] }, 'subscription/set', true],
  ])('that exports do not contain are recognised in %j', (request, path, expected) => {
    expect(holdsOtherPermission(message(request, path))).toBe(expected);
    if (path !== 'users/track') expect(listPermissions(message(request, path))).toEqual([]);
  });
});

describe('a message without a permission', () => {
  const drop = (request: JsonObject) =>
    withoutPermissions(message(request), listPermissions(message(request)))?.request;

  test('keeps everything else', () => {
    const event = { ...ann, name: 'e' };
    expect(
      drop({
        attributes: [{ ...ann, first_name: 'Ann', email_subscribe: 'opted_in', push_subscribe: 'unsubscribed' }],
        events: [event],
        partner: 'p',
      }),
    ).toEqual({
      attributes: [{ ...ann, first_name: 'Ann', push_subscribe: 'unsubscribed' }],
      events: [event],
      partner: 'p',
    });
  });

  test('loses objects without data', () => {
    const event = { ...ann, name: 'e' };
    const attributes = [{ ...alias, _update_existing_only: false, email_subscribe: 'opted_in' }];
    expect(drop({ attributes, events: [event], partner: 'p' })).toEqual({ events: [event], partner: 'p' });
  });

  test('is undefined if nothing is left', () => {
    expect(drop({ attributes: [{ ...ann, email_subscribe: 'opted_in' }], partner: 'p' })).toBeUndefined();
  });
});

describe('an export', () => {
  const fields_to_export = [
    ...['external_id', 'user_aliases', 'braze_id'],
    ...['email_subscribe', 'email_unsubscribed_at', 'push_subscribe', 'push_unsubscribed_at'],
  ];

  test('asks for up to fifty ids and aliases together, and for other identifiers one by one', () => {
    const people = Array.from({ length: 51 }, (_, n) => ({ external_id: `u${n}` }));
    const exports = toExports([alias, ...people, { email: 'a@example.com' }, { phone: '+1' }, { braze_id: 'b' }]);
    expect(exports.map((one) => one.people.length)).toEqual([50, 2, 1, 1, 1]);
    expect(exports.map(({ body }) => body)).toEqual([
      {
        external_ids: people.slice(0, 49).map(({ external_id }) => external_id),
        user_aliases: [alias.user_alias],
        fields_to_export,
      },
      { external_ids: ['u49', 'u50'], fields_to_export },
      { email_address: 'a@example.com', fields_to_export },
      { phone: '+1', fields_to_export },
      { braze_id: 'b', fields_to_export },
    ]);
    expect(toExports([alias]).map(({ body }) => body)).toEqual([
      { user_aliases: [alias.user_alias], fields_to_export },
    ]);
  });

  test('returns the profile of each person by id or alias', () => {
    const users = [
      { external_id: 'ann', email_subscribe: 'unsubscribed' },
      { user_aliases: [{ ...alias.user_alias, extra: 1 }], push_subscribe: 'opted_in' },
    ];
    const found = readExport({ users }, [ann, alias, { external_id: 'nobody' }]);
    expect(found.get(toIdentifierKey(ann))).toMatchObject([{ email_subscribe: 'unsubscribed' }]);
    expect(found.get(toIdentifierKey(alias))).toMatchObject([{ push_subscribe: 'opted_in' }]);
    expect(found.get(toIdentifierKey({ external_id: 'nobody' }))).toEqual([]);
  });

  test('returns the only person that it was asked for, whatever identifies the profiles', () => {
    const email = { email: 'a@example.com' };
    expect(readExport({ users: [{ external_id: 'x' }, {}] }, [email]).get(toIdentifierKey(email))).toHaveLength(2);
  });

  test('returns no profile for unknown people', () => {
    expect(readExport({ invalid_user_ids: ['ann'] }, [ann]).get(toIdentifierKey(ann))).toEqual([]);
  });

  test('returns nothing for a person who may have one of the unidentified profiles', () => {
    const found = readExport({ users: [{ external_id: 'ann' }, { email_subscribe: 'unsubscribed' }] }, [ann, alias]);
    expect(found.has(toIdentifierKey(ann))).toBe(true);
    expect(found.has(toIdentifierKey(alias))).toBe(false);
    const email = { email: 'a@example.com' };
    expect(readExport({ users: [{ external_id: 'x' }] }, [ann, email]).size).toBe(0);
  });

  test.each([{}, { users: 'none' }, { users: [1] }, { invalid_user_ids: [] }, null, 'text'])(
    'returns no profile for %j',
    (body) => {
      expect(readExport(body, [ann]).size).toBe(0);
    },
  );
});

describe('a permission', () => {
  const change = { index: 0, channel: 'email_subscribe', identifier: ann } as const;
  const givenAt = Date.parse('2026-05-01T10:00:00.500Z');
  const profile = (email_subscribe?: string, email_unsubscribed_at?: string) => ({
    external_id: 'ann',
    user_aliases: [],
    email_subscribe,
    email_unsubscribed_at,
    push_subscribe: 'unsubscribed',
    push_unsubscribed_at: '2026-05-02T10:00:00Z',
  });

  test.each<[string, readonly ReturnType<typeof profile>[] | undefined, 'current' | 'superseded' | 'unknown']>([
    ['nobody has a profile', [], 'current'],
    ['the person is subscribed', [profile('subscribed')], 'current'],
    ['the person has opted in', [profile('opted_in', '2026-05-01T11:00:00Z')], 'current'],
    ['the person had refused before', [profile('unsubscribed', '2026-05-01T09:59:59Z')], 'current'],
    ['the person has refused since', [profile('unsubscribed', '2026-05-01T10:00:01Z')], 'superseded'],
    ['the person has refused in the same second', [profile('unsubscribed', '2026-05-01T10:00:00Z')], 'superseded'],
    ['Braze writes the time in its other form', [profile('unsubscribed', '2026-05-01 10:30:00 UTC')], 'superseded'],
    [
      'one of several profiles has refused',
      [profile('subscribed'), profile('unsubscribed', '2026-05-02')],
      'superseded',
    ],
    ['the time of the refusal is missing', [profile('unsubscribed')], 'unknown'],
    ['the time of the refusal is none', [profile('unsubscribed', 'yesterday')], 'unknown'],
    ['the profile does not tell', [profile()], 'unknown'],
    ['there is no answer', undefined, 'unknown'],
  ])('is compared: %s', (_case, profiles, expected) => {
    expect(comparePermission(change, givenAt, profiles)).toBe(expected);
  });

  test('of push is compared with the push state', () => {
    expect(comparePermission({ ...change, channel: 'push_subscribe' }, givenAt, [profile('subscribed')])).toBe(
      'superseded',
    );
  });
});

describe('a message without consent', () => {
  test('has no permission of any kind, and everything else', () => {
    const attributes = { ...ann, first_name: 'Ann', email_subscribe: 'opted_in', push_subscribe: 'unsubscribed' };
    const groups = [
      { subscription_group_id: 'g', subscription_state: 'subscribed' },
      { subscription_group_id: 'h', subscription_state: 'unsubscribed' },
    ];
    const request = {
      attributes: [
        { ...attributes, subscription_groups: groups, interests: [] },
        { ...ann, ...group('subscribed') },
      ],
      events: [{ ...ann, name: 'e', time: '2026-05-01T10:00:00.000Z' }],
      partner: 'pypestream',
    };
    expect(withoutConsent(message(request))?.request).toEqual({
      attributes: [
        {
          ...ann,
          first_name: 'Ann',
          push_subscribe: 'unsubscribed',
          subscription_groups: [{ subscription_group_id: 'h', subscription_state: 'unsubscribed' }],
          interests: [],
        },
      ],
      events: [{ ...ann, name: 'e', time: '2026-05-01T10:00:00.000Z' }],
      partner: 'pypestream',
    });
  });

  test('keeps members that another endpoint needs', () => {
    const request = {
      canvas_id: 'c',
      recipients: [{ external_user_id: 'ann', attributes: { email_subscribe: 'subscribed', pet: 'Rex' } }],
    };
    expect(withoutConsent(message(request, 'canvas/trigger/send'))?.request).toEqual({
      canvas_id: 'c',
      recipients: [{ external_user_id: 'ann', attributes: { pet: 'Rex' } }],
    });
  });

  test.each<[JsonObject, string]>([
    [{ attributes: [{ ...ann, email_subscribe: 'opted_in' }], partner: 'pypestream' }, 'users/track'],
    [{ attributes: [{ ...ann, ...group('subscribed') }] }, 'users/track'],
    [{ ...ann, subscription_group_id: 'g', subscription_state: 'subscribed' }, 'v2/subscription/status/set'],
  ])('is undefined if it had nothing else: %j', (request, path) => {
    expect(withoutConsent(message(request, path))).toBeUndefined();
  });
});
