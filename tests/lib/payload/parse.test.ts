import { shortText } from '../../../lib/payload/fields/text.ts';
import { parsePayload } from '../../../lib/payload/parse.ts';
import { object, required } from '../../../lib/payload/schema.ts';
import { mapAttributes, mapPayload, NOW } from '../../support/map-payload.ts';
import { LINEAR_MS, processorTime } from '../../support/parse-field.ts';

const node = { payload: object({ name: required(shortText) }) };
const options = { now: NOW };

test('parses a payload into its fields, its identity and the time of the call', () => {
  const given = { external_id: 'u', update_existing_only: 'yes', name: ' Ann ', node: 'a-node', note: 'x' };
  expect(parsePayload(given, node, options, { platform: 'iOS' })).toStrictEqual({
    kind: 'valid',
    payload: { name: 'Ann' },
    call: {
      identity: { identifier: { external_id: 'u' }, contact: {} },
      updateExistingOnly: true,
      now: NOW,
      userData: { platform: 'iOS' },
    },
    invalid: new Map([['note', 'unknown_key']]),
  });
});

test("needs no identifier if a node's requests are not about a person, and reports identifiers that are given", () => {
  const nobody = { ...node, identifiers: [] };
  const given = { name: 'Ann', external_id: 'u', email: 'u@example.com' };
  expect(parsePayload(given, nobody, { ...options, verifiedId: 'another' }, undefined)).toStrictEqual({
    kind: 'valid',
    payload: { name: 'Ann' },
    call: { identity: undefined, updateExistingOnly: false, now: NOW, userData: undefined },
    invalid: new Map([
      ['external_id', 'unknown_key'],
      ['email', 'unknown_key'],
    ]),
  });
});

test.each<[string, object | undefined, string, { [path: string]: string }]>([
  ['is not there', undefined, 'The payload is missing or is not an object.', {}],
  ['is empty', {}, 'There is no valid identifier.', { external_id: 'missing', name: 'missing' }],
  [
    'is one typed value',
    { $number: '5' },
    'There is no valid identifier.',
    { external_id: 'missing', name: 'missing' },
  ],
  [
    'is one typed value that is absent',
    { $number: 'None' },
    'There is no valid identifier.',
    { external_id: 'missing', name: 'missing' },
  ],
  [
    'is one typed value that does not fit',
    { $number: 'x' },
    'There is no valid identifier.',
    { external_id: 'missing', name: 'missing' },
  ],
  [
    'names nobody',
    { name: 'Ann', email: 'x' },
    'There is no valid identifier.',
    { email: 'not_an_address', external_id: 'missing' },
  ],
  ['lacks what the node needs', { external_id: 'u' }, 'A required field is missing or invalid.', { name: 'missing' }],
])('says why nothing can be sent when the payload %s', (_, given, reason, invalid) => {
  const parsed = parsePayload(given, node, options, undefined);
  expect({ ...parsed, invalid: Object.fromEntries(parsed.invalid) }).toStrictEqual({
    kind: 'invalid',
    reason,
    invalid,
  });
});

test.each([
  ['de-DE', { country: 'DE', phone: '+4930123456', budget: 1.234, gender: 'F', vip: true }],
  ['en-US', { country: 'DE', phone: '+4930123456', budget: 1234, gender: 'F', vip: true }],
])('parses an ambiguous answer by the language of the browser: %s', (browser_language, sent) => {
  const attributes = { country: 'Deutschland', phone: '030 123456', gender: 'Frau', vip: { $boolean: 'Ja, bitte' } };
  const userData = { browser_language };
  expect(mapAttributes({ ...attributes, budget: { $number: '1,234' } }, { userData })).toEqual({ sent, invalid: '' });
});

test('leaves out an ambiguous answer if the browser has no language', () => {
  for (const userData of [{}, { browser_language: 5 }, { browser_language: 'None' }]) {
    const given = { budget: { $number: '1,234' }, country: 'Kongo', plan: 'gold' };
    expect(mapAttributes(given, { userData })).toEqual({
      sent: { plan: 'gold' },
      invalid: 'attributes.budget,attributes.country',
    });
  }
});

