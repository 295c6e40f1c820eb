import type { CleanValue, Field } from '../schema.ts';
import { toPlainText } from '../words/plain-text.ts';
import { parseYesNo } from '../words/yes-no.ts';

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['y', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['n', false],
  ['off', false],
  ['0', false],
]);

/** Parses a boolean, one of the words and digits that flows write for it, or a yes or no in any of the languages. */
export const toBoolean = (value: CleanValue, language?: string): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return WORDS.get(String(value));
  if (typeof value !== 'string') return undefined;
  const text = toPlainText(value);
  return WORDS.get(text.toLowerCase()) ?? parseYesNo(text, language);
};

/** A switch, such as `email_open_tracking_disabled`. */
export const flag: Field<boolean> = {
  sends: '`true` or `false`',
  invalidWhen:
    'it is neither yes nor no: true, false, yes, no, y, n, on, off, 1, 0, or a yes or no in another language',
  schema: { type: ['boolean', 'string', 'integer'], examples: [true, 'yes'] },
  parse: (value, ctx) => toBoolean(value, ctx.options.language) ?? ctx.invalid('not_a_boolean'),
};
