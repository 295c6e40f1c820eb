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

/** In the order in which they identify. */
export const IDENTIFIERS = ['external_id', 'user_alias', 'braze_id', 'email', 'phone'] as const;
export type IdentifierName = (typeof IDENTIFIERS)[number];

/** The one key by which Braze finds the person, as it stands on every object of a request. */
export type Identifier<N extends IdentifierName = IdentifierName> = Identity<N>['identifier'];

type Identities = {
  readonly [N in IdentifierName]: {
    readonly identifier: Pick<IdentifierValues, N>;
    /** Top-level `email` and `phone` beside a primary identifier: fields to set, `null` to unset. */
    readonly contact: { readonly email?: string | null; readonly phone?: string | null };
  };
};

/** Who the conversation is about, found in one of these ways. */
export type Identity<N extends IdentifierName = IdentifierName> = Extract<Identities[IdentifierName], Identities[N]>;

/** Braze's limit for an `external_id`. The others need one too, or 75 objects would exceed 4 MB. */
const MAX_ID_BYTES = 987;

const parseId = (value: CleanValue, ctx: FieldContext): string | undefined => {
  const id = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== 'string') return ctx.invalid('wrong_type');
  if (Buffer.byteLength(id) > MAX_ID_BYTES) return ctx.invalid('too_long');
  return id === ANONYMOUS || holdsReference(id) ? ctx.invalid('placeholder') : id;
};

const INVALID_ID = `it is neither text nor an integer, is over ${MAX_ID_BYTES} bytes, is \`${ANONYMOUS}\`, or holds a variable that was not filled in`;

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
    // The two parts are one identifier, so the whole of it is reported.
    const part = (name: (typeof ALIAS_PARTS)[number]): string | undefined =>
      value[name] === undefined || value[name] === null ? ctx.invalid('missing') : parseId(value[name], ctx);
    const alias_name = part('alias_name');
    const alias_label = part('alias_label');
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
 * The payload with its identifiers cleaned further than other text: no invisible character is left in them, and what a
 * programming language prints for nothing is absent, or everybody with such an id would become one person.
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

/** Whether a text is an external id as it stands: cleaning would leave it, and nobody else could have it. */
export const isExternalId = (text: string): boolean => {
  const ctx = new FieldContext({ now: 0 }, new InvalidPaths());
  const id = cleanIdentifier(clean(text, ctx));
  return isGiven(id) && external_id.parse(id, ctx) === text;
};

/** The payload with the external id that a signed link proves; another one that was typed beside it is reported. */
export const takeVerifiedId = (payload: CleanObject, ctx: FieldContext): CleanObject => {
  const { verifiedId } = ctx.options;
  if (verifiedId === undefined) return payload;
  const idCtx = ctx.child('external_id');
  const typed = isGiven(payload.external_id) ? external_id.parse(payload.external_id, idCtx) : undefined;
  if (typed !== undefined && typed !== verifiedId) idCtx.invalid('conflicting_identifier');
  return { ...payload, external_id: verifiedId };
};

/** How a node finds the person. */
export interface IdentityRules<N extends IdentifierName = IdentifierName> {
  /** By what the endpoint finds a person, if it cannot do so by all five; none where a request is about nobody. */
  readonly identifiers?: readonly N[];
  /**
   * Whether an identifier that is given and invalid stops the call, instead of the next one being taken. For nodes that
   * read, merge or identify: they would do it to somebody else.
   */
  readonly exactIdentity?: boolean;
}

/**
 * Finds who the payload is about: the first valid identifier in the order of `IDENTIFIERS`. The others are not looked at,
 * except `email` and `phone`, which are fields to set beside a primary identifier. Without any, `external_id` is
 * reported, and so is what the endpoint cannot find a person by.
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
  // Somebody has proved who they are, and the endpoint cannot find them so: another identifier could be anybody's.
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

/** Whether the person was found in a way that the rules accept; where they accept none, whether there is no person. */
export const isFoundBy = <N extends IdentifierName>(
  identity: Identity | undefined,
  { identifiers }: IdentityRules<N>,
): identity is Identity<N> =>
  identity === undefined
    ? identifiers?.length === 0
    : identifiers?.some((name) => Object.hasOwn(identity.identifier, name)) !== false;
