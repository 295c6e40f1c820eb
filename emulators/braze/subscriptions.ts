import { isText, type Json, type JsonObject } from '../json.ts';
import { isGroupState, isSubscriptionState, setSubscriptionState } from './attributes.ts';
import {
  API,
  type Call,
  type Endpoint,
  type Rate,
  type Reply,
  RequestError,
  readObjects,
  readTexts,
  SHARED,
  success,
} from './endpoint.ts';
import { isE164, isEmail, isGroupId } from './values.ts';
import type { Identifier, ProfileRecord } from './workspace.ts';

const MAX_USERS = 50;
const SET_RATE: Rate = { pool: 'subscriptions', limit: 5_000, perMs: 60_000 };

const readGroup = ({ subscription_group_id: id, subscription_state: state }: JsonObject) => {
  if (!isGroupId(id)) throw new RequestError("'subscription_group_id' is not valid");
  if (!isGroupState(state)) throw new RequestError("'subscription_state' is not valid");
  return { id, state };
};

const checkUsers = (users: readonly Identifier[]): void => {
  const isMixed = users.some((user) => 'email' in user) && users.some((user) => 'phone' in user);
  if (isMixed) throw new RequestError("Only one of 'email' and 'phone' is allowed");
  if (users.length === 0) throw new RequestError("'email' or 'phone' is required");
  if (users.length > MAX_USERS) throw new RequestError('The max number of ids per request was exceeded');
};

/** Sets the state of every profile that the identifiers match. */
const subscribe = (
  { workspace }: Call,
  users: readonly Identifier[],
  { id, state }: ReturnType<typeof readGroup>,
): void => {
  for (const profile of new Set(users.flatMap((user) => workspace.matches(user)))) {
    profile.subscription_groups.set(id, state);
    workspace.touch(profile);
  }
};

const setStatus = (call: Call): Reply => {
  const group = readGroup(call.body);
  const users = [
    ...readTexts(call.body, 'external_id').map((external_id) => ({ external_id })),
    ...readTexts(call.body, 'email').map((email) => ({ email })),
    ...readTexts(call.body, 'phone').map((phone) => ({ phone })),
  ];
  checkUsers(users);
  subscribe(call, users, group);
  return success();
};

const setStatusV2 = (call: Call): Reply => {
  const groups = readObjects(call.body, 'subscription_groups');
  if (groups.length === 0) throw new RequestError("'subscription_groups' must be an array of objects");
  const changes = groups.map((value) => {
    const users = [
      ...readTexts(value, 'external_ids').map((external_id) => ({ external_id })),
      ...readTexts(value, 'emails').map((email) => ({ email })),
      ...readTexts(value, 'phones').map((phone) => ({ phone })),
    ];
    checkUsers(users);
    return { group: readGroup(value), users };
  });
  for (const { group, users } of changes) subscribe(call, users, group);
  return success();
};

/** A query parameter, given once as `name` or several times as `name[]`. */
const readParameter = (query: URLSearchParams, name: string): string[] =>
  [...query.getAll(name), ...query.getAll(`${name}[]`)].filter(isText);

interface Person {
  readonly given: string;
  readonly identifier: Identifier;
}

/** The people that a look-up asks for; with an external id, email and phone are ignored. */
const readPeople = ({ query }: Call): readonly Person[] => {
  const byId = readParameter(query, 'external_id').map((given) => ({ given, identifier: { external_id: given } }));
  const byEmail = readParameter(query, 'email').map((given) => ({ given, identifier: { email: given } }));
  // A plus sign that is not percent-encoded arrives as a space, and the number matches no profile.
  const byPhone = readParameter(query, 'phone').map((given) => ({ given, identifier: { phone: given } }));
  if (byId.length === 0 && byEmail.length > 0 && byPhone.length > 0) {
    throw new RequestError("Only one of 'email' and 'phone' is allowed");
  }
  const people = byId.length > 0 ? byId : [...byEmail, ...byPhone];
  if (people.length === 0) throw new RequestError("'external_id', 'email' or 'phone' is required");
  if (people.length > MAX_USERS) throw new RequestError('The max number of ids per request was exceeded');
  return people;
};

const toWord = (state: string | undefined): 'Subscribed' | 'Unsubscribed' | 'Unknown' => {
  if (state === undefined) return 'Unknown';
  return state === 'subscribed' ? 'Subscribed' : 'Unsubscribed';
};

/** Returns only the state in the group; the state of the whole channel is in an export. */
const getStatus = (call: Call): Reply => {
  const group = call.query.get('subscription_group_id') ?? '';
  if (!isGroupId(group)) throw new RequestError("'subscription_group_id' is not valid");
  const entries = readPeople(call).map(({ given, identifier }) => {
    const state = call.workspace.find(identifier)?.subscription_groups.get(group);
    return [given, toWord(state)] as const;
  });
  return { status: 200, body: { status: Object.fromEntries(entries), message: 'success' } };
};

