import type { Field } from '../schema.ts';

const BLANKS = /[\s\u0085\u180e\u200b\u2060\u2800\u3164]+/gu;
const LONGEST = 255;

/** What Pypestream calls a person who has not given a name. */
const NAMELESS = 'Visitor';

/** A name of a person or a city; Braze may silently not store what is longer than 255 characters. */
export const text: Field<string> = {
  sends: 'inner blanks collapsed',
  invalidWhen: `it is over ${LONGEST} characters, or not text`,
  schema: { type: 'string', maxLength: LONGEST },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    const collapsed = value.replace(BLANKS, ' ');
    return [...collapsed].length > LONGEST ? ctx.invalid('too_long') : collapsed;
  },
};

/** A surname; Pypestream's placeholder for an unknown one is absent, not a name (contract, section 4). */
export const last_name: Field<string> = {
  ...text,
  sends: `inner blanks collapsed; \`${NAMELESS}\` is absent`,
  parse: (value, ctx) => {
    const name = text.parse(value, ctx);
    return name === NAMELESS ? undefined : name;
  },
};
