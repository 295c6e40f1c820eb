import { attributes } from '../../../lib/payload/attributes.ts';
import { shortText } from '../../../lib/payload/fields/text.ts';
import { parsePayload } from '../../../lib/payload/parse.ts';
import { object } from '../../../lib/payload/schema.ts';
import { mapPayload, NOW } from '../../support/map-payload.ts';

const alias = { alias_name: 'ann', alias_label: 'chat' };
const plan = { plan: 'gold' };

/** The object of attributes that leaves, beside the custom attribute that every payload here gives. */
const identified = (identity: object) => {
  const { body, reason, BRAZE_INVALID_FIELDS } = mapPayload({ ...identity, attributes: plan });
  const [profile] = Array.isArray(body?.attributes) ? body.attributes : [];
  if (profile === undefined) return { reason, invalid: BRAZE_INVALID_FIELDS };
  const { plan: _, ...rest } = profile;
  return { profile: rest, invalid: BRAZE_INVALID_FIELDS };
};

test.each<[string, object, object, string]>([
  ['external_id', { external_id: ' u1 ' }, { external_id: 'u1' }, ''],
  ['user_alias', { user_alias: alias }, { user_alias: alias, _update_existing_only: false }, ''],
  ['braze_id', { braze_id: 'b1' }, { braze_id: 'b1' }, ''],
  ['email', { email: ' Ann@Example.COM ' }, { email: 'ann@example.com' }, ''],
  ['phone', { phone: '+1 (415) 555-0100' }, { phone: '+14155550100' }, ''],
  [
    'external_id before all others',
    { phone: '+14155550100', email: 'a@b.co', braze_id: 'b', user_alias: alias, external_id: 'u' },
    { external_id: 'u', email: 'a@b.co', phone: '+14155550100' },
    '',
  ],
  [
    'user_alias before braze_id',
    { braze_id: 'b', user_alias: alias },
    { user_alias: alias, _update_existing_only: false },
    '',
  ],
  ['braze_id before email', { email: 'a@b.co', braze_id: 'b' }, { braze_id: 'b', email: 'a@b.co' }, ''],
  ['email before phone, which is not sent', { phone: '+14155550100', email: 'a@b.co' }, { email: 'a@b.co' }, ''],
  ['an external_id of 987 bytes', { external_id: 'é'.repeat(493) }, { external_id: 'é'.repeat(493) }, ''],
  [
    'an external_id that only looks like the nameless visitor',
    { external_id: 'visitor' },
    { external_id: 'visitor' },
    '',
  ],
  [
    'the next one, where the first is absent',
    { external_id: '{USER_ID}', user_alias: 'None', braze_id: '', email: 'undefined', phone: '+14155550100' },
    { phone: '+14155550100' },
    '',
  ],
  [
    'the next one, where the first is null',
    { external_id: null, user_alias: null, braze_id: 'b' },
    { braze_id: 'b' },
    '',
  ],
  [
    'email, where the external_id is Visitor',
    { external_id: 'Visitor', email: 'a@b.co' },
    { email: 'a@b.co' },
    'external_id',
  ],
  [
    'email, where the external_id is too long',
    { external_id: 'é'.repeat(494), email: 'a@b.co' },
    { email: 'a@b.co' },
    'external_id',
  ],
  ['external_id, where it is an integer', { external_id: 5 }, { external_id: '5' }, ''],
  [
    'email, where the external_id is a fraction',
    { external_id: 0.5, email: 'a@b.co' },
    { email: 'a@b.co' },
    'external_id',
  ],
  [
    'email, where the alias lacks its label',
    { user_alias: { alias_name: 'ann', alias_label: 'None' }, email: 'a@b.co' },
    { email: 'a@b.co' },
    'user_alias',
  ],
  ['email, where the alias is text', { user_alias: 'ann', email: 'a@b.co' }, { email: 'a@b.co' }, 'user_alias'],
  [
    'email, where a part of the alias is a list',
    { user_alias: { alias_name: ['ann'], alias_label: 'chat' }, email: 'a@b.co' },
    { email: 'a@b.co' },
    'user_alias',
  ],
  [
    'email, where the alias is longer than any id',
    { user_alias: { alias_name: 'a'.repeat(988), alias_label: 'chat' }, email: 'a@b.co' },
    { email: 'a@b.co' },
    'user_alias',
  ],
  ['email, where the braze_id is an object', { braze_id: { a: 1 }, email: 'a@b.co' }, { email: 'a@b.co' }, 'braze_id'],
  [
    'email, where the braze_id is longer than any id',
    { braze_id: 'b'.repeat(988), email: 'a@b.co' },
    { email: 'a@b.co' },
    'braze_id',
  ],
  ['phone, where the email is invalid', { email: 'ann', phone: '+14155550100' }, { phone: '+14155550100' }, 'email'],
  [
    'external_id alone, where email and phone are invalid',
    { external_id: 'u', email: 'ann', phone: '12' },
    { external_id: 'u' },
    'email,phone',
  ],
  [
    'external_id, and unsets what is null',
    { external_id: 'u', email: null, phone: null },
    { external_id: 'u', email: null, phone: null },
    '',
  ],
  [
    'external_id, and does not look at other identifiers',
    { external_id: 'u', user_alias: 'half', braze_id: 7 },
    { external_id: 'u' },
    '',
  ],
  [
    'external_id, and names what an unused alias holds besides',
    { external_id: 'u', user_alias: { ...alias, admin: true } },
    { external_id: 'u' },
    'user_alias.admin',
  ],
  [
    'external_id, in the first of two spellings of its key',
    { ' external_id': 'u', external_id: 'v' },
    { external_id: 'u' },
    'external_id',
  ],
  ['external_id, and names a key that is empty', { external_id: 'u', ' ': 'x' }, { external_id: 'u' }, '""'],
  [
    'an alias without what it holds besides',
    { user_alias: { ...alias, admin: true } },
    { user_alias: alias, _update_existing_only: false },
    'user_alias.admin',
  ],
])('identifies by %s', (_, identity, profile, invalid) => {
  expect(identified(identity)).toStrictEqual({ profile, invalid });
});

