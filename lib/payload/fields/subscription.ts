import { type CleanValue, type Field, list, type Output, object, required, validIfPresent } from '../schema.ts';
import { toPlainText } from '../words/plain-text.ts';
import { flag } from './boolean.ts';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

const toLowerCase = (value: CleanValue): string => (typeof value === 'string' ? toPlainText(value).toLowerCase() : '');

/** Accepts only Braze's words, because consent must not be guessed. */
const oneOfStates = (...states: readonly string[]): Field<string> => ({
  sends: states.map((state) => `\`${state}\``).join(', '),
  invalidWhen: 'it is another word (letter case is ignored)',
  schema: { type: 'string', enum: states },
  parse: (value, ctx) => {
    const state = toLowerCase(value);
    return states.includes(state) ? state : ctx.invalid('unknown_value');
  },
});

/** `email_subscribe` and `push_subscribe`. */
export const subscriptionState: Field<string> = oneOfStates('opted_in', 'subscribed', 'unsubscribed');

export const subscription_group_id: Field<string> = {
  sends: 'lower case',
  invalidWhen: 'it is not a UUID',
  schema: { type: 'string', format: 'uuid', examples: ['0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11'] },
  parse: (value, ctx) => {
    const id = toLowerCase(value);
    return UUID.test(id) ? id : ctx.invalid('not_a_uuid');
  },
};

const group = object({
  subscription_group_id: required(subscription_group_id),
  subscription_state: required(oneOfStates('subscribed', 'unsubscribed')),
  // Without an invalid switch, a person would be subscribed without the double opt-in that was asked for.
  use_double_opt_in_logic: validIfPresent(flag),
});

export type SubscriptionGroup = Output<typeof group.fields>;

/** Subscription groups as `users/track` accepts them. */
export const subscription_groups: Field<readonly SubscriptionGroup[]> = {
  ...list(group),
  sends: 'the valid groups',
  invalidWhen: 'it is not a list; of a list, only groups with an invalid id, state or switch are left out',
  schema: {
    type: 'array',
    items: group.schema,
    examples: [[{ subscription_group_id: '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11', subscription_state: 'subscribed' }]],
  },
};
