import { attributes, STANDARD } from '../../../lib/payload/attributes.ts';
import { mapAttributes, mapPayload, NOW } from '../../support/map-payload.ts';
import { LINEAR_MS, processorTime } from '../../support/parse-field.ts';

describe('every standard field is normalised', () => {
  test.each<[keyof typeof STANDARD, unknown, unknown]>([
    ['first_name', ' Ada  Augusta ', 'Ada Augusta'],
    ['last_name', 'King\u00a0 Lovelace', 'King Lovelace'],
    ['email', ' Ada@Example.COM ', 'ada@example.com'],
    ['phone', '+44 20 7946 0958', '+442079460958'],
    ['dob', 'December 10, 1985', '1985-12-10'],
    ['gender', 'Woman', 'F'],
    ['country', 'Deutschland', 'DE'],
    ['language', 'français', 'fr'],
    ['time_zone', 'europe/berlin', 'Europe/Berlin'],
    ['home_city', '<<fas fa-pin>> New  York', 'New York'],
    ['email_subscribe', 'Opted_In', 'opted_in'],
    ['push_subscribe', 'unsubscribed', 'unsubscribed'],
    ['current_location', { longitude: '-73.99', latitude: 40.73 }, { longitude: -73.99, latitude: 40.73 }],
    [
      'subscription_groups',
      [{ subscription_group_id: '0AEE8A5B-1111-4222-8333-444455556666', subscription_state: 'subscribed' }],
      [{ subscription_group_id: '0aee8a5b-1111-4222-8333-444455556666', subscription_state: 'subscribed' }],
    ],
    ['date_of_first_session', '2026-05-01', '2026-05-01'],
    ['date_of_last_session', { $time: '1777629600' }, '2026-05-01T10:00:00.000Z'],
    ['marked_email_as_spam_at', '2026-05-01T10:00:00Z', '2026-05-01T10:00:00.000Z'],
    ['image_url', 'https://example.com/ada.png', 'https://example.com/ada.png'],
    ['twitter', { id: '7', screen_name: 'ada' }, { id: 7, screen_name: 'ada' }],
    ['facebook', { id: 'ada', likes: ['trains'] }, { id: 'ada', likes: ['trains'] }],
    ['email_open_tracking_disabled', 'yes', true],
    ['email_click_tracking_disabled', { $boolean: 'no' }, false],
  ])('%s from %j', (name, given, sent) => {
    expect(mapAttributes({ [name]: given })).toStrictEqual({ sent: { [name]: sent }, invalid: '' });
  });

  test.each(Object.keys(STANDARD))('%s is unset by null, but not by an absent value', (name) => {
    expect(mapAttributes({ [name]: null })).toStrictEqual({ sent: { [name]: null }, invalid: '' });
    expect(mapAttributes({ [name]: 'None' })).toStrictEqual({ sent: {}, invalid: '' });
  });

  test.each(Object.keys(STANDARD))('%s is left out and reported if it is invalid', (name) => {
    for (const given of [{ a: 1 }, ['a', 1], -1, { $time: 'never' }, 'x'.repeat(100_000)]) {
      const { sent, invalid } = mapAttributes({ [name]: given, plan: 'gold' });
      expect(sent).toStrictEqual({ plan: 'gold' });
      expect(invalid === '' || invalid.split(',').every((path) => path.startsWith(`attributes.${name}`))).toBe(true);
    }
    expect(mapAttributes({ [name]: { $time: 'never' } })).toStrictEqual({ sent: {}, invalid: `attributes.${name}` });
  });
});

test('leaves out an object whose members are all absent', () => {
  const attributes = {
    current_location: { longitude: 'None', latitude: '{LATITUDE}' },
    twitter: { id: '' },
    email: { a: 'None' },
    plan: { name: 'undefined' },
  };
  expect(mapAttributes(attributes)).toStrictEqual({ sent: {}, invalid: '' });
});