test.each<[string, object, string]>([
  ['nothing', {}, 'external_id'],
  [
    'what is absent',
    { external_id: 'None', email: '{EMAIL}', user_alias: { alias_name: '', alias_label: '' } },
    'external_id',
  ],
  ['null', { external_id: null, email: null, phone: null }, 'external_id'],
  ['an invalid email and phone', { email: 'ann', phone: 'none yet' }, 'email,phone,external_id'],
  ['keys that a prototype has', { toString: 'u', constructor: 'u' }, 'constructor,external_id,toString'],
  ['another spelling of a key', { externalId: 'u', EXTERNAL_ID: 'u' }, 'external_id,externalId,EXTERNAL_ID'],
])('%s identifies nobody', (_, identity, invalid) => {
  expect(identified(identity)).toStrictEqual({ reason: 'There is no valid identifier.', invalid });
});

describe('update_existing_only', () => {
  test.each<[unknown, object, string]>([
    ['true', { external_id: 'u', _update_existing_only: true }, ''],
    [true, { external_id: 'u', _update_existing_only: true }, ''],
    ['Yes', { external_id: 'u', _update_existing_only: true }, ''],
    [{ $boolean: 'yes' }, { external_id: 'u', _update_existing_only: true }, ''],
    ['false', { external_id: 'u' }, ''],
    ['None', { external_id: 'u' }, ''],
    [null, { external_id: 'u' }, ''],
    ['perhaps', { external_id: 'u' }, 'update_existing_only'],
    [{}, { external_id: 'u' }, 'update_existing_only'],
  ])('%j beside an external_id', (update_existing_only, profile, invalid) => {
    expect(identified({ external_id: 'u', update_existing_only })).toStrictEqual({ profile, invalid });
  });

  test('is always sent with an alias', () => {
    const identifyByAlias = (update_existing_only: unknown) =>
      identified({ user_alias: alias, update_existing_only }).profile;
    expect(identifyByAlias('true')).toStrictEqual({ user_alias: alias, _update_existing_only: true });
    expect(identifyByAlias('false')).toStrictEqual({ user_alias: alias, _update_existing_only: false });
  });
});

describe('a top-level phone number', () => {
  test.each<[string, unknown, string | undefined, object | undefined]>([
    ['the country among the attributes', { country: 'Germany' }, 'FR', { country: 'DE', phone: '+4930123456' }],
    [
      'that country in its usable spelling',
      { COUNTRY: 'x', Country: 'DEU' },
      'FR',
      { country: 'DE', phone: '+4930123456' },
    ],
    ['the first of two countries', { COUNTRY: 'DE', country: 'US' }, 'FR', { country: 'DE', phone: '+4930123456' }],
    ['the country of the stage', {}, 'DE', { phone: '+4930123456' }],
    [
      'the country of the stage, where the other is unset',
      { country: null },
      'DE',
      { country: null, phone: '+4930123456' },
    ],
    [
      'no country, where the one that is given is invalid: the stage’s would be a guess',
      { country: 'x' },
      'DE',
      undefined,
    ],
    ['the country of the stage, where attributes are none', 'DE', 'DE', { phone: '+4930123456' }],
    ['no country, and so not at all', {}, undefined, undefined],
  ])('is parsed by the country of %s', (_, attributes, country, profile) => {
    const { body } = mapPayload(
      { external_id: 'u', phone: '030 123456', event: { name: 'e' }, attributes },
      { country },
    );
    expect(body?.attributes).toStrictEqual(profile && [{ external_id: 'u', ...profile }]);
  });
});

