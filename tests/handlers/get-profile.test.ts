import { getProfile } from '../../handlers/get-profile.ts';
import { trackUser } from '../../handlers/track-user.ts';
import { whileBrazeAnswers } from '../support/answering-braze.ts';
import { invoke, REQUIRED, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const FOUND = { success: 'true', outcome: 'found', detail: 'Braze has a profile with this identifier.' };

const known = (payload: object) => invoke(local.stage, trackUser, payload);
const ask = (payload: object) => invoke(local.stage, getProfile, payload);

test('returns each field that was asked for as text', async () => {
  await known({
    external_id: 'ann',
    attributes: {
      ...{ first_name: 'Ann', dob: '1980-12-21', 'favourite colour': 'blue', visits: { $integer: '3' } },
      ...{ vip: { $boolean: 'yes' }, pet: { name: 'Rex', vet: { city: 'Rome' } }, tags: ['a', 'b'] },
    },
  });
  const fields = ['first_name', 'dob', 'HOME_CITY', 'custom_attributes.favourite colour', 'custom_attributes.visits'];
  const { answer, requests } = await ask({
    external_id: 'ann',
    fields: [...fields, 'custom_attributes.vip', 'custom_attributes.pet', 'custom_attributes.tags'],
  });
  expect(requests).toEqual([
    {
      path: '/users/export/ids',
      body: { external_ids: ['ann'], fields_to_export: ['first_name', 'dob', 'home_city', 'custom_attributes'] },
    },
  ]);
  expect(answer).toEqual({
    ...FOUND,
    BRAZE_FIRST_NAME: 'Ann',
    BRAZE_DOB: '1980-12-21T00:00:00.000Z',
    BRAZE_HOME_CITY: '',
    BRAZE_FAVOURITE_COLOUR: 'blue',
    BRAZE_VISITS: '3',
    BRAZE_VIP: 'true',
    BRAZE_PET: '{"name":"Rex","vet":{"city":"Rome"}}',
    BRAZE_TAGS: '["a","b"]',
  });
});

test.each([
  ['an alias', { user_alias: { alias_name: 'a', alias_label: 'chat' } }, 'user_aliases'],
  ['an email', { email: 'ann@example.com' }, 'email_address'],
  ['a phone number', { phone: '+1 415 555 0100' }, 'phone'],
])('finds a person by %s', async (_by, identity, key) => {
  await known({ ...identity, attributes: { first_name: 'Ann' } });
  const { answer, requests } = await ask({ ...identity, fields: ['first_name'] });
  expect(answer).toEqual({ ...FOUND, BRAZE_FIRST_NAME: 'Ann' });
  expect(requests[0]?.body).toHaveProperty(key);
});

test('finds a person by braze_id', async () => {
  await known({ external_id: 'ann', attributes: { first_name: 'Ann' } });
  const braze_id = local.stage.braze.profile({ external_id: 'ann' })?.braze_id;
  expect((await ask({ braze_id, fields: ['first_name'] })).answer).toEqual({ ...FOUND, BRAZE_FIRST_NAME: 'Ann' });
});

test('of several profiles with one address, takes one with an external id first, and then the newest', async () => {
  await known({ email: 'ann@example.com', attributes: { first_name: 'Anonymous' } });
  await known({ external_id: 'old', attributes: { first_name: 'Old', email: 'ann@example.com' } });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await known({ external_id: 'new', attributes: { first_name: 'New', email: 'ann@example.com' } });
  const { answer } = await ask({ email: 'ann@example.com', fields: ['first_name'] });
  expect(answer).toEqual({ ...FOUND, BRAZE_FIRST_NAME: 'New' });
});

test('answers not_found if Braze knows no such person', async () => {
  expect((await ask({ external_id: 'nobody', fields: ['first_name'] })).answer).toEqual({
    ...{ success: 'false', outcome: 'not_found', detail: 'Braze has no profile with this identifier.' },
  });
});

test('returns members of nested attributes, and prefers an attribute whose own name has dots', async () => {
  await known({ external_id: 'ann', attributes: { pet: { name: 'Rex', vet: { city: 'Rome' } }, 'pet.name': 'Bello' } });
  const names = ['pet.vet.city', 'pet.name', 'pet.vet.zip', 'pet.name.first', 'dog.name', '.pet'];
  const fields = names.map((name) => `custom_attributes.${name}`);
  expect((await ask({ external_id: 'ann', fields })).answer).toEqual({
    ...FOUND,
    BRAZE_PET_VET_CITY: 'Rome',
    BRAZE_PET_NAME: 'Bello',
    BRAZE_PET_VET_ZIP: '',
    BRAZE_PET_NAME_FIRST: '',
    BRAZE_DOG_NAME: '',
    BRAZE__PET: '',
  });
});

test.each([
  ['email', { email: 'ann@example.com' }],
  ['phone', { phone: '+14155550100' }],
])('does not return an identifier, contact or birth date of a person found by %s alone', async (_, identity) => {
  await known({ ...identity, attributes: { first_name: 'Ann', dob: '1980-12-21' } });
  const fields = ['external_id', 'braze_id', 'user_aliases', 'EMAIL', 'phone', 'birthday', 'first_name'];
  expect((await ask({ ...identity, fields })).answer).toEqual({
    ...FOUND,
    BRAZE_FIRST_NAME: 'Ann',
    BRAZE_INVALID_FIELDS: 'fields.0,fields.1,fields.2,fields.3,fields.4,fields.5',
  });
  const { answer, requests } = await ask({ ...identity, fields: ['dob'] });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'fields.0,fields' });
  expect(requests).toEqual([]);
});

