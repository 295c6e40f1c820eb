import type { Field } from '../schema.ts';
import { toBoolean } from './boolean.ts';

/** A switch, such as `email_open_tracking_disabled`. */
export const flag: Field<boolean> = {
  sends: '`true` or `false`',
  invalidWhen: 'it is none of true, false, yes, no, y, n, on, off, 1, 0',
  schema: { type: ['boolean', 'string', 'integer'], examples: [true, 'yes'] },
  parse: (value, ctx) => toBoolean(value) ?? ctx.invalid('not_a_boolean'),
};
