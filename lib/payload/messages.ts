import type { JsonObject } from '../json.ts';
import { shortText } from './fields/text.ts';
import { properties } from './properties.ts';
import type { Field } from './schema.ts';
import { countJsonBytes } from './size.ts';

const MAX_PROPERTIES_BYTES = 50 * 1_024;
const entry = properties([]);

/** The id of an API-triggered Canvas or campaign, as Braze's dashboard shows it. */
const messageId = (example: string): Field<string> => ({
  ...shortText,
  schema: { ...shortText.schema, examples: [example] },
});

/** The properties of a Canvas entry or a campaign, from which Braze fills in the message. */
const messageProperties = (sends: string, example: JsonObject): Field<JsonObject> => ({
  ...entry,
  sends,
  invalidWhen: 'it is not an object, or over 50 KB; of an object, only members with an invalid name are left out',
  schema: { type: 'object', examples: [example] },
  parse: (value, ctx) => {
    const parsed = entry.parse(value, ctx);
    return parsed !== undefined && countJsonBytes(parsed, MAX_PROPERTIES_BYTES) > MAX_PROPERTIES_BYTES
      ? ctx.invalid('too_large')
      : parsed;
  },
});

export const canvas_id = messageId('4c1f8b0e-1d35-4b8b-8f1c-6a2f0d9c7e55');
export const campaign_id = messageId('9d0f4b1e-7c52-4f0a-9d5c-2b1a7e6f3c44');

/** The `context` of a Canvas entry, formerly `canvas_entry_properties`. */
export const canvasContext = messageProperties('the entry properties of the Canvas', { destination: '{DESTINATION}' });
export const trigger_properties = messageProperties('the trigger properties of the campaign', {
  destination: '{DESTINATION}',
});

const MAX_SEND_ID_CHARACTERS = 255;

/** The `external_send_id`, by which Braze recognises a transactional message that it has sent already. */
export const send_id: Field<string> = {
  sends: 'as given; by default a hash of the node, the chat, the call and the content',
  invalidWhen: `it has other characters than ASCII letters, digits and \`-_+/=\`, or over ${MAX_SEND_ID_CHARACTERS} of them`,
  schema: { type: ['string', 'integer'], maxLength: MAX_SEND_ID_CHARACTERS, examples: ['order-{ORDER_ID}'] },
  parse: (value, ctx) => {
    const text = shortText.parse(value, ctx);
    return text === undefined || /^[a-zA-Z0-9\-_+/=]+$/.test(text) ? text : ctx.invalid('unknown_value');
  },
};