describe('a standard field has several spellings', () => {
  test.each<[string, string, unknown]>([
    ['first_name', 'first_name', 'Ada'],
    ['FIRST_NAME', 'first_name', 'Ada'],
    ['firstName', 'first_name', 'Ada'],
    ['FirstName', 'first_name', 'Ada'],
    ['firstname', 'first_name', 'Ada'],
    ['FIRSTNAME', 'first_name', 'Ada'],
    ['Firstname', 'first_name', 'Ada'],
    ['lastName', 'last_name', 'King'],
    ['lastname', 'last_name', 'King'],
    ['LASTNAME', 'last_name', 'King'],
    ['dob', 'dob', '1985-12-10'],
    ['DOB', 'dob', '1985-12-10'],
    ['Dob', 'dob', '1985-12-10'],
    ['date_of_birth', 'dob', '1985-12-10'],
    ['DATE_OF_BIRTH', 'dob', '1985-12-10'],
    ['dateOfBirth', 'dob', '1985-12-10'],
    ['DateOfBirth', 'dob', '1985-12-10'],
    ['birth_date', 'dob', '1985-12-10'],
    ['birthDate', 'dob', '1985-12-10'],
    ['birthday', 'dob', '1985-12-10'],
    ['BIRTHDAY', 'dob', '1985-12-10'],
    ['Birthday', 'dob', '1985-12-10'],
    ['emailSubscribe', 'email_subscribe', 'subscribed'],
    ['TIME_ZONE', 'time_zone', 'Europe/Berlin'],
    ['Country', 'country', 'DE'],
    [' dob\u200b', 'dob', '1985-12-10'],
    ['\u200eFIRST_NAME ', 'first_name', 'Ada'],
  ])('%s means %s', (spelling, name, value) => {
    expect(mapAttributes({ [spelling]: value })).toStrictEqual({ sent: { [name]: value }, invalid: '' });
  });

  test.each([['First_Name'], ['first name'], ['fIRSTNAME'], ['timezone'], ['birth']])(
    '%s is a custom attribute and keeps its spelling',
    (name) => {
      expect(mapAttributes({ [name]: 'x' })).toStrictEqual({ sent: { [name]: 'x' }, invalid: '' });
    },
  );

  test('takes the first valid one, and reports only the invalid ones before it', () => {
    expect(
      mapAttributes({ DOB: 'None', birthday: '30 Feb 1980', dateOfBirth: '10.12.1985', dob: 'later' }),
    ).toStrictEqual({
      sent: { dob: '1985-12-10' },
      invalid: 'attributes.birthday',
    });
  });
});

test.each([
  ...['external_id', 'EXTERNAL_ID', 'externalId', 'ExternalId', 'user_alias', 'USER_ALIAS', 'userAlias', 'braze_id'],
  ...['appboy_id', '_update_existing_only', '_UPDATE_EXISTING_ONLY', '_updateExistingOnly', 'update_existing_only'],
  ...['push_token_import', 'pushTokenImport', 'push_tokens', 'api_key', 'email_subscription_info', 'bio'],
  ...['constructor', 'prototype'],
])('never lets %s through as an attribute', (name) => {
  for (const given of ['x', 1, true, null, { $boolean: 'yes' }, ['x']]) {
    expect(mapAttributes({ [name]: given, plan: 'gold' })).toStrictEqual({
      sent: { plan: 'gold' },
      invalid: `attributes.${name}`,
    });
  }
});

test('sends _merge_objects beside other attributes, never alone', () => {
  expect(mapAttributes({ _merge_objects: 'true', address: { city: 'Rome' } })).toStrictEqual({
    sent: { _merge_objects: true, address: { city: 'Rome' } },
    invalid: '',
  });
  expect(mapAttributes({ _merge_objects: 'deeply', plan: 'gold' })).toStrictEqual({
    sent: { plan: 'gold' },
    invalid: 'attributes._merge_objects',
  });
  expect(mapAttributes({ _merge_objects: null, plan: 'gold' }).invalid).toBe('attributes._merge_objects');
  expect(mapPayload({ external_id: 'u', attributes: { _merge_objects: true } }).body).toBeUndefined();
});

