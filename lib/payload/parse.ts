import { getOwn } from '../json.ts';
import { findCountry } from './attributes.ts';
import { tidyIdentifier } from './characters.ts';
import { clean } from './clean.ts';
import { toBoolean } from './fields/boolean.ts';
import {
  cleanIdentifiers,
  IDENTIFIERS,
  type IdentifierName,
  type Identity,
  type IdentityRules,
  isFoundBy,
  parseIdentity,
  takeVerifiedId,
} from './identity.ts';
import type { InvalidReason } from './invalid-reason.ts';
import {
  type CleanObject,
  type CleanValue,
  type Field,
  FieldContext,
  type Fields,
  InvalidPaths,
  isGiven,
  isObject,
  type ParseOptions,
} from './schema.ts';
import { countJsonBytes } from './size.ts';

/** A payload of this size fits an SQS message, with the envelope and an identifier on each of 75 objects. */
const MAX_PAYLOAD_BYTES = 256 * 1_024;

/** What `toRequest` gets beside the node's own fields. */
export interface Call<I extends Identity | undefined = Identity> {
  /** Undefined if the node's requests are not about a person. */
  readonly identity: I;
  readonly updateExistingOnly: boolean;
  /** The time of the call, in milliseconds since 1970. */
  readonly now: number;
  /** The chat's `context.user_data`, cleaned. */
  readonly userData: CleanValue;
}

/** The parsed payload, or why nothing can be sent; always with the invalid paths and their reasons. */
export type ParsedPayload<P, I extends Identity | undefined = Identity> = {
  readonly invalid: ReadonlyMap<string, InvalidReason>;
} & (
  | { readonly kind: 'valid'; readonly payload: P; readonly call: Call<I> }
  | { readonly kind: 'invalid'; readonly reason: string }
);

/** The part of a node's definition that parsing needs. */
export interface PayloadRules<P, N extends IdentifierName = IdentifierName> extends IdentityRules<N> {
  /** The members of the payload, except the identifiers and the common keys. */
  readonly payload: Field<P> & { readonly fields: Fields };
}

/** The keys that every payload may have. `node` is read by BrazeNode.py, and part of the Parameter Input. */
const COMMON_KEYS: readonly string[] = ['node', 'strict', 'update_existing_only', 'require_verified'];
const PERSONAL_KEYS: readonly string[] = [...COMMON_KEYS, ...IDENTIFIERS];

/**
 * The identifiers that a node reads: to find the person, in a field of its own, or as a contact that is set with the
 * attributes.
 */
export const listReadIdentifiers = ({
  identifiers = IDENTIFIERS,
  payload: { fields },
}: {
  readonly identifiers?: readonly IdentifierName[];
  readonly payload: { readonly fields: Fields };
}): readonly IdentifierName[] => {
  const contacts = Object.hasOwn(fields, 'attributes') ? ['email', 'phone'] : [];
  return IDENTIFIERS.filter(
    (name) => identifiers.includes(name) || Object.hasOwn(fields, name) || contacts.includes(name),
  );
};

/** Reports the contacts that `attributes` replaces with another address or number. */
const reportReplacedContacts = (identity: Identity | undefined, payload: unknown, ctx: FieldContext): void => {
  const attributes = getOwn(payload, 'attributes');
  for (const [name, contact] of Object.entries(identity?.contact ?? {})) {
    const attribute = getOwn(attributes, name);
    if (attribute !== undefined && attribute !== contact) ctx.child(name).invalid('duplicate');
  }
};

/** Drops the common members. Unknown keys stay, so that the node's own fields report them. */
const pickOwnMembers = (members: CleanObject, fields: Fields, common: readonly string[]): CleanObject =>
  Object.fromEntries(Object.entries(members).filter(([key]) => Object.hasOwn(fields, key) || !common.includes(key)));

/** Drops `signed_id`, which was parsed before. No other member may hold a token. */
const withoutSignedId = (payload: object): object =>
  Object.fromEntries(Object.entries(payload).filter(([key]) => tidyIdentifier(key) !== 'signed_id'));

const NONE: ReadonlyMap<string, InvalidReason> = new Map();

/**
 * Parses a node's payload: size, cleaning, identity, then the node's own fields. A pure function of its arguments. With
 * `"strict": "true"` in the payload, one invalid path makes the whole payload invalid.
 */
export const parsePayload = <P, N extends IdentifierName>(
  input: object | undefined,
  rules: PayloadRules<P, N>,
  options: ParseOptions,
  userData: CleanValue,
): ParsedPayload<P, Identity<N>> => {
  if (input === undefined) {
    return { kind: 'invalid', reason: 'The payload is missing or is not an object.', invalid: NONE };
  }
  if (countJsonBytes(input, MAX_PAYLOAD_BYTES) > MAX_PAYLOAD_BYTES) {
    return { kind: 'invalid', reason: 'The payload is larger than 256 KB.', invalid: NONE };
  }
  const paths = new InvalidPaths();
  const top = new FieldContext({ ...options, language: findLanguage(userData), refusesTokens: true }, paths);
  const cleaned = clean(withoutSignedId(input), top);
  const given = isObject(cleaned) ? cleanIdentifiers(cleaned) : {};
  const isAboutNobody = rules.identifiers?.length === 0;
  const members = isAboutNobody ? given : takeVerifiedId(given, top);
  const ctx = top.with({ country: findCountry(members.attributes, top) });

  const parseFlag = (name: string): boolean => {
    const value = members[name];
    if (value === undefined || value === null) return false;
    return toBoolean(value, ctx.options.language) ?? ctx.child(name).invalid('not_a_boolean') ?? false;
  };
  const strict = parseFlag('strict');
  parseFlag('require_verified');
  const updateExistingOnly = parseFlag('update_existing_only');
  const identity = isAboutNobody ? undefined : parseIdentity(members, ctx, rules);
  if (identity !== undefined) {
    const read = listReadIdentifiers(rules);
    for (const name of IDENTIFIERS) {
      if (isGiven(members[name]) && !read.includes(name)) ctx.child(name).invalid('not_accepted_here');
    }
  }
  const own = pickOwnMembers(members, rules.payload.fields, isAboutNobody ? COMMON_KEYS : PERSONAL_KEYS);
  const payload = rules.payload.parse(own, ctx.with({ lookupKey: toLookupKey(identity) }));
  reportReplacedContacts(identity, payload, ctx);

  const invalid = paths.reasons;
  if (!isFoundBy(identity, rules)) return { kind: 'invalid', reason: 'There is no valid identifier.', invalid };
  if (payload === undefined) return { kind: 'invalid', reason: 'A required field is missing or invalid.', invalid };
  if (strict && invalid.size > 0) {
    return { kind: 'invalid', reason: 'The payload is strict, and some of its fields are invalid.', invalid };
  }
  return { kind: 'valid', payload, call: { identity, updateExistingOnly, now: options.now, userData }, invalid };
};

const findLanguage = (userData: CleanValue): string | undefined => {
  const language = getOwn(userData, 'browser_language');
  return typeof language === 'string' ? language : undefined;
};

const toLookupKey = (identity: Identity | undefined): ParseOptions['lookupKey'] => {
  if (identity === undefined) return undefined;
  const { identifier } = identity;
  if ('email' in identifier) return { name: 'email', value: identifier.email };
  return 'phone' in identifier ? { name: 'phone', value: identifier.phone } : undefined;
};
