import { isText, type Json } from '../../json.ts';
import { answerAliases, type ReadAliasItem } from '../alias-batch.ts';
import { isEmail, phoneOf } from '../contact.ts';
import { type Call, type Endpoint, USER_MANAGEMENT } from '../endpoint.ts';
import { aliasOf, type Identifier, identifierOf } from '../identifier.ts';
import { mergeInto } from '../merging.ts';
import { choose, prioritizationOf } from '../prioritization.ts';
import type { ProfileRecord } from '../profile.ts';
import { ItemRefused } from '../refusal.ts';

const externalIdOf = (value: Json | undefined, { settings }: Call): string => {
  const identifier = isText(value) ? identifierOf({ external_id: value }, settings.blocklist) : undefined;
  if (!identifier || !('external_id' in identifier)) throw new ItemRefused('NO_IDENTIFIER');
  return identifier.external_id;
};

/** Whether the profile is now the one of the external id. */
const identify = ({ workspace }: Call, source: ProfileRecord, external_id: string): boolean => {
  const target = workspace.find({ external_id });
  if (target === source) return true;
  if (target) {
    mergeInto(workspace, target, source);
    return true;
  }
  // An external id can't be taken off its user.
  if (source.external_id !== undefined) return false;
  source.external_id = external_id;
  workspace.touch(source);
  return true;
};

const readAlias: ReadAliasItem = (item, call) => {
  const external_id = externalIdOf(item.external_id, call);
  const user_alias = aliasOf(item.user_alias);
  if (!user_alias) throw new ItemRefused('NO_IDENTIFIER');
  return () => {
    const source = call.workspace.find({ user_alias });
    const target = call.workspace.find({ external_id });
    const isTaken = target?.user_aliases.some(({ alias_label }) => alias_label === user_alias.alias_label);
    if (source && target !== source && isTaken) return false;
    return source !== undefined && identify(call, source, external_id);
  };
};

const readContact =
  (identifierIn: (item: Parameters<ReadAliasItem>[0]) => Identifier): ReadAliasItem =>
  (item, call) => {
    const external_id = externalIdOf(item.external_id, call);
    const identifier = identifierIn(item);
    const prioritization = prioritizationOf(item.prioritization);
    if (!prioritization) throw new ItemRefused('BAD_PRIORITIZATION');
    return () => {
      const source = choose(call.workspace, identifier, prioritization);
      return source !== undefined && identify(call, source, external_id);
    };
  };

const readEmail = readContact(({ email }) => {
  if (!isText(email) || !isEmail(email)) throw new ItemRefused('EMAIL_BAD_FORMAT');
  return { email };
});

const readPhone = readContact(({ phone }) => {
  const number = phoneOf(phone);
  if (number === undefined) throw new ItemRefused('NO_IDENTIFIER');
  return { phone: number };
});

export const usersIdentify: Endpoint = {
  permission: 'users.identify',
  rate: USER_MANAGEMENT,
  answer: (call) =>
    answerAliases(call, [
      { key: 'aliases_to_identify', read: readAlias },
      { key: 'emails_to_identify', read: readEmail },
      { key: 'phone_numbers_to_identify', read: readPhone },
    ]),
};
