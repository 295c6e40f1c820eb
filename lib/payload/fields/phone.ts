import type { Field } from '../field.ts';
import { phoneNumber } from './phone-number.lazy.cjs';

/** A telephone number as Braze recommends it (ITU-T E.164); possible means of a length its country uses. */
export const phone: Field<string> = {
  becomes: 'E.164; a national number by `attributes.country`, else by the default country of the stage',
  unusableWhen: 'it is not a possible number, or not a number alone',
  schema: { type: 'string', examples: ['+1 415 555 0100', '(415) 555-0100'] },
  read: (value, at) =>
    (typeof value === 'string' ? phoneNumber().toE164(value, at.reading.country) : undefined) ?? at.refuse(),
};