test.each([
  ['external_id', { external_id: { a: 1 }, email: 'ann@example.com' }],
  ['external_id', { external_id: 'crm-{USER_ID}', email: 'ann@example.com' }],
  ['user_alias', { user_alias: { alias_name: 'a' }, email: 'ann@example.com' }],
  ['email', { email: 'ann', phone: '+14155550100' }],
])('does not try the next identifier if %s is given and invalid', async (name, identity) => {
  const { answer, requests } = await ask({ ...identity, fields: ['first_name'] });
  expect(answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: name });
  expect(requests).toEqual([]);
});

test('reports names that are not fields, and returns the others', async () => {
  await known({ external_id: 'ann', attributes: { first_name: 'Ann' } });
  const fields = ['password', 'first_name', { a: 1 }, 'custom_attributes.'];
  expect((await ask({ external_id: 'ann', fields })).answer).toEqual({
    ...FOUND,
    BRAZE_FIRST_NAME: 'Ann',
    BRAZE_INVALID_FIELDS: 'fields.0,fields.2,fields.3',
  });
});

test('reports names with the same key, and names with a reserved key', async () => {
  const attributes = { fav: 'blue', invalid_fields: 'none', identity: 'verified' };
  await known({ external_id: 'ann', attributes });
  const fields = ['fav', 'Fav', 'invalid_fields', 'Identity'].map((name) => `custom_attributes.${name}`);
  expect((await ask({ external_id: 'ann', fields })).answer).toEqual({
    ...{ ...FOUND, BRAZE_FAV: 'blue', BRAZE_INVALID_FIELDS: 'fields.2,fields.3,fields.1' },
  });
});

test.each([
  ['none', undefined, 'fields'],
  ['no list', 'first_name', 'fields'],
  ['no usable one', ['password'], 'fields.0,fields'],
])('is invalid with %s, and sends no request', async (_case, fields, BRAZE_INVALID_FIELDS) => {
  const { answer, requests } = await ask({ external_id: 'ann', fields });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS });
  expect(requests).toEqual([]);
});

test('does not queue a request that Braze could not answer', async () => {
  local.stage.braze.fault('503');
  expect((await ask({ external_id: 'ann', fields: ['first_name'] })).answer).toMatchObject({ outcome: 'unavailable' });
  local.stage.braze.clearFaults();
  local.stage.braze.fault('403');
  expect((await ask({ external_id: 'ann', fields: ['first_name'] })).answer).toMatchObject({
    outcome: 'misconfigured',
  });
  expect(await local.stage.undelivered.drain()).toEqual([]);
  expect(await local.stage.deadLetters.drain()).toEqual([]);
});

test("does not answer not_found if Braze's answer has no users", async () => {
  const body = '{"message":"success"}';
  const { answer } = await whileBrazeAnswers(local.stage, { status: 201, body }, () =>
    invoke(local.stage, getProfile, { external_id: 'ann', fields: ['first_name'] }),
  );
  expect(answer).toEqual({
    success: 'error',
    outcome: 'unavailable',
    detail: 'Braze’s answer could not be read.',
  });
});

test('returns fields of a profile that is larger than a payload may be', async () => {
  const users = [
    { external_id: 'ann', first_name: 'Ann', custom_attributes: { note: 'x'.repeat(300_000), plan: 'gold' } },
  ];
  const body = JSON.stringify({ message: 'success', users });
  const fields = ['first_name', 'custom_attributes.note', 'custom_attributes.plan'];
  const { answer } = await whileBrazeAnswers(local.stage, { status: 201, body }, () =>
    invoke(local.stage, getProfile, { external_id: 'ann', fields }),
  );
  expect(answer).toMatchObject({ outcome: 'found', BRAZE_FIRST_NAME: 'Ann', BRAZE_PLAN: 'gold' });
  expect(answer.BRAZE_NOTE).toHaveLength(300_000);
});

test('is unavailable if the answer, quoted over HTTPS, would be larger than a function can return', async () => {
  const users = [{ external_id: 'ann', first_name: 'Ann', custom_attributes: { note: '"'.repeat(1_600_000) } }];
  const body = JSON.stringify({ message: 'success', users });
  const profile = (fields: string[]) => invoke(local.stage, getProfile, { external_id: 'ann', fields });
  const answers = await whileBrazeAnswers(local.stage, { status: 201, body }, () =>
    Promise.all([profile(['first_name']), profile(['first_name', 'custom_attributes.note'])]),
  );
  expect(answers.map(({ answer }) => answer)).toEqual([
    { ...FOUND, BRAZE_FIRST_NAME: 'Ann' },
    {
      success: 'error',
      outcome: 'unavailable',
      detail: 'Braze’s answer is larger than what a function can return.',
    },
  ]);
});
