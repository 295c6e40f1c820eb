import type { JsonObject } from '../json.ts';
import { shortText } from './fields/text.ts';
import { properties } from './properties.ts';
import type { Field } from './schema.ts';
import { jsonBytes } from './size.ts';

const LARGEST = 50 * 1_024;
const entry = properties([]);

/** The id of an API-triggered Canvas, as Braze's dashboard shows it. */
export const canvas_id: Field<string> = {
  ...shortText,
  schema: { ...shortText.schema, examples: ['4c1f8b0e-1d35-4b8b-8f1c-6a2f0d9c7e55'] },
};

/** What a Canvas is entered with: its `context`, formerly `canvas_entry_properties`. */
export const canvasContext: Field<JsonObject> = {
  ...entry,
  sends: 'the entry properties of the Canvas',
  invalidWhen: 'it is not an object, or over 50 KB; a member with an unusable name is left out by itself',
  schema: { type: 'object', examples: [{ destination: '{DESTINATION}' }] },
  parse: (value, ctx) => {
    const read = entry.parse(value, ctx);
    return read !== undefined && jsonBytes(read, LARGEST) > LARGEST ? ctx.invalid('too_large') : read;
  },
};
