import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_S = 300;
const MOST_SIGNATURES = 8;
const SIGNATURE = /^[0-9a-f]{64}$/i;

/** `t=1790000000,v1=<hex>,v1=<hex>` → its parts; `undefined` for anything else. */
const parseSignatureHeader = (
  header: string,
): { readonly t: string; readonly signatures: readonly string[] } | undefined => {
  const parts = header.split(',', MOST_SIGNATURES + 1).map((part) => part.trim());
  const t = parts.find((part) => /^t=\d{1,12}$/.test(part))?.slice(2);
  const signatures = parts.filter((part) => part.startsWith('v1=')).map((part) => part.slice(3));
  return t === undefined ? undefined : { t, signatures };
};

/** What is signed: the moment, the node (so that a call can't be replayed to another one) and the raw body. */
export const sign = (secret: string, t: string, node: string, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`${t}.${node}.`).update(body).digest();

/**
 * Whether `Pypestream-Signature` fits (contract, section 7): HMAC-SHA256 with any of the secrets, at most 300 seconds
 * old or ahead. Every secret is compared with every signature in constant time, whatever the first comparison says.
 */
export const verifySignature = (
  header: string,
  node: string,
  body: Buffer,
  secrets: readonly string[],
  nowMs: number,
): boolean => {
  const parts = parseSignatureHeader(header);
  if (parts === undefined || Math.abs(nowMs / 1_000 - Number(parts.t)) > TOLERANCE_S) return false;
  let signed = false;
  for (const secret of secrets) {
    const expected = sign(secret, parts.t, node, body);
    for (const signature of parts.signatures) {
      const given = SIGNATURE.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(expected.length);
      signed = timingSafeEqual(expected, given) || signed;
    }
  }
  return signed;
};