describe('strict', () => {
  const dirty = { external_id: 'u', attributes: { dob: 'soon', plan: 'gold' } };
  const reason = 'The payload is strict, and some of its fields are invalid.';

  test.each<[unknown]>([['true'], [true], ['YES'], ['1'], [1], [{ $boolean: 'on' }]])(
    '%j rejects a payload with an invalid field',
    (strict) => {
      expect(mapPayload({ ...dirty, strict })).toStrictEqual({ reason, BRAZE_INVALID_FIELDS: 'attributes.dob' });
    },
  );

  test.each<[unknown]>([['false'], [false], ['no'], ['None'], [null], [0], [undefined]])(
    '%j does not reject it',
    (strict) => {
      expect(mapPayload({ ...dirty, strict }).body?.attributes).toStrictEqual([{ external_id: 'u', plan: 'gold' }]);
    },
  );

  test('with another value is reported and changes nothing', () => {
    expect(mapPayload({ external_id: 'u', attributes: { plan: 'gold' }, strict: 'very' })).toMatchObject({
      body: { attributes: [{ external_id: 'u', plan: 'gold' }] },
      BRAZE_INVALID_FIELDS: 'strict',
    });
  });

  test('accepts a payload whose fields are all valid or absent', () => {
    const { body } = mapPayload({ external_id: 'u', attributes: { plan: 'gold', dob: 'None' }, strict: 'true' });
    expect(body?.attributes).toStrictEqual([{ external_id: 'u', plan: 'gold' }]);
  });
});

describe('the size of a payload', () => {
  const rest = JSON.stringify({ external_id: 'u', attributes: { plan: 'gold' }, note: '' }).length;
  const ofBytes = (bytes: number) => ({
    external_id: 'u',
    attributes: { plan: 'gold' },
    note: 'x'.repeat(bytes - rest),
  });

  test('can be 256 KB as JSON', () => {
    expect(mapPayload(ofBytes(262_144)).body?.attributes).toStrictEqual([{ external_id: 'u', plan: 'gold' }]);
  });

  test('cannot be a byte larger', () => {
    expect(mapPayload(ofBytes(262_145))).toStrictEqual({
      reason: 'The payload is larger than 256 KB.',
      BRAZE_INVALID_FIELDS: '',
    });
  });

  test('is counted in bytes, not characters', () => {
    expect(mapPayload({ external_id: 'u', note: 'é'.repeat(131_072) }).reason).toBe(
      'The payload is larger than 256 KB.',
    );
  });

  test('is checked before anything else', () => {
    const notes = Array(1_000_000).fill({ $number: 'x' });
    expect(processorTime(() => mapPayload({ external_id: 'u', notes }))).toBeLessThan(LINEAR_MS);
    expect(mapPayload({ external_id: 'u', notes }).reason).toMatch(/larger/);
  });
});

test('a body fits into a message of SQS, however long its identifier and its session data', () => {
  const session = ['page', 'utm'];
  const utm = ['source', 'medium', 'campaign', 'term', 'content'].map((name) => `utm_${name}=${'😀'.repeat(255)}`);
  const userData = { last_viewed_url: `https://a.b/${'x'.repeat(240)}?${utm.join('&')}` };
  const user_alias = { alias_name: '"'.repeat(987), alias_label: '"'.repeat(987) };
  const events = Array.from({ length: 74 }, () => ({
    name: 'n'.repeat(255),
    properties: { p: Array(11).fill('"'.repeat(110)) },
  }));
  const attributes = { a: Array(200).fill('"'.repeat(100)) };
  const { body } = mapPayload({ user_alias, session, events, attributes }, { userData });
  expect(body?.events).toHaveLength(74);
  const bytes = Buffer.byteLength(JSON.stringify(body));
  expect(bytes).toBeGreaterThan(700_000);
  expect(bytes).toBeLessThan(1_048_576 - 16_384);
});
