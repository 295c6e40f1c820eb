import { createHmac, timingSafeEqual } from 'node:crypto';

/** A longer text is not looked into; an external id of 987 bytes, percent-encoded twice, makes under 5,000 characters. */
const MAX_TEXT_CHARACTERS = 8_192;
const MAX_SECONDS_AHEAD = 30 * 24 * 60 * 60;
const QUERY_PARAMETER = 'bz';
const EXPIRY = /^[1-9]\d{0,11}$/;
const SIGNATURE = /^[\da-f]{64}$/;

/**
 * A token as it was found, in each spelling that it may have: `https://…?bz=<token>` holds the token as it is where Braze's
 * Liquid wrote the link, and percent-encoded once more where a library for URLs did.
 */
export type TokenSpellings = readonly string[];

/** The token in a text: the text itself, or the query parameter `bz` where it is a URL. */
export const findToken = (text: string): TokenSpellings => {
  if (text.length > MAX_TEXT_CHARACTERS) return [];
  const beforeFragment = text.replace(/#.*/s, '');
  const query = beforeFragment.indexOf('?');
  if (query < 0) return text.includes('://') ? [] : [text];
  const parameter = beforeFragment
    .slice(query + 1)
    .split('&')
    .find((pair) => pair.startsWith(`${QUERY_PARAMETER}=`));
  if (parameter === undefined) return [];
  const raw = parameter.slice(QUERY_PARAMETER.length + 1);
  const decoded = String(new URLSearchParams(parameter).get(QUERY_PARAMETER));
  return raw === decoded ? [raw] : [raw, decoded];
};

const sign = (externalId: string, expiry: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(`${externalId}.${expiry}`).digest();

/** `<external_id, percent-encoded>.<expiry, epoch seconds>.<hex>`, as docs/liquid/signed-link.liquid makes it in Braze. */
export const createIdentityToken = (externalId: string, expiry: number, secret: string): string =>
  `${encodeURIComponent(externalId)}.${expiry}.${sign(externalId, String(expiry), secret).toString('hex')}`;

interface TokenParts {
  readonly externalId: string;
  readonly expiry: string;
  readonly signature: Buffer;
}

/** Read from the right, because an external id may hold dots. */
const parseToken = (token: string): TokenParts | undefined => {
  const beforeSignature = token.lastIndexOf('.');
  const beforeExpiry = token.lastIndexOf('.', beforeSignature - 1);
  const expiry = token.slice(beforeExpiry + 1, beforeSignature);
  const signature = token.slice(beforeSignature + 1);
  if (beforeExpiry < 1 || !EXPIRY.test(expiry) || !SIGNATURE.test(signature)) return undefined;
  try {
    const externalId = decodeURIComponent(token.slice(0, beforeExpiry));
    // UTF-8 has no form for half a surrogate pair, so the signature would hold for another text, too.
    return externalId.isWellFormed() ? { externalId, expiry, signature: Buffer.from(signature, 'hex') } : undefined;
  } catch {
    return undefined;
  }
};

const isInTime = (expiry: string, nowMs: number): boolean => {
  const secondsAhead = Number(expiry) - nowMs / 1_000;
  return secondsAhead > 0 && secondsAhead <= MAX_SECONDS_AHEAD;
};

/**
 * The external id that a token proves, or `undefined`: it must be signed with one of the secrets, and expire within the
 * next 30 days. The signatures are compared in constant time, with every secret, whatever an earlier comparison says.
 */
export const verifyIdentityToken = (
  spellings: TokenSpellings,
  secrets: readonly string[],
  nowMs: number,
): string | undefined => {
  let verified: string | undefined;
  for (const parts of spellings.map(parseToken)) {
    if (parts === undefined) continue;
    for (const secret of secrets) {
      const isSigned = timingSafeEqual(sign(parts.externalId, parts.expiry, secret), parts.signature);
      if (isSigned && isInTime(parts.expiry, nowMs)) verified = parts.externalId;
    }
  }
  return verified;
};
