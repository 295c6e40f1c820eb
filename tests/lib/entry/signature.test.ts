import { parseSignatureHeader, sign, verifySignature } from '../../../lib/entry/signature.ts';

const NOW = Date.parse('2026-05-01T10:00:00Z');
const T = '1777629600';
const BODY = Buffer.from('{"payload":{"external_id":"änn"}}');
const OLD = 'the old secret';
const NEW = 'the new secret';

const hex = (secret: string, t = T, node = 'track-user', body = BODY) => sign(secret, t, node, body).toString('hex');
const check = (text: string, secrets: readonly string[] = [NEW, OLD], now = NOW) => {
  const header = parseSignatureHeader(text, now);
  return header !== undefined && verifySignature(header, 'track-user', BODY, secrets);
};

test('is HMAC-SHA256 over the time, the node and the body', () => {
  expect(hex('secret', '1777629600', 'track-user', Buffer.from('{}'))).toBe(
    '32056bc9846048e27cb96438b46c50b1584cbdd51b82094d678ff88a75efde34',
  );
});

test.each([
  ['with the one secret', `t=${T},v1=${hex(OLD)}`, [OLD]],
  ['with either secret while it is rotated', `t=${T},v1=${hex(OLD)}`, [NEW, OLD]],
  ['with several signatures, one of which fits', `t=${T},v1=${'0'.repeat(64)},v1=${hex(NEW)}`, [NEW]],
  ['with signatures before the moment, and blanks', ` v1=${hex(NEW)} , t=${T} `, [NEW]],
  ['in capitals', `t=${T},v1=${hex(NEW).toUpperCase()}`, [NEW]],
  ['with parts of later versions', `t=${T},v2=abc,v1=${hex(NEW)}`, [NEW]],
])('is accepted %s', (_case, header, secrets) => {
  expect(check(header, secrets)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['no moment', `v1=${hex(NEW)}`],
  ['a moment that is no number', `t=now,v1=${hex(NEW)}`],
  ['no signature', `t=${T}`],
  ['what is no hex', `t=${T},v1=signature`],
  ['half a signature', `t=${T},v1=${hex(NEW).slice(0, 32)}`],
  ['another secret', `t=${T},v1=${hex('another')}`],
  ['another moment', `t=${Number(T) + 1},v1=${hex(NEW)}`],
  ['another node', `t=${T},v1=${hex(NEW, T, 'get-profile')}`],
  ['another body', `t=${T},v1=${hex(NEW, T, 'track-user', Buffer.from('{}'))}`],
  ['more signatures than anyone needs', `t=${T},${'v1=0,'.repeat(20)}v1=${hex(NEW)}`],
])('is rejected with %s', (_case, header) => {
  expect(check(header)).toBe(false);
});

test('is valid for 300 seconds before and after its time', () => {
  const header = `t=${T},v1=${hex(NEW)}`;
  expect([-301, -300, 0, 300, 301].map((seconds) => check(header, [NEW], NOW + seconds * 1_000))).toEqual([
    ...[false, true, true, true, false],
  ]);
});

test.each([
  ['no moment', `v1=${hex(NEW)}`],
  ['no signature', `t=${T}`],
  ['no signature of the right length', `t=${T},v1=${hex(NEW).slice(1)}`],
  ['a moment long ago', `t=${Number(T) - 301},v1=${hex(NEW)}`],
  ['a moment far ahead', `t=${Number(T) + 301},v1=${hex(NEW)}`],
])('is rejected before the secrets are read when it has %s', (_case, header) => {
  expect(parseSignatureHeader(header, NOW)).toBeUndefined();
});

test('is rejected if there is no secret', () => {
  expect(check(`t=${T},v1=${hex('')}`, [])).toBe(false);
});
