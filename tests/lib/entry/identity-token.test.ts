import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { createIdentityToken, parseIdentityTokens, verifyIdentityTokens } from '../../../lib/entry/identity-token.ts';
import { isExternalId } from '../../../lib/payload/identity.ts';

const SECRET = 'the link secret of the sandbox stage';
const NOW = Date.UTC(2026, 10, 26, 12);
const DAY_S = 86_400;
const IN_A_WEEK = NOW / 1_000 + 7 * DAY_S;

const verify = (text: string, secrets: readonly string[] = [SECRET], now = NOW) =>
  verifyIdentityTokens(parseIdentityTokens(text), secrets, now);
const hmac = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex');

describe('a token', () => {
  test('is the percent-encoded external id, the expiry and the HMAC of both', () => {
    expect(createIdentityToken('customer 20417', 1_796_256_000, SECRET)).toBe(
      `customer%2020417.1796256000.${hmac('customer 20417.1796256000')}`,
    );
  });

  test('proves its external id until it expires', () => {
    const token = createIdentityToken('customer-20417', IN_A_WEEK, SECRET);
    expect(verify(token)).toBe('customer-20417');
    expect(verify(token, [SECRET], IN_A_WEEK * 1_000 - 1)).toBe('customer-20417');
    expect(verify(token, [SECRET], IN_A_WEEK * 1_000)).toBeUndefined();
  });

  test('proves nothing while it expires more than 30 days ahead', () => {
    const expiry = NOW / 1_000 + 30 * DAY_S;
    expect(verify(createIdentityToken('u1', expiry, SECRET))).toBe('u1');
    expect(verify(createIdentityToken('u1', expiry + 1, SECRET))).toBeUndefined();
  });

  test('is valid with any of the secrets while one is being rotated', () => {
    const token = createIdentityToken('u1', IN_A_WEEK, 'the former secret of this stage');
    expect(verify(token, [SECRET, 'the former secret of this stage'])).toBe('u1');
    expect(verify(token, ['the former secret of this stage', SECRET])).toBe('u1');
    expect(verify(token, [SECRET])).toBeUndefined();
    expect(verify(token, [])).toBeUndefined();
  });

  test.each(['a.b', '1.2.3', 'auth0|5f', 'zoë@example.com', '50%off', '50%25off', 'a+b c', 'x?y&z#w=1', '漢字', '😀'])(
    'proves %s, alone and in a link',
    (id) => {
      const token = createIdentityToken(id, IN_A_WEEK, SECRET);
      expect(verify(token)).toBe(id);
      expect(verify(`https://shop.example.com/chat?utm_source=braze&bz=${token}&x=1#top`)).toBe(id);
      const url = new URL('https://shop.example.com/chat?bzz=1#bz=2');
      url.searchParams.set('bz', token);
      expect(verify(url.href)).toBe(id);
      expect(verify(`/chat?bz=${token}`)).toBe(id);
    },
  );

  test.each(['a b', 'a+b', 'é'])('proves %s if the filter url_encode wrote the link', (id) => {
    const encoded = new URLSearchParams({ id }).toString().slice('id='.length);
    const token = `${encoded}.${IN_A_WEEK}.${hmac(`${id}.${IN_A_WEEK}`)}`;
    expect(verify(`https://shop.example.com/?bz=${token}`)).toBe(id);
  });

  const token = createIdentityToken('customer-20417', IN_A_WEEK, SECRET);
  const signature = token.slice(-64);
  test.each([
    ['empty', ''],
    ['a word', 'page'],
    ['dots', '..'],
    ['without an external id', `.${IN_A_WEEK}.${hmac(`.${IN_A_WEEK}`)}`],
    ['of nobody (Visitor)', createIdentityToken('Visitor', IN_A_WEEK, SECRET)],
    ['of an unfilled variable', createIdentityToken('{USER_ID}', IN_A_WEEK, SECRET)],
    ['of an external id with a blank at its end', createIdentityToken('u1 ', IN_A_WEEK, SECRET)],
    ['of an external id with an invisible character', createIdentityToken('u\u200b1', IN_A_WEEK, SECRET)],
    ['of an external id of 988 bytes', createIdentityToken('x'.repeat(988), IN_A_WEEK, SECRET)],
    ['without an expiry', `customer-20417..${hmac('customer-20417.')}`],
    ['without a signature', `customer-20417.${IN_A_WEEK}.`],
    ['of another person', token.replace('20417', '20418')],
    ['with a later expiry', token.replace(String(IN_A_WEEK), String(IN_A_WEEK + 1))],
    ['signed with another secret', createIdentityToken('customer-20417', IN_A_WEEK, 'some other secret of someone')],
    ['signed over the percent-encoded id', `a%20b.${IN_A_WEEK}.${hmac(`a%20b.${IN_A_WEEK}`)}`],
    ['expired', createIdentityToken('customer-20417', NOW / 1_000 - 1, SECRET)],
    ['with an expiry in milliseconds', createIdentityToken('customer-20417', IN_A_WEEK * 1_000, SECRET)],
    ['with a fraction', `u1.1.5.${hmac('u1.1.5')}`],
    ['with a sign before the expiry', `u1.+${IN_A_WEEK}.${hmac(`u1.+${IN_A_WEEK}`)}`],
    ['with a zero before the expiry', `u1.0${IN_A_WEEK}.${hmac(`u1.0${IN_A_WEEK}`)}`],
    ['with an exponent', `u1.18e8.${hmac('u1.18e8')}`],
    ['without its last character', token.slice(0, -1)],
    ['without its first character', token.slice(1)],
    ['with a character more', `${token}0`],
    ['with a blank', `${token} `],
    ['with a line end', `${token}\n`],
    ['in capitals', token.toUpperCase()],
    ['with a signature in Base64', token.replace(signature, Buffer.from(signature, 'hex').toString('base64'))],
    ['in Base64', Buffer.from(token).toString('base64')],
    ['in JSON', JSON.stringify(token)],
    ['with encoded dots', token.replaceAll('.', '%2E')],
    ['with half of a percent-encoding', `%E0%A4%A.${IN_A_WEEK}.${signature}`],
    ['with half a surrogate pair', `\ud800.${IN_A_WEEK}.${hmac(`\ufffd.${IN_A_WEEK}`)}`],
    ['in the path', `https://shop.example.com/${token}`],
    ['in the fragment', `https://shop.example.com/#?bz=${token}`],
    ['in another parameter', `https://shop.example.com/?b=${token}&BZ=${token}&xbz=${token}`],
    ['of 100 KB', `${'x'.repeat(100_000)}${token}`],
    ['of 100 KB of dots', '.'.repeat(100_000)],
    ['in a URL of 100 KB', `https://shop.example.com/?${'a&'.repeat(50_000)}bz=${token}`],
  ])('%s proves nothing', (_, text) => {
    expect(verify(text)).toBeUndefined();
  });

  test('proves nothing after a change of any character, and does not throw', () => {
    const changes = fc.tuple(fc.nat(token.length - 1), fc.string({ unit: 'binary', minLength: 0, maxLength: 2 }));
    fc.assert(
      fc.property(changes, ([at, text]) => {
        const changed = token.slice(0, at) + text + token.slice(at + 1);
        expect(verify(changed)).toBe(changed === token ? 'customer-20417' : undefined);
      }),
    );
  });

  test('proves the longest external id', () => {
    const id = 'x'.repeat(987);
    expect(verify(createIdentityToken(id, IN_A_WEEK, SECRET))).toBe(id);
  });

  test('proves any external id that it was made for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (id) => {
        const expected = isExternalId(id) ? id : undefined;
        expect(verify(createIdentityToken(id, IN_A_WEEK, SECRET))).toBe(expected);
      }),
    );
  });
});
