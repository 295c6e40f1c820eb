import type { Json, JsonObject } from '../json.ts';
import { isName, isTooLarge, parseProperty } from './custom.ts';
import { MAX_TEXT_CHARACTERS } from './fields/text.ts';
import type { InvalidReason } from './invalid-reason.ts';
import { type Field, isObject } from './schema.ts';

/** Braze stores the first 256 properties. */
const MAX_PROPERTIES = 256;

/** Whether Braze stores all of the properties. */
export const isWithinLimits = (properties: JsonObject): boolean =>
  Object.keys(properties).length <= MAX_PROPERTIES && !isTooLarge(properties);

/**
 * The properties of an event or a purchase. `reserved` are the names that Braze does not accept there. Invalid members
 * are left out and reported; over 100 KB, the whole object is invalid.
 */
export const properties = (reserved: readonly string[]): Field<JsonObject> => {
  const findProblem = (name: string, count: number): InvalidReason | undefined => {
    if (reserved.includes(name)) return 'reserved_name';
    if (!isName(name)) return 'invalid_name';
    return count === MAX_PROPERTIES ? 'too_many' : undefined;
  };
  const reservedNames = reserved.length > 0 ? `reserved (${reserved.map((name) => `\`${name}\``).join(', ')}), ` : '';
  return {
    sends: 'an object of the members as given',
    invalidWhen: `it is not an object, or over 100 KB; of an object, only some members are left out: those whose name is ${reservedNames}empty, over ${MAX_TEXT_CHARACTERS} characters or begins with \`$\`, those whose text is over ${MAX_TEXT_CHARACTERS} characters, and those after the first ${MAX_PROPERTIES}`,
    schema: {
      type: 'object',
      propertyNames: { not: { enum: ['', ...reserved] }, maxLength: MAX_TEXT_CHARACTERS },
      examples: [{ flow: 'summer_sale' }],
    },
    parse: (value, ctx) => {
      if (!isObject(value)) return ctx.invalid('wrong_type');
      const parsed: [string, Json][] = [];
      for (const [name, member] of Object.entries(value)) {
        const memberCtx = ctx.child(name);
        const reason = findProblem(name, parsed.length);
        const property = reason === undefined ? parseProperty(member, memberCtx) : memberCtx.invalid(reason);
        if (property !== undefined) parsed.push([name, property]);
      }
      const properties = Object.fromEntries(parsed);
      if (isTooLarge(properties)) return ctx.invalid('too_large');
      return parsed.length > 0 ? properties : undefined;
    },
  };
};
