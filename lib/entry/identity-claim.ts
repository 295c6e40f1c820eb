import { tidyIdentifier } from '../payload/characters.ts';
import { clean } from '../payload/clean.ts';
import { toBoolean } from '../payload/fields/boolean.ts';
import { type CleanValue, FieldContext, getOwn, InvalidPaths } from '../payload/schema.ts';
import { type IdentityToken, parseIdentityTokens } from './identity-token.ts';

/** What a payload says about whose conversation it is; nothing of it is verified yet. */
export interface IdentityClaim {
  /** Whether there is a `signed_id`, whatever it holds. */
  readonly hasSignedId: boolean;
  readonly tokens: readonly IdentityToken[];
  /** `require_verified`: nothing is sent without a verified identity. */
  readonly requiresVerified: boolean;
}

/** Says that the token is in the address of the page on which the chat was opened. */
const PAGE = 'page';

/** The member of this name, which invisible characters do not change. */
const findMember = (payload: object, name: string): unknown =>
  Object.entries(payload).find(([key]) => tidyIdentifier(key) === name)?.[1];

const cleanValue = (value: unknown): CleanValue => clean(value, new FieldContext({ now: 0 }, new InvalidPaths()));

const parseTokens = (signedId: CleanValue, userData: CleanValue): readonly IdentityToken[] => {
  const isPage = typeof signedId === 'string' && signedId.toLowerCase() === PAGE;
  const text = isPage ? getOwn(userData, 'last_viewed_url') : signedId;
  return typeof text === 'string' ? parseIdentityTokens(text) : [];
};

/** Reads `signed_id` and `require_verified` of a payload. */
export const parseIdentityClaim = (payload: object, userData: CleanValue): IdentityClaim => {
  const signedId = findMember(payload, 'signed_id');
  const required = cleanValue(findMember(payload, 'require_verified'));
  return {
    hasSignedId: signedId !== undefined,
    tokens: parseTokens(cleanValue(signedId), userData),
    // A value that is neither a yes nor a no counts as a yes, because it was meant to protect somebody.
    requiresVerified: required !== undefined && required !== null && toBoolean(required) !== false,
  };
};
