import { collapseBlanks, foldText } from '../characters.ts';
import type { CleanValue, Field, FieldContext } from '../schema.ts';

/** Braze may drop a longer text without an error. */
export const MAX_TEXT_CHARACTERS = 255;

/** Whether a text has too many characters (code points); counted only if the number of UTF-16 units does not decide. */
export const isTooLong = (text: string): boolean =>
  text.length > MAX_TEXT_CHARACTERS &&
  (text.length > 2 * MAX_TEXT_CHARACTERS || [...text].length > MAX_TEXT_CHARACTERS);

/** Integers become text, because ids are often JSON numbers. Other numbers have several spellings as text. */
const toText = (value: CleanValue): CleanValue => (Number.isSafeInteger(value) ? String(value) : value);

const parseText = (value: CleanValue, ctx: FieldContext): string | undefined => {
  const text = toText(value);
  if (typeof text !== 'string') return ctx.invalid('wrong_type');
  return isTooLong(text) ? ctx.invalid('too_long') : text;
};

/** Text that Braze stores in one value. */
export const shortText: Field<string> = {
  sends: 'as given; an integer as text',
  invalidWhen: `it is neither text nor an integer, or is over ${MAX_TEXT_CHARACTERS} characters`,
  schema: { type: ['string', 'integer'], maxLength: MAX_TEXT_CHARACTERS },
  parse: parseText,
};

/** Text on one line, as a person typed it. */
export const line: Field<string> = {
  ...shortText,
  sends: 'inner blanks collapsed; an integer as text',
  parse: (value, ctx) => parseText(typeof value === 'string' ? collapseBlanks(value) : value, ctx),
};

/** Tags, and web addresses that a mail client turns into links. */
const MARKUP = /<[a-z/!?]|<[^<>]*>|:\/\/|\bwww\./i;

/** The name of a person or a city. It must not contain markup or a link, because Braze renders it into messages. */
export const personalName: Field<string> = {
  sends: 'inner blanks collapsed',
  invalidWhen: `it is not text, is over ${MAX_TEXT_CHARACTERS} characters, or contains markup or a web address`,
  schema: { type: 'string', maxLength: MAX_TEXT_CHARACTERS },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    const name = line.parse(value, ctx);
    return name !== undefined && MARKUP.test(foldText(name)) ? ctx.invalid('markup') : name;
  },
};

/** Pypestream's name for a person who has not given one. */
export const ANONYMOUS = 'Visitor';

/** A surname. `Visitor` counts as absent. */
export const lastName: Field<string> = {
  ...personalName,
  sends: `inner blanks collapsed; \`${ANONYMOUS}\` is absent`,
  parse: (value, ctx) => {
    const name = personalName.parse(value, ctx);
    return name === ANONYMOUS ? undefined : name;
  },
};

const MAX_LONG_TEXT_CHARACTERS = 10_000;

/** Text for a message or a note, which is not stored as an attribute. */
export const longText: Field<string> = {
  sends: 'as given',
  invalidWhen: `it is not text, or over ${MAX_LONG_TEXT_CHARACTERS} characters`,
  schema: { type: 'string', maxLength: MAX_LONG_TEXT_CHARACTERS },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    return [...value].length > MAX_LONG_TEXT_CHARACTERS ? ctx.invalid('too_long') : value;
  },
};
