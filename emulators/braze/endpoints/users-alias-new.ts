import { isText } from '../../json.ts';
import { answerAliases, type ReadAliasItem } from '../alias-batch.ts';
import { type Endpoint, USER_MANAGEMENT } from '../endpoint.ts';
import { aliasOf } from '../identifier.ts';
import { ItemRefused } from '../refusal.ts';

const readAlias: ReadAliasItem = (item, { workspace }) => {
  const alias = aliasOf(item);
  if (!alias) throw new ItemRefused('NO_IDENTIFIER');
  const { external_id } = item;
  if (external_id !== undefined && !isText(external_id)) throw new ItemRefused('NO_IDENTIFIER');
  return () => {
    if (workspace.find({ user_alias: alias })) return false;
    if (external_id === undefined) {
      workspace.create({ user_alias: alias });
      return true;
    }
    const profile = workspace.find({ external_id });
    const isTaken = profile?.user_aliases.some(({ alias_label }) => alias_label === alias.alias_label);
    if (!profile || isTaken) return false;
    profile.user_aliases.push(alias);
    workspace.touch(profile);
    return true;
  };
};

export const usersAliasNew: Endpoint = {
  permission: 'users.alias.new',
  rate: USER_MANAGEMENT,
  answer: (call) => answerAliases(call, [{ key: 'user_aliases', read: readAlias }]),
};
