import type { JsonObject } from '../json.ts';
import { isName } from './custom.ts';
import { ECOMMERCE, withRequired } from './ecommerce.ts';
import { toMoment } from './fields/time.ts';
import { properties } from './properties.ts';
import {
  type CleanValue,
  type Field,
  type FieldContext,
  isObject,
  object,
  required,
  validIfPresent,
} from './schema.ts';

/** When something happened; a moment is never guessed, so what is given must be readable. */
export const time: Field<string> = {
  sends: 'ISO 8601 in UTC; without it, the moment of the call',
  invalidWhen: 'it is neither ISO 8601 with a zone nor epoch seconds or milliseconds; then its whole object is invalid',
  schema: {
    anyOf: [
      { type: ['string', 'number'] },
      { type: 'object', properties: { $time: { type: ['string', 'number'] } }, required: ['$time'] },
    ],
    examples: ['2026-05-01T10:00:00Z', '1777629600'],
  },
  parse: (value, ctx) => toMoment(isObject(value) ? value.$time : value) ?? ctx.invalid('not_a_time'),
};

const name: Field<string> = {
  sends: 'as given',
  invalidWhen: 'it is empty, over 255 characters or begins with `$`',
  schema: { type: 'string', maxLength: 255, examples: ['conversation_started'] },
  parse: (value, ctx) => (typeof value === 'string' && isName(value) ? value : ctx.invalid('invalid_name')),
};

/** What an event says, wherever it stands: in `event`, in `events`, or as the payload of `track-event`. */
export const eventFields = {
  name: required(name),
  time: validIfPresent(time),
  properties: properties(['time', 'event_name']),
} as const;

/** An event as the payload says it; the identifier and a missing `time` are added when it is sent. */
export interface Event {
  readonly name: string;
  readonly time?: string;
  readonly properties?: JsonObject;
}

/**
 * Braze's recommended e-commerce events have required properties with types; without one of them the event is
 * invalid. Text that holds a number is one there, because the schema asks for it. `given` is the event as the payload
 * says it.
 */
export const asRecommended = <E extends Event>(
  event: E,
  given: { readonly properties?: CleanValue },
  ctx: FieldContext,
): E | undefined => {
  const rules = ECOMMERCE.get(event.name);
  if (rules === undefined) return event;
  const properties = withRequired(rules, event.properties ?? {}, given.properties, ctx.child('properties'));
  return properties === undefined ? undefined : { ...event, properties };
};

const fields = object(eventFields, {
  sends: 'an event',
  invalidWhen:
    'its `name` is missing or invalid, or its `time` is given and invalid; an `ecommerce.…` event also without the properties that Braze requires of it',
  check: asRecommended,
});

export const event: Field<Event> = {
  ...fields,
  schema: { ...fields.schema, examples: [{ name: 'conversation_started', properties: { flow: 'summer_sale' } }] },
};