const orNull = (value: Json | undefined): Json => value ?? null;

const describeGroups = ({ subscription_groups, external_id, attributes }: ProfileRecord): JsonObject => ({
  external_id: orNull(external_id),
  email: orNull(attributes.get('email')),
  phone: orNull(attributes.get('phone')),
  subscription_groups: [...subscription_groups].map(([id, state]) => ({
    id,
    name: id,
    channel: 'email',
    status: toWord(state),
  })),
});

const listGroups = (call: Call): Reply => {
  const found = new Set(readPeople(call).flatMap(({ identifier }) => call.workspace.matches(identifier)));
  const limit = Number(call.query.get('limit') ?? '100');
  const offset = Number(call.query.get('offset') ?? '0');
  const users = [...found].slice(offset, offset + Math.min(limit, 100)).map(describeGroups);
  return { status: 200, body: { users, total_count: found.size, message: 'success' } };
};

const setEmailStatus = (call: Call): Reply => {
  const emails = readTexts(call.body, 'email');
  const { subscription_state: state } = call.body;
  if (emails.length === 0 || !emails.every(isEmail)) throw new RequestError("'email' is not valid");
  if (!isSubscriptionState(state)) throw new RequestError("'subscription_state' is not valid");
  for (const profile of new Set(emails.flatMap((email) => call.workspace.matches({ email })))) {
    setSubscriptionState(profile, 'email_subscribe', state, call.now);
    call.workspace.touch(profile);
  }
  return success();
};

/** The emulated workspace has no list of bounces, spam reports or invalid numbers, so there is nothing to take off it. */
const removeFromList =
  (key: string, isValid: (text: string) => boolean): Endpoint['respond'] =>
  ({ body }) => {
    const values = readTexts(body, key);
    if (values.length === 0 || !values.every(isValid)) throw new RequestError(`'${key}' is not valid`);
    return success();
  };

/** Braze does not document the answer for a preference center or a user that it does not know. */
const getPreferenceCenter = ({ params, settings, workspace }: Call): Reply => {
  const { preference_center_id = '', external_id = '' } = params;
  if (!settings.preferenceCenters.includes(preference_center_id))
    throw new RequestError('Preference center not found', 404);
  const profile = workspace.find({ external_id });
  if (!profile) throw new RequestError('User not found', 404);
  const path = `${encodeURIComponent(preference_center_id)}/${profile.braze_id}`;
  return { status: 200, body: { preference_center_url: `https://preferences.example.com/${path}` } };
};

export const subscriptionEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: 'subscription/status/set',
    permission: 'subscription.status.set',
    rate: SET_RATE,
    page: `${API}/subscription_groups/post_update_user_subscription_group_status/`,
    respond: setStatus,
  },
  {
    method: 'POST',
    path: 'v2/subscription/status/set',
    permission: 'subscription.status.set',
    rate: SET_RATE,
    page: `${API}/subscription_groups/post_update_user_subscription_group_status_v2/`,
    respond: setStatusV2,
  },
  {
    method: 'GET',
    path: 'subscription/status/get',
    permission: 'subscription.status.get',
    rate: SHARED,
    page: `${API}/subscription_groups/get_list_user_subscription_group_status/`,
    respond: getStatus,
  },
  {
    method: 'GET',
    path: 'subscription/user/status',
    permission: 'subscription.groups.get',
    rate: SHARED,
    page: `${API}/subscription_groups/get_list_user_subscription_groups/`,
    respond: listGroups,
  },
  {
    method: 'POST',
    path: 'email/status',
    permission: 'email.status',
    rate: SHARED,
    page: `${API}/email/post_email_subscription_status/`,
    respond: setEmailStatus,
  },
  {
    method: 'POST',
    path: 'email/bounce/remove',
    permission: 'email.bounce.remove',
    rate: SHARED,
    page: `${API}/email/post_remove_hard_bounces/`,
    respond: removeFromList('email', isEmail),
  },
  {
    method: 'POST',
    path: 'email/spam/remove',
    permission: 'email.spam.remove',
    rate: SHARED,
    page: `${API}/email/post_remove_spam/`,
    respond: removeFromList('email', isEmail),
  },
  {
    method: 'POST',
    path: 'sms/invalid_phone_numbers/remove',
    permission: 'sms.invalid_phone_numbers.remove',
    rate: SHARED,
    page: `${API}/sms/post_remove_invalid_numbers/`,
    respond: removeFromList('phone_numbers', isE164),
  },
  {
    method: 'GET',
    path: 'preference_center/v1/{preference_center_id}/url/{external_id}',
    permission: 'preference_center.user.get',
    rate: { pool: 'preference center url', limit: 1_000, perMs: 60_000 },
    page: `${API}/preference_center/get_create_url_preference_center/`,
    respond: getPreferenceCenter,
  },
];
