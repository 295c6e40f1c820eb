import type { Field } from '../schema.ts';
import { phoneNumber } from './phone-number.lazy.cjs';

/** A telephone number as Braze recommends it (ITU-T E.164); possible means of a length its country uses. */
export const phone: Field<string> = {
  sends: 'E.164; a national number by `attributes.country`, else by the default country of the stage',
  invalidWhen: 'it is not a possible number, or not a number alone',
  schema: { type: 'string', examples: ['+1 415 555 0100', '(415) 555-0100'] },
  parse: (value, ctx) =>
    (typeof value === 'string' ? phoneNumber().toE164(value, ctx.options.country) : undefined) ??
    ctx.invalid('not_a_phone_number'),
};
