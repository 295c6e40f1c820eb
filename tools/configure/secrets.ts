import { randomBytes } from 'node:crypto';

/** Shorter, a secret could be guessed by whoever has seen one signed call. */
const SHORTEST_SECRET = 32;

export const makeSecret = (): string => randomBytes(32).toString('base64url');

/** What is wrong with one secret of the signed entry. */
export const faultOfSecret = (secret: string): string | undefined => {
  if (!/^[\x21-\x7e]+$/.test(secret) || /[,"'`]/.test(secret)) {
    return 'holds blanks, commas, quotes or characters outside ASCII';
  }
  return secret.length < SHORTEST_SECRET ? `is shorter than ${SHORTEST_SECRET} characters` : undefined;
};
