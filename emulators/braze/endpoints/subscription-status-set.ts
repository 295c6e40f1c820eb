import { type Endpoint, SUBSCRIPTIONS } from '../endpoint.ts';
import { checkUsers, groupStateOf, subscribe, textsOf } from '../subscription.ts';

export const subscriptionStatusSet: Endpoint = {
  permission: 'subscription.status.set',
  rate: SUBSCRIPTIONS,
  answer: ({ body, workspace }) => {
    const group = groupStateOf(body);
    const users = [
      ...textsOf(body, 'email').map((email) => ({ email })),
      ...textsOf(body, 'phone').map((phone) => ({ phone })),
    ];
    checkUsers(users);
    subscribe(workspace, users, group);
    return { status: 201, body: { message: 'success' } };
  },
};
