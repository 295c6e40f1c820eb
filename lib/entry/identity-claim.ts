import { getOwn } from '../json.ts';
import { tidyIdentifier } from '../payload/characters.ts';
import { clean } from '../payload/clean.ts';
import { toBoolean } from '../payload/fields/boolean.ts';
import { type CleanValue, FieldContext, InvalidPaths } from '../payload/schema.ts';
import { type IdentityToken, parseIdentityTokens } from './identity-token.ts';

/** The identity that a payload claims with `signed_id`, not verified yet. */
export interface IdentityClaim {
  /** Whether the payload has a `signed_id`, valid or not. */
  readonly hasSignedId: boolean;
  readonly tokens: readonly IdentityToken[];
  /** Whether nothing may be sent without a verified identity. */
  readonly requiresVerified: boolean;
}

/** The value of `signed_id` for a token in the URL of the page on which the chat was opened. */
const PAGE = 'page';

const cleanValue = (value: unknown): CleanValue => clean(value, new FieldContext({ now: 0 }, new InvalidPaths()));

/** The values of a member; several if its key is spelled with and without invisible characters. */
const findMembers = (payload: object, name: string): readonly CleanValue[] =>
  Object.entries(payload).flatMap(([key, value]) => (tidyIdentifier(key) === name ? [cleanValue(value)] : []));

const parseTokens = (signedId: CleanValue, userData: CleanValue): readonly IdentityToken[] => {
  const isPage = typeof signedId === 'string' && signedId.toLowerCase() === PAGE;
  const text = isPage ? getOwn(userData, 'last_viewed_url') : signedId;
  return typeof text === 'string' ? parseIdentityTokens(text) : [];
};

/** Parses `signed_id` and `require_verified` of a payload. */
export const parseIdentityClaim = (payload: object, userData: CleanValue): IdentityClaim => {
  const signedIds = findMembers(payload, 'signed_id');
  return {
    hasSignedId: signedIds.length > 0,
    tokens: signedIds.map((signedId) => parseTokens(signedId, userData)).find((tokens) => tokens.length > 0) ?? [],
    // An invalid value counts as `true`, because the designer asked for protection.
    requiresVerified: findMembers(payload, 'require_verified').some(
      (required) => required !== undefined && required !== null && toBoolean(required) !== false,
    ),
  };
};
