import type { CleanValue, Field } from '../schema.ts';

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

/** A boolean, or one of the words and digits that flows write for it, in any letter case. */
export const toBoolean = (value: CleanValue): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' || typeof value === 'number' ? WORDS.get(String(value).toLowerCase()) : undefined;
};

/** A switch, such as `email_open_tracking_disabled`. */
export const flag: Field<boolean> = {
  sends: '`true` or `false`',
  invalidWhen: 'it is none of true, false, yes, no, y, n, on, off, 1, 0',
  schema: { type: ['boolean', 'string', 'integer'], examples: [true, 'yes'] },
  parse: (value, ctx) => toBoolean(value) ?? ctx.invalid('not_a_boolean'),
};
