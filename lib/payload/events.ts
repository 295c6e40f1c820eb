import type { JsonObject } from '../json.ts';
import { isName } from './custom.ts';
import { RECOMMENDED_EVENTS } from './ecommerce.ts';
import { MAX_TEXT_CHARACTERS } from './fields/text.ts';
import { toTimestamp } from './fields/time.ts';
import { properties } from './properties.ts';
import {
  type CleanValue,
  type Field,
  type FieldContext,
  type Fields,
  isGiven,
  isObject,
  object,
  required,
  validIfPresent,
} from './schema.ts';

/** When something happened. */
export const time: Field<string> = {
  sends: 'ISO 8601 in UTC; without it, the time of the call',
  invalidWhen: 'it is neither ISO 8601 with a zone nor epoch seconds or milliseconds; then its whole object is invalid',
  schema: {
    anyOf: [
      { type: ['string', 'number'] },
      { type: 'object', properties: { $time: { type: ['string', 'number'] } }, required: ['$time'] },
    ],
    examples: ['2026-05-01T10:00:00Z', '1777629600'],
  },
  parse: (value, ctx) => toTimestamp(isObject(value) ? value.$time : value) ?? ctx.invalid('not_a_time'),
};

const name: Field<string> = {
  sends: 'as given',
  invalidWhen: `it is empty, over ${MAX_TEXT_CHARACTERS} characters or begins with \`$\``,
  schema: { type: 'string', maxLength: MAX_TEXT_CHARACTERS, examples: ['conversation_started'] },
  parse: (value, ctx) => (typeof value === 'string' && isName(value) ? value : ctx.invalid('invalid_name')),
};

/** The fields of an event: in `event`, in `events` and in the payload of `track-event`. */
export const eventFields = {
  name: required(name),
  time: validIfPresent(time),
  properties: properties(['time', 'event_name']),
} as const;

/** An event without its identifier; a missing `time` is added when it is sent. */
export interface Event {
  readonly name: string;
  readonly time?: string;
  readonly properties?: JsonObject;
}

const words = {
  sends: 'an event',
  invalidWhen:
    'its `name` is missing or invalid, or its `time` is given and invalid; a recommended `ecommerce.…` event also without the properties that Braze requires of it',
};

/** The schemas of the properties of recommended events, selected by the event's name. */
const recommendedSchemas = [...RECOMMENDED_EVENTS].map(([name, { schema }]) => ({
  if: { type: 'object', properties: { name: { const: name } }, required: ['name'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { type: 'object', properties: { properties: schema }, required: ['properties'] },
}));

/** An event with further fields. A recommended event, known by its name, has the properties of Braze's schema. */
export const eventWith = <F extends Fields>(fields: F) => {
  const custom = object({ ...eventFields, ...fields }, words);
  const recommended = new Map(
    [...RECOMMENDED_EVENTS].map(([name, properties]) => [
      name,
      object({ ...eventFields, properties: required(properties), ...fields }, words),
    ]),
  );
  return {
    ...custom,
    schema: { ...custom.schema, allOf: recommendedSchemas },
    parse: (value: Exclude<CleanValue, undefined>, ctx: FieldContext) => {
      const name = isObject(value) && typeof value.name === 'string' ? value.name : '';
      const schema = recommended.get(name);
      if (schema === undefined || !isObject(value)) return custom.parse(value, ctx);
      // So that each missing required property is reported, also if there are no properties.
      return schema.parse(isGiven(value.properties) ? value : { ...value, properties: {} }, ctx);
    },
  };
};

const fields = eventWith({});

export const event: Field<Event> = {
  ...fields,
  schema: { ...fields.schema, examples: [{ name: 'conversation_started', properties: { flow: 'summer_sale' } }] },
};
