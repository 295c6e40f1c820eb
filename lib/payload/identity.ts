import { email } from './fields/email.ts';
import { phone } from './fields/phone.ts';
import { type CleanValue, EMPTY, type Field, type FieldContext, isObject } from './schema.ts';

export type UserAlias = { readonly alias_name: string; readonly alias_label: string };

/** The one key by which Braze finds the person, as it stands on every object of a request. */
export type Identifier =
  | { readonly external_id: string }
  | { readonly user_alias: UserAlias }
  | { readonly braze_id: string }
  | { readonly email: string }
  | { readonly phone: string };

/** Who the conversation is about (contract, section 4, "Identity"). */
export interface Identity {
  readonly identifier: Identifier;
  /** Top-level `email` and `phone` beside a primary identifier: fields to set, `null` to unset. */
  readonly contact: { readonly email?: string | null; readonly phone?: string | null };
}

/** Braze says so of an `external_id`; without a limit of some kind, 75 objects would carry the others beyond 4 MB. */
const LONGEST_ID = 987;

const isId = (value: CleanValue): value is string =>
  typeof value === 'string' && Buffer.byteLength(value) <= LONGEST_ID;

const checkId = (value: CleanValue, ctx: FieldContext): string | undefined => {
  if (typeof value !== 'string') return ctx.invalid('wrong_type');
  return isId(value) ? value : ctx.invalid('too_long');
};

export const external_id: Field<string> = {
  sends: 'as given',
  invalidWhen: `it is over ${LONGEST_ID} bytes, or \`Visitor\``,
  schema: { type: ['string', 'integer'], examples: ['{CUSTOMER_ID}'] },
  parse: (value, ctx) => {
    const id = Number.isSafeInteger(value) ? String(value) : value;
    return id === 'Visitor' ? ctx.invalid('placeholder') : checkId(id, ctx);
  },
};

export const user_alias: Field<UserAlias> = {
  sends: '`{alias_name, alias_label}`',
  invalidWhen: `one of its two parts is missing, or over ${LONGEST_ID} bytes`,
  schema: {
    type: 'object',
    properties: { alias_name: { type: 'string' }, alias_label: { type: 'string' } },
    required: ['alias_name', 'alias_label'],
    examples: [{ alias_name: '{ALIAS_NAME}', alias_label: 'pypestream' }],
  },
  parse: (value, ctx) => {
    const { alias_name, alias_label } = isObject(value) ? value : {};
    return isId(alias_name) && isId(alias_label) ? { alias_name, alias_label } : ctx.invalid('wrong_type');
  },
};

export const braze_id: Field<string> = {
  sends: 'as given',
  invalidWhen: `it is not text, or over ${LONGEST_ID} bytes`,
  schema: { type: 'string' },
  parse: checkId,
};

/** In the order in which they identify. */
export const IDENTIFIERS = ['external_id', 'user_alias', 'braze_id', 'email', 'phone'] as const;
export type IdentifierName = (typeof IDENTIFIERS)[number];

const usable = <T>(field: Field<T>, value: CleanValue, ctx: FieldContext): T | undefined =>
  value === undefined || value === null || value === EMPTY ? undefined : ctx.parse(field, value);

/**
 * Who the payload is about: the first usable of `external_id`, `user_alias`, `braze_id`, `email`, `phone`; those after
 * it are not looked at, but for the contact fields, nor is what the node's endpoint finds nobody by (`accepted`). Without
 * any, those and `external_id` are named unusable, and nothing can be sent.
 */
export const parseIdentity = (
  payload: { readonly [key: string]: CleanValue },
  ctx: FieldContext,
  accepted: readonly IdentifierName[] = IDENTIFIERS,
): Identity | undefined => {
  const address = payload.email === null ? null : usable(email, payload.email, ctx.child('email'));
  const number = payload.phone === null ? null : usable(phone, payload.phone, ctx.child('phone'));
  const contact = { ...(address !== undefined && { email: address }), ...(number !== undefined && { phone: number }) };

  const primary = <T>(name: IdentifierName, field: Field<T>): T | undefined =>
    accepted.includes(name) ? usable(field, payload[name], ctx.child(name)) : undefined;
  const id = primary('external_id', external_id);
  if (id !== undefined) return { identifier: { external_id: id }, contact };
  const alias = primary('user_alias', user_alias);
  if (alias !== undefined) return { identifier: { user_alias: alias }, contact };
  const braze = primary('braze_id', braze_id);
  if (braze !== undefined) return { identifier: { braze_id: braze }, contact };

  if (typeof address === 'string' && accepted.includes('email')) return { identifier: { email: address }, contact: {} };
  if (typeof number === 'string' && accepted.includes('phone')) return { identifier: { phone: number }, contact: {} };
  for (const name of IDENTIFIERS)
    if (payload[name] !== undefined && !accepted.includes(name)) ctx.child(name).invalid('not_accepted_here');
  return ctx.child('external_id').invalid('missing');
};
