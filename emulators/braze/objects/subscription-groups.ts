import { isArray, isObject, type Json } from '../../json.ts';
import { ItemRefused } from '../refusal.ts';

export interface GroupState {
  readonly id: string;
  readonly state: string;
}

export const isGroupId = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);

export const isGroupState = (value: Json | undefined): value is string =>
  value === 'subscribed' || value === 'unsubscribed';

const groupOf = (value: Json): GroupState => {
  if (!isObject(value)) throw new ItemRefused('BAD_SUBSCRIPTION_GROUP_HASH');
  const { subscription_group_id: id, subscription_state: state } = value;
  if (id === undefined || state === undefined) throw new ItemRefused('BAD_SUBSCRIPTION_GROUP_HASH');
  if (!isGroupId(id)) throw new ItemRefused('BAD_SUBSCRIPTION_GROUP_ID');
  if (!isGroupState(state)) throw new ItemRefused('BAD_SUBSCRIPTION_GROUP_STATE');
  return { id, state };
};

export const groupsOf = (value: Json): GroupState[] => {
  if (!isArray(value)) throw new ItemRefused('BAD_SUBSCRIPTION_GROUP_ARRAY');
  return value.map(groupOf);
};
