import type { Field } from '../schema.ts';

const MAX_URL_CHARACTERS = 2_048;
const WEB = /^https?:\/\/[^\s\\]+$/i;

/** A web address; nothing but the web's two schemes, because a template will put it into a page. */
export const url: Field<string> = {
  sends: 'as given',
  invalidWhen: `it is not an \`http://\` or \`https://\` URL, or over ${MAX_URL_CHARACTERS} characters`,
  schema: { type: 'string', format: 'uri', maxLength: MAX_URL_CHARACTERS },
  parse: (value, ctx) =>
    typeof value === 'string' && value.length <= MAX_URL_CHARACTERS && WEB.test(value) && URL.canParse(value)
      ? value
      : ctx.invalid('not_a_url'),
};

/** The URL of a person's picture. */
export const image_url: Field<string> = {
  ...url,
  schema: { ...url.schema, examples: ['https://example.com/ada.png'] },
};