test('leaves out the last name Visitor, which stands for an unknown person', () => {
  expect(mapAttributes({ last_name: 'Visitor', first_name: 'Visitor' })).toStrictEqual({
    sent: { first_name: 'Visitor' },
    invalid: '',
  });
});

test.each([['gold'], [5], [true], [['a']], [{ $number: 'x' }]])('rejects attributes that are %j', (given) => {
  expect(mapAttributes(given)).toStrictEqual({ sent: {}, invalid: 'attributes' });
});

test('parses an ambiguous date of birth by the date order of the stage, or not at all', () => {
  expect(mapAttributes({ dob: '03/04/1980' }, { dateOrder: 'DMY' }).sent).toStrictEqual({ dob: '1980-04-03' });
  expect(mapAttributes({ dob: '03/04/1980' }, { dateOrder: 'MDY' }).sent).toStrictEqual({ dob: '1980-03-04' });
  expect(mapAttributes({ dob: '03/04/1980' })).toStrictEqual({ sent: {}, invalid: 'attributes.dob' });
  expect(new Date(NOW).toISOString()).toBe('2026-05-01T10:00:00.000Z');
  expect(mapAttributes({ dob: '2026-05-02' })).toStrictEqual({ sent: {}, invalid: 'attributes.dob' });
});

describe('beside the email or phone that identifies the person', () => {
  test.each<[string, object, object, object | undefined, string]>([
    ['the same email', { email: 'ann@b.co' }, { email: ' Ann@B.co', plan: 'x' }, { email: 'ann@b.co', plan: 'x' }, ''],
    [
      'another email',
      { email: 'ann@b.co' },
      { email: 'bea@b.co', plan: 'x' },
      { email: 'ann@b.co', plan: 'x' },
      'attributes.email',
    ],
    [
      'no email',
      { email: 'ann@b.co' },
      { EMAIL: null, plan: 'x' },
      { email: 'ann@b.co', plan: 'x' },
      'attributes.EMAIL',
    ],
    ['a phone', { email: 'ann@b.co' }, { phone: '+14155550100' }, { email: 'ann@b.co', phone: '+14155550100' }, ''],
    [
      'the same phone',
      { phone: '+14155550100' },
      { phone: '+1 415 555 0100', plan: 'x' },
      { phone: '+14155550100', plan: 'x' },
      '',
    ],
    [
      'another phone',
      { phone: '+14155550100' },
      { phone: '+14155550101', plan: 'x' },
      { phone: '+14155550100', plan: 'x' },
      'attributes.phone',
    ],
    [
      'an email, by which Braze would look first',
      { phone: '+14155550100' },
      { email: 'ann@b.co', plan: 'x' },
      { phone: '+14155550100', plan: 'x' },
      'attributes.email',
    ],
    ['nothing but itself', { email: 'ann@b.co' }, { email: 'ann@b.co' }, undefined, ''],
  ])('stands %s', (_, identity, given, profile, invalid) => {
    const { body, BRAZE_INVALID_FIELDS } = mapPayload({ ...identity, attributes: given });
    expect(body?.attributes).toStrictEqual(profile && [profile]);
    expect(BRAZE_INVALID_FIELDS).toBe(invalid);
  });
});

test('prefers an email and phone in the attributes to those at the top level', () => {
  const { body } = mapPayload({
    ...{ external_id: 'u', email: 'ann@b.co', phone: '+14155550100' },
    attributes: { email: 'bea@b.co', phone: 'unknown yet' },
  });
  expect(body?.attributes).toStrictEqual([{ external_id: 'u', email: 'bea@b.co', phone: '+14155550100' }]);
});

test('reads 20,000 attributes in linear time', () => {
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`a${index}`, 1]));
  expect(processorTime(() => mapAttributes(many))).toBeLessThan(LINEAR_MS);
  expect(Object.keys(mapAttributes(many).sent)).toHaveLength(20_000);
});

test('describes itself by the schema of its fields', () => {
  const { properties } = attributes.schema;
  expect(Object.keys(properties ?? {})).toStrictEqual(Object.keys(STANDARD));
});