test('reports a contact that an attribute replaces with another one', () => {
  const { body, BRAZE_INVALID_FIELDS } = mapPayload({
    ...{ external_id: 'u', email: 'a@b.co', phone: '+14155550100' },
    attributes: { email: 'c@d.co', phone: '+1 415 555 0100' },
  });
  expect(body?.attributes).toStrictEqual([{ external_id: 'u', email: 'c@d.co', phone: '+14155550100' }]);
  expect(BRAZE_INVALID_FIELDS).toBe('email');
});

test('accepts a contact that is set with the attributes, although nobody is found by it', () => {
  const rules = { payload: object({ attributes }), identifiers: ['external_id'] as const };
  const given = { external_id: 'u', braze_id: 'b', email: 'a@b.co', phone: '+14155550100' };
  expect(parsePayload(given, rules, { now: NOW }, undefined)).toMatchObject({
    call: { identity: { contact: { email: 'a@b.co', phone: '+14155550100' } } },
    invalid: new Map([['braze_id', 'not_accepted_here']]),
  });
});

test('reports an identifier that the node does not accept', () => {
  const payload = object({ name: shortText });
  const identifiers = ['external_id', 'user_alias', 'braze_id', 'email'] as const;
  const identityBy = (identity: object) => parsePayload(identity, { payload, identifiers }, { now: NOW }, undefined);
  expect(identityBy({ phone: '+14155550100' })).toStrictEqual({
    kind: 'invalid',
    reason: 'There is no valid identifier.',
    invalid: new Map([
      ['phone', 'not_accepted_here'],
      ['external_id', 'missing'],
    ]),
  });
  const byPhone = parsePayload(
    { external_id: 'u', email: 'a@b.co', phone: '+14155550100' },
    { payload, identifiers: ['phone'] },
    { now: NOW },
    undefined,
  );
  expect(byPhone).toMatchObject({
    call: { identity: { identifier: { phone: '+14155550100' } } },
    invalid: new Map([
      ['external_id', 'not_accepted_here'],
      ['email', 'not_accepted_here'],
    ]),
  });
  expect(identityBy({ phone: '+14155550100', email: 'a@b.co' })).toMatchObject({
    call: { identity: { identifier: { email: 'a@b.co' } } },
    invalid: new Map([['phone', 'not_accepted_here']]),
  });
});

test('does not use a typed address instead of a verified identity that the node does not accept', () => {
  const rules = { payload: object({ name: shortText }), identifiers: ['email'] } as const;
  const parse = (verifiedId?: string) =>
    parsePayload({ email: 'a@b.co', name: 'n' }, rules, { now: NOW, verifiedId }, undefined);
  expect(parse()).toMatchObject({ kind: 'valid' });
  expect(parse('u')).toStrictEqual({
    kind: 'invalid',
    reason: 'There is no valid identifier.',
    invalid: new Map([['external_id', 'not_accepted_here']]),
  });
});

describe('a node that reads, merges or identifies', () => {
  const find = (identity: object) =>
    parsePayload(
      { ...identity, name: 'n' },
      { payload: object({ name: shortText }), identifiers: ['external_id', 'email', 'phone'], exactIdentity: true },
      { now: NOW },
      undefined,
    );

  test.each<[object, object]>([
    [{ external_id: 1.5, email: 'a@b.co' }, { external_id: 'wrong_type' }],
    [{ external_id: 'u{ID}', phone: '+14155550100' }, { external_id: 'placeholder' }],
    [{ email: 'ann', phone: '+14155550100' }, { email: 'not_an_address' }],
    [{ user_alias: alias, email: 'a@b.co' }, { user_alias: 'not_accepted_here' }],
  ])('does not try another identifier instead of %j', (identity, invalid) => {
    const found = find(identity);
    expect(found).toMatchObject({ kind: 'invalid', reason: 'There is no valid identifier.' });
    expect(Object.fromEntries(found.invalid)).toStrictEqual(invalid);
  });

  test.each<[object, object]>([
    [{ external_id: '[object Object]', email: 'a@b.co' }, { email: 'a@b.co' }],
    [{ external_id: '{ ID }', user_alias: null, phone: '+14155550100' }, { phone: '+14155550100' }],
    [{ external_id: 'u', email: 'ann' }, { external_id: 'u' }],
  ])('uses the first identifier that is given in %j', (identity, identifier) => {
    expect(find(identity)).toMatchObject({ call: { identity: { identifier } } });
  });
});
