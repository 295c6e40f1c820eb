import { parseIdentityClaim } from '../../../lib/entry/identity-claim.ts';
import { createIdentityToken } from '../../../lib/entry/identity-token.ts';

const TOKEN = createIdentityToken('customer-20417', 1_796_256_000, 'the link secret of the sandbox stage');
const URL = `https://shop.example.com/?bz=${TOKEN}`;
const OTHER = createIdentityToken('customer-1', 1_796_256_000, 'the link secret of the sandbox stage');
const USER_DATA = { last_viewed_url: `https://shop.example.com/?bz=${OTHER}` };

const idsIn = (payload: object, userData = {}) =>
  parseIdentityClaim(payload, userData).tokens.map(({ externalId }) => externalId);

describe('signed_id', () => {
  test.each([
    ['a token', TOKEN, ['customer-20417']],
    ['a token between blanks', ` ${TOKEN}\u200b\n`, ['customer-20417']],
    ['a URL', URL, ['customer-20417']],
    ['the word page', 'page', ['customer-1']],
    ['the word page in capitals', ' PAGE ', ['customer-1']],
    ['a word', 'pages', []],
    ['an unfilled variable', '{SIGNED_ID}', []],
    ['None', 'None', []],
    ['null', null, []],
    ['a number', 7, []],
    ['a list', [TOKEN], []],
    ['an object', { token: TOKEN }, []],
  ])('can be %s', (_, signed_id, ids) => {
    expect(idsIn({ signed_id }, USER_DATA)).toEqual(ids);
    expect(parseIdentityClaim({ signed_id }, USER_DATA).hasSignedId).toBe(true);
  });

  test('is found and required whatever invisible characters its key contains', () => {
    expect(idsIn({ '\u200bsigned_id': TOKEN })).toEqual(['customer-20417']);
    expect(parseIdentityClaim({ 'require\u00ad_verified ': 'true' }, {}).requiresVerified).toBe(true);
  });

  test('is found and required beside an absent spelling of the same key', () => {
    expect(idsIn({ signed_id: 'None', ' signed_id': TOKEN })).toEqual(['customer-20417']);
    expect(parseIdentityClaim({ require_verified: '', ' require_verified': 'true' }, {}).requiresVerified).toBe(true);
    expect(parseIdentityClaim({ require_verified: 'no', ' require_verified': 'yes' }, {}).requiresVerified).toBe(true);
  });

  test('is missing', () => {
    expect(parseIdentityClaim({ external_id: 'u1' }, USER_DATA)).toEqual({
      hasSignedId: false,
      tokens: [],
      requiresVerified: false,
    });
    expect(parseIdentityClaim(Object.create({ signed_id: TOKEN }), USER_DATA).hasSignedId).toBe(false);
  });

  test.each([undefined, null, 'page', 7, {}, { last_viewed_url: 7 }, { last_viewed_url: 'https://shop.example.com/' }])(
    'can say page although the chat has no token: %j',
    (userData) => {
      expect(parseIdentityClaim({ signed_id: 'page' }, userData).tokens).toEqual([]);
    },
  );
});

test.each([
  ['true', true],
  [true, true],
  ['Yes', true],
  [1, true],
  [{ $boolean: 'yes' }, true],
  ['perhaps', true],
  [{}, true],
  ['false', false],
  [false, false],
  ['no', false],
  [0, false],
  [null, false],
  ['', false],
  ['{VARIABLE}', false],
])('require_verified %j requires a verified identity: %s', (require_verified, requiresVerified) => {
  expect(parseIdentityClaim({ require_verified }, undefined).requiresVerified).toBe(requiresVerified);
});
