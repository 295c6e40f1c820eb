import type { Cleaned, Field } from '../field.ts';
import { object, type Read, required, valuesOf, vital } from '../object.ts';
import { flag } from './flag.ts';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

const lowered = (value: Cleaned): string => (typeof value === 'string' ? value.toLowerCase() : '');

/** Consent is taken as Braze spells it, never read out of other words. */
const stateOf = (...states: readonly string[]): Field<string> => ({
  becomes: states.map((state) => `\`${state}\``).join(', '),
  unusableWhen: 'it is another word (letter case is ignored)',
  schema: { type: 'string', enum: states },
  read: (value, at) => {
    const state = lowered(value);
    return states.includes(state) ? state : at.refuse();
  },
});

/** `email_subscribe` and `push_subscribe`. */
export const subscriptionState: Field<string> = stateOf('opted_in', 'subscribed', 'unsubscribed');

const groupId: Field<string> = {
  becomes: 'lower case',
  unusableWhen: 'it is not a UUID',
  schema: { type: 'string', format: 'uuid' },
  read: (value, at) => {
    const id = lowered(value);
    return UUID.test(id) ? id : at.refuse();
  },
};

const group = object({
  subscription_group_id: required(groupId),
  subscription_state: required(stateOf('subscribed', 'unsubscribed')),
  // Vital: a subscription without its double opt-in would be another one than was asked for.
  use_double_opt_in_logic: vital(flag),
});

export type SubscriptionGroup = Read<typeof group.fields>;

/** Subscription groups as `/users/track` takes them; an unusable group does not hold up the others. */
export const subscription_groups: Field<readonly SubscriptionGroup[]> = {
  ...valuesOf(group),
  becomes: 'the usable groups',
  unusableWhen: 'it is not a list; a group whose id, state or switch is unusable is left out by itself',
  schema: {
    type: 'array',
    items: group.schema,
    examples: [[{ subscription_group_id: '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11', subscription_state: 'subscribed' }]],
  },
};
