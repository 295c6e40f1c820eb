import type { JsonObject } from '../json.ts';
import { shortText } from './fields/text.ts';
import { properties } from './properties.ts';
import type { Field } from './schema.ts';
import { jsonBytes } from './size.ts';

/** https://www.braze.com/docs/api/endpoints/messaging/send_messages/post_send_triggered_canvases/ */
const MAX_CONTEXT_BYTES = 50 * 1_024;
const anyProperties = properties([]);

/** The id of an API-triggered Canvas, as Braze's dashboard shows it. */
export const canvas_id: Field<string> = {
  ...shortText,
  schema: { ...shortText.schema, examples: ['4c1f8b0e-1d35-4b8b-8f1c-6a2f0d9c7e55'] },
};

/** The `context` of a Canvas entry, formerly `canvas_entry_properties`. */
export const canvasContext: Field<JsonObject> = {
  ...anyProperties,
  sends: 'the entry properties of the Canvas',
  invalidWhen: 'it is not an object, or over 50 KB; a member with an invalid name is left out by itself',
  schema: { type: 'object', examples: [{ destination: '{DESTINATION}' }] },
  parse: (value, ctx) => {
    const context = anyProperties.parse(value, ctx);
    if (context === undefined) return undefined;
    return jsonBytes(context, MAX_CONTEXT_BYTES) > MAX_CONTEXT_BYTES ? ctx.invalid('too_large') : context;
  },
};
