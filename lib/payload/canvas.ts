import type { JsonObject } from '../braze/wire.ts';
import type { Field } from './field.ts';
import { properties } from './properties.ts';
import { jsonBytes } from './size.ts';

const LARGEST = 50 * 1_024;
const entry = properties([]);

/** What a Canvas is entered with: its `context`, formerly `canvas_entry_properties`. */
export const canvasContext: Field<JsonObject> = {
  ...entry,
  becomes: 'the entry properties of the Canvas',
  unusableWhen: 'it is not an object, or over 50 KB; a member with an unusable name is left out by itself',
  schema: { type: 'object' },
  read: (value, at) => {
    const read = entry.read(value, at);
    return read !== undefined && jsonBytes(read, LARGEST) > LARGEST ? at.refuse() : read;
  },
};
