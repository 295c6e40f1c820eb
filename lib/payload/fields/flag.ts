import type { Field } from '../field.ts';
import { toBoolean } from './boolean.ts';

/** A switch, such as `email_open_tracking_disabled`. */
export const flag: Field<boolean> = {
  becomes: '`true` or `false`',
  unusableWhen: 'it is none of true, false, yes, no, y, n, on, off, 1, 0',
  schema: { type: ['boolean', 'string', 'integer'], examples: [true, 'yes'] },
  read: (value, at) => toBoolean(value) ?? at.refuse(),
};
