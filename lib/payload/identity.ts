import { holdsReference, isAbsentIdentifier } from './absent.ts';
import { tidyIdentifier } from './characters.ts';
import { clean } from './clean.ts';
import { email } from './fields/email.ts';
import { phone } from './fields/phone.ts';
import { ANONYMOUS } from './fields/text.ts';
import {
  type CleanObject,
  type CleanValue,
  EMPTY,
  type Field,
  FieldContext,
  InvalidPaths,
  isGiven,
  isObject,
  reportUnknownKeys,
} from './schema.ts';

export type UserAlias = { readonly alias_name: string; readonly alias_label: string };

interface IdentifierValues {
  readonly external_id: string;
  readonly user_alias: UserAlias;
  readonly braze_id: string;
  readonly email: string;
  readonly phone: string;
}

/** In the order in which they are tried. */
export const IDENTIFIERS = ['external_id', 'user_alias', 'braze_id', 'email', 'phone'] as const;
export type IdentifierName = (typeof IDENTIFIERS)[number];

/** The identifier of every object of a request: the member of Braze's objects itself, so it has no `kind`. */
export type Identifier<N extends IdentifierName = IdentifierName> = Identity<N>['identifier'];

type Identities = {
  readonly [N in IdentifierName]: {
    readonly identifier: Pick<IdentifierValues, N>;
    /** Top-level `email` and `phone` beside a primary identifier: attributes to set, or `null` to unset. */
    readonly contact: { readonly email?: string | null; readonly phone?: string | null };
  };
};

/** The person of a call, identified by one of the identifiers `N`. */
export type Identity<N extends IdentifierName = IdentifierName> = Extract<Identities[IdentifierName], Identities[N]>;

/** Braze's limit for an `external_id`. The other identifiers get it too, so that 75 objects fit into 4 MB. */
const MAX_ID_BYTES = 987;

const parseId = (value: CleanValue, ctx: FieldContext): string | undefined => {
  const id = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== 'string') return ctx.invalid('wrong_type');
  if (Buffer.byteLength(id) > MAX_ID_BYTES) return ctx.invalid('too_long');
  return id === ANONYMOUS || holdsReference(id) ? ctx.invalid('placeholder') : id;
};

const INVALID_ID = `it is neither text nor an integer, is over ${MAX_ID_BYTES} bytes, is \`${ANONYMOUS}\`, or contains a variable that was not filled in`;

export const external_id: Field<string> = {
  sends: 'as given',
  invalidWhen: INVALID_ID,
  schema: { type: ['string', 'integer'], examples: ['{CUSTOMER_ID}'] },
  parse: parseId,
};

const ALIAS_PARTS = ['alias_name', 'alias_label'] as const;

export const user_alias: Field<UserAlias> = {
  sends: '`{alias_name, alias_label}`',
  invalidWhen: `one of its two parts is missing or invalid as an \`external_id\` would be`,
  schema: {
    type: 'object',
    properties: { alias_name: { type: ['string', 'integer'] }, alias_label: { type: ['string', 'integer'] } },
    required: ALIAS_PARTS,
    additionalProperties: false,
    examples: [{ alias_name: '{ALIAS_NAME}', alias_label: 'pypestream' }],
  },
  parse: (value, ctx) => {
    if (!isGiven(value)) return undefined;
    if (!isObject(value)) return ctx.invalid('wrong_type');
    reportUnknownKeys(value, ALIAS_PARTS, ctx);
    // Reports the path of the alias, because its two parts are one identifier.
    const parsePart = (name: (typeof ALIAS_PARTS)[number]): string | undefined =>
      value[name] === undefined || value[name] === null ? ctx.invalid('missing') : parseId(value[name], ctx);
    const alias_name = parsePart('alias_name');
    const alias_label = parsePart('alias_label');
    return alias_name === undefined || alias_label === undefined ? undefined : { alias_name, alias_label };
  },
};

export const braze_id: Field<string> = {
  sends: 'as given',
  invalidWhen: INVALID_ID,
  schema: { type: 'string' },
  parse: parseId,
};

const cleanIdentifier = (value: CleanValue): CleanValue => {
  if (typeof value !== 'string') return value;
  const id = tidyIdentifier(value);
  return isAbsentIdentifier(id) ? undefined : id;
};

/**
 * Cleans the identifiers of a payload more strictly than other text: no invisible character is left, and what programming
 * languages print for an absent value is absent, because all people with such an id would share one profile.
 */
export const cleanIdentifiers = (payload: CleanObject): CleanObject => {
  const cleaned: { [key: string]: CleanValue } = { ...payload };
  for (const name of IDENTIFIERS) {
    if (Object.hasOwn(payload, name)) cleaned[name] = cleanIdentifier(payload[name]);
  }
  const alias = cleaned.user_alias;
  if (isObject(alias)) {
    const parts = Object.entries(alias).map(([key, part]) => [key, cleanIdentifier(part)] as const);
    cleaned.user_alias = parts.every(([, part]) => part === undefined) ? EMPTY : Object.fromEntries(parts);
  }
  return cleaned;
};

