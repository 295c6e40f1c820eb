import { countryOf } from './attributes.ts';
import { clean } from './clean.ts';
import { type Cleaned, type Field, Place, type Reading, Unusable } from './field.ts';
import { toBoolean } from './fields/boolean.ts';
import { type IdentifierName, type Identity, readIdentity } from './identity.ts';
import { isObject } from './object.ts';
import { jsonBytes } from './size.ts';

/** What is accepted also fits a queue's message, with its envelope and an identifier on each of 75 objects. */
const LARGEST_PAYLOAD = 256 * 1_024;

/** What a mapping may know besides what the payload says to its own node. */
export interface Call {
  readonly identity: Identity;
  readonly updateExistingOnly: boolean;
  /** The moment of the call, in milliseconds since 1970. */
  readonly now: number;
  /** The chat's `context.user_data`, cleaned. */
  readonly userData: Cleaned;
}

/** What could be read, or why nothing can be sent; and in either case the paths that could not be used. */
export type ReadPayload<P> = { readonly unusable: readonly string[] } & (
  | { readonly readable: true; readonly said: P; readonly call: Call }
  | { readonly readable: false; readonly why: string }
);

/**
 * Reads a node's payload (contract, section 4): size, cleaning, identity, then the node's own fields. A pure function of
 * the payload and of `reading`. With `"strict": "true"` one unusable field is enough to refuse all of it.
 */
export const readPayload = <P>(
  given: object | undefined,
  rule: Field<P>,
  reading: Reading,
  userData: Cleaned,
  accepted?: readonly IdentifierName[],
): ReadPayload<P> => {
  if (given === undefined) return { readable: false, why: 'The payload is missing or is not an object.', unusable: [] };
  if (jsonBytes(given, LARGEST_PAYLOAD) > LARGEST_PAYLOAD) {
    return { readable: false, why: 'The payload is larger than 256 KB.', unusable: [] };
  }
  const list = new Unusable();
  const top = new Place(reading, list);
  const cleaned = clean(given, top);
  const payload = isObject(cleaned) ? cleaned : {};
  const country = countryOf(payload.attributes, new Place(reading, new Unusable()));
  const at = top.knowing({ country });

  const flag = (name: string): boolean => {
    const value = payload[name];
    return value === undefined || value === null ? false : (toBoolean(value) ?? at.at(name).refuse() ?? false);
  };
  const strict = flag('strict');
  const updateExistingOnly = flag('update_existing_only');
  const identity = readIdentity(payload, at, accepted);
  const said = rule.read(payload, at.knowing({ foundBy: foundBy(identity) }));

  const unusable = list.paths;
  if (identity === undefined) return { readable: false, why: 'No usable identifier is left.', unusable };
  if (said === undefined) return { readable: false, why: 'A required field is missing or unusable.', unusable };
  if (strict && unusable.length > 0) {
    return { readable: false, why: 'The payload is strict, and some of its fields are unusable.', unusable };
  }
  return { readable: true, said, call: { identity, updateExistingOnly, now: reading.now, userData }, unusable };
};

const foundBy = (identity: Identity | undefined): Reading['foundBy'] => {
  if (identity === undefined) return undefined;
  const { identifier } = identity;
  if ('email' in identifier) return { name: 'email', value: identifier.email };
  return 'phone' in identifier ? { name: 'phone', value: identifier.phone } : undefined;
};
