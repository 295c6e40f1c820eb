import { createHmac, timingSafeEqual } from 'node:crypto';

const MAX_TIME_DIFFERENCE_S = 300;
const MAX_PARTS = 9;

/** A `Pypestream-Signature` header: `t=1790000000,v1=<hex>`. */
export interface SignatureHeader {
  /** When the call was signed: epoch seconds. */
  readonly t: string;
  /** Several while a secret is being rotated. */
  readonly signatures: readonly Buffer[];
}

/**
 * Parses a header whose time is at most `MAX_TIME_DIFFERENCE_S` away from `nowMs`; otherwise `undefined`. This needs no secret, so
 * a call without a signature causes no call to SSM.
 */
export const parseSignatureHeader = (header: string, nowMs: number): SignatureHeader | undefined => {
  const parts = header.split(',', MAX_PARTS).map((part) => part.trim());
  const t = parts.find((part) => /^t=\d{1,12}$/.test(part))?.slice(2);
  const signatures = parts
    .filter((part) => /^v1=[0-9a-f]{64}$/i.test(part))
    .map((part) => Buffer.from(part.slice(3), 'hex'));
  const isYoung = t !== undefined && Math.abs(nowMs / 1_000 - Number(t)) <= MAX_TIME_DIFFERENCE_S;
  return isYoung && signatures.length > 0 ? { t, signatures } : undefined;
};

/** HMAC-SHA256 over the time, the node's name (so that a call can't be replayed to another node) and the raw body. */
export const sign = (secret: string, t: string, node: string, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`${t}.${node}.`).update(body).digest();

/** Whether one of the signatures was made with one of the secrets. All are compared, each in constant time. */
export const verifySignature = (
  { t, signatures }: SignatureHeader,
  node: string,
  body: Buffer,
  secrets: readonly string[],
): boolean => {
  let isValid = false;
  for (const secret of secrets) {
    const expected = sign(secret, t, node, body);
    for (const signature of signatures) isValid = timingSafeEqual(expected, signature) || isValid;
  }
  return isValid;
};
