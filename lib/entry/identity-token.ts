import { createHmac, timingSafeEqual } from 'node:crypto';
import { isExternalId } from '../payload/identity.ts';

/** More than any token needs: an external id of 987 bytes, percent-encoded twice, has fewer than 5,000 characters. */
const MAX_TEXT_CHARACTERS = 8_192;
const MAX_SECONDS_AHEAD = 30 * 24 * 60 * 60;
const QUERY_PARAMETER = 'bz';
const EXPIRY = /^[1-9]\d{0,11}$/;
const SIGNATURE = /^[\da-f]{64}$/;

/** A parsed token, not verified yet. */
export interface IdentityToken {
  readonly externalId: string;
  /** Epoch seconds, as signed. */
  readonly expiry: string;
  readonly signature: Buffer;
}

const sign = (externalId: string, expiry: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(`${externalId}.${expiry}`).digest();

/**
 * Creates `<external_id, percent-encoded>.<expiry, epoch seconds>.<HMAC, hex>`, as docs/liquid/signed-link.liquid does in
 * Braze.
 */
export const createIdentityToken = (externalId: string, expiry: number, secret: string): string =>
  `${encodeURIComponent(externalId)}.${expiry}.${sign(externalId, String(expiry), secret).toString('hex')}`;

/** `decodeURIComponent` that returns `undefined` instead of throwing. */
const decodePercent = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** Parses from the right, because an external id may contain dots. */
const parseToken = (text: string): IdentityToken | undefined => {
  const beforeSignature = text.lastIndexOf('.');
  const beforeExpiry = text.lastIndexOf('.', beforeSignature - 1);
  const expiry = text.slice(beforeExpiry + 1, beforeSignature);
  const signature = text.slice(beforeSignature + 1);
  if (beforeExpiry < 1 || !EXPIRY.test(expiry) || !SIGNATURE.test(signature)) return undefined;
  const externalId = decodePercent(text.slice(0, beforeExpiry));
  if (externalId === undefined || !isExternalId(externalId)) return undefined;
  return { externalId, expiry, signature: Buffer.from(signature, 'hex') };
};

/**
 * The value of `bz` in the query of a URL, as it is and percent-decoded: Braze's Liquid writes the token as it is, a URL
 * library encodes it once more.
 */
const findInQuery = (query: string): readonly string[] => {
  const parameter = query.split('&').find((pair) => pair.startsWith(`${QUERY_PARAMETER}=`));
  if (parameter === undefined) return [];
  const raw = parameter.slice(QUERY_PARAMETER.length + 1);
  const decoded = String(new URLSearchParams(parameter).get(QUERY_PARAMETER));
  return raw === decoded ? [raw] : [raw, decoded];
};

/**
 * Parses a token, or a URL with one in its query parameter `bz`. Several tokens are readings of the same text, of which
 * at most one can be verified.
 */
export const parseIdentityTokens = (text: string): readonly IdentityToken[] => {
  if (text.length > MAX_TEXT_CHARACTERS) return [];
  const beforeFragment = text.replace(/#.*/s, '');
  const query = beforeFragment.indexOf('?');
  const texts = query < 0 ? [text] : findInQuery(beforeFragment.slice(query + 1));
  return texts.map(parseToken).filter((token) => token !== undefined);
};

const isInTime = (expiry: string, nowMs: number): boolean => {
  const secondsAhead = Number(expiry) - nowMs / 1_000;
  return secondsAhead > 0 && secondsAhead <= MAX_SECONDS_AHEAD;
};

/**
 * The external id of a token that is signed with one of the secrets and expires within the next 30 days; otherwise
 * `undefined`. Every signature is compared with every secret in constant time, so that timing reveals nothing.
 */
export const verifyIdentityTokens = (
  tokens: readonly IdentityToken[],
  secrets: readonly string[],
  nowMs: number,
): string | undefined => {
  let verified: string | undefined;
  for (const { externalId, expiry, signature } of tokens) {
    for (const secret of secrets) {
      const isSigned = timingSafeEqual(sign(externalId, expiry, secret), signature);
      if (isSigned && isInTime(expiry, nowMs)) verified = externalId;
    }
  }
  return verified;
};
