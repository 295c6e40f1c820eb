import { isArray, isObject, type Json } from '../../json.ts';
import { type Endpoint, SUBSCRIPTIONS } from '../endpoint.ts';
import { RequestRefused } from '../refusal.ts';
import { checkUsers, groupStateOf, subscribe, textsOf } from '../subscription.ts';

const readGroup = (value: Json) => {
  if (!isObject(value)) throw new RequestRefused("'subscription_groups' must be an array of objects");
  const users = [
    ...textsOf(value, 'external_ids').map((external_id) => ({ external_id })),
    ...textsOf(value, 'emails').map((email) => ({ email })),
    ...textsOf(value, 'phones').map((phone) => ({ phone })),
  ];
  checkUsers(users);
  return { group: groupStateOf(value), users };
};

export const v2SubscriptionStatusSet: Endpoint = {
  permission: 'subscription.status.set',
  rate: SUBSCRIPTIONS,
  answer: ({ body, workspace }) => {
    const { subscription_groups: groups } = body;
    if (!isArray(groups) || groups.length === 0) {
      throw new RequestRefused("'subscription_groups' must be an array of objects");
    }
    for (const { group, users } of groups.map(readGroup)) subscribe(workspace, users, group);
    return { status: 201, body: { message: 'success' } };
  },
};
