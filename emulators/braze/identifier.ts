import { isObject, isText, type Json, type JsonObject } from '../json.ts';
import { isEmail, phoneOf } from './contact.ts';
import type { UserAlias } from './profile.ts';
import { ItemRefused } from './refusal.ts';

/** What names a person: one key, spelled as on the wire. */
export type Identifier =
  | { readonly external_id: string }
  | { readonly user_alias: UserAlias }
  | { readonly braze_id: string }
  | { readonly email: string }
  | { readonly phone: string };

/** Undefined unless both parts are there. */
export const aliasOf = (value: Json | undefined): UserAlias | undefined => {
  if (!isObject(value)) return undefined;
  const { alias_name, alias_label } = value;
  return isText(alias_name) && isText(alias_label) ? { alias_name, alias_label } : undefined;
};

export const isSameAlias = (one: UserAlias, other: UserAlias): boolean =>
  one.alias_name === other.alias_name && one.alias_label === other.alias_label;

const externalIdOf = (value: string, blocklist: readonly string[]): Identifier => {
  if (Buffer.byteLength(value) > 987) throw new ItemRefused('EXTERNAL_USER_ID_TOO_LARGE');
  if (blocklist.includes(value)) throw new ItemRefused('BLACKLISTED_EXTERNAL_USER_ID');
  return { external_id: value };
};

const primaryOf = ({ external_id, user_alias, braze_id }: JsonObject, blocklist: readonly string[]): Identifier => {
  if (isText(external_id)) return externalIdOf(external_id, blocklist);
  if (isText(braze_id)) return { braze_id };
  const alias = aliasOf(user_alias);
  if (!alias) throw new ItemRefused('NO_IDENTIFIER');
  return { user_alias: alias };
};

/** Email and phone name the person only where no primary identifier does; of both, email. */
const secondaryOf = ({ email, phone }: JsonObject): Identifier => {
  if (email !== undefined && email !== null) {
    if (!isText(email) || !isEmail(email)) throw new ItemRefused('EMAIL_BAD_FORMAT');
    return { email };
  }
  const number = phoneOf(phone);
  if (number === undefined) throw new ItemRefused('NO_IDENTIFIER');
  return { phone: number };
};

/** The identifier of an object of attributes, events or purchases. */
export const identifierOf = (item: JsonObject, blocklist: readonly string[]): Identifier => {
  const primary = ['external_id', 'user_alias', 'braze_id'].filter((key) => Object.hasOwn(item, key));
  if (primary.length > 1) throw new ItemRefused('SEVERAL_IDENTIFIERS');
  return primary.length === 1 ? primaryOf(item, blocklist) : secondaryOf(item);
};