/** Whether a text is a valid external id that cleaning does not change. */
export const isExternalId = (text: string): boolean => {
  const ctx = new FieldContext({ now: 0 }, new InvalidPaths());
  const id = cleanIdentifier(clean(text, ctx));
  return isGiven(id) && external_id.parse(id, ctx) === text;
};

/** Replaces the external id of a payload with the verified one, and reports a different one. */
export const takeVerifiedId = (payload: CleanObject, ctx: FieldContext): CleanObject => {
  const { verifiedId } = ctx.options;
  if (verifiedId === undefined) return payload;
  const idCtx = ctx.child('external_id');
  const typed = isGiven(payload.external_id) ? external_id.parse(payload.external_id, idCtx) : undefined;
  if (typed !== undefined && typed !== verifiedId) idCtx.invalid('conflicting_identifier');
  return { ...payload, external_id: verifiedId };
};

/** Which identifiers a node accepts, and how strictly. */
export interface IdentityRules<N extends IdentifierName = IdentifierName> {
  /** The identifiers that the endpoint accepts; all five unless given. Empty if a request is not about a person. */
  readonly identifiers?: readonly N[];
  /**
   * Whether an invalid identifier makes the payload invalid, instead of the next one being tried. For nodes that read,
   * merge or identify a profile, because the next identifier may be another person's.
   */
  readonly exactIdentity?: boolean;
}

/**
 * Finds the first valid identifier in the order of `IDENTIFIERS`. The others are ignored, except `email` and `phone`,
 * which are attributes to set beside a primary identifier. If there is none, `external_id` is reported as missing, and
 * each identifier that the endpoint does not accept.
 */
export const parseIdentity = (
  payload: CleanObject,
  ctx: FieldContext,
  { identifiers = IDENTIFIERS, exactIdentity = false }: IdentityRules = {},
): Identity | undefined => {
  const parse = <T>(name: IdentifierName, field: Field<T>): T | undefined => {
    const value = payload[name];
    return isGiven(value) ? ctx.child(name).parse(field, value) : undefined;
  };
  // Reported also for an alias that is not used.
  if (identifiers.includes('user_alias') && isObject(payload.user_alias)) {
    reportUnknownKeys(payload.user_alias, ALIAS_PARTS, ctx.child('user_alias'));
  }
  const address = payload.email === null ? null : parse('email', email);
  const number = payload.phone === null ? null : parse('phone', phone);
  const contact = { ...(address !== undefined && { email: address }), ...(number !== undefined && { phone: number }) };

  const find: Readonly<Record<IdentifierName, () => Identity | undefined>> = {
    external_id: () => {
      const id = parse('external_id', external_id);
      return id === undefined ? undefined : { identifier: { external_id: id }, contact };
    },
    user_alias: () => {
      const alias = parse('user_alias', user_alias);
      return alias === undefined ? undefined : { identifier: { user_alias: alias }, contact };
    },
    braze_id: () => {
      const id = parse('braze_id', braze_id);
      return id === undefined ? undefined : { identifier: { braze_id: id }, contact };
    },
    email: () => (typeof address === 'string' ? { identifier: { email: address }, contact: {} } : undefined),
    phone: () => (typeof number === 'string' ? { identifier: { phone: number }, contact: {} } : undefined),
  };
  // The endpoint cannot find the person who was verified, and another identifier could be another person's.
  if (ctx.options.verifiedId !== undefined && !identifiers.includes('external_id')) {
    return ctx.child('external_id').invalid('not_accepted_here');
  }
  for (const name of IDENTIFIERS) {
    const isAccepted = identifiers.includes(name);
    const identity = isAccepted ? find[name]() : undefined;
    if (identity !== undefined) return identity;
    if (!exactIdentity || !isGiven(payload[name])) continue;
    return isAccepted ? undefined : ctx.child(name).invalid('not_accepted_here');
  }
  for (const name of IDENTIFIERS) {
    if (isGiven(payload[name]) && !identifiers.includes(name)) ctx.child(name).invalid('not_accepted_here');
  }
  return ctx.child('external_id').invalid('missing');
};

/** Whether the rules accept the identity; if they accept no identifier, whether there is none. */
export const isFoundBy = <N extends IdentifierName>(
  identity: Identity | undefined,
  { identifiers }: IdentityRules<N>,
): identity is Identity<N> =>
  identity === undefined
    ? identifiers?.length === 0
    : identifiers?.some((name) => Object.hasOwn(identity.identifier, name)) !== false;
