import type { JsonObject } from '../json.ts';
import { isName, isTooLarge, parseProperty } from './custom.ts';
import { type Field, isObject } from './schema.ts';

const MOST = 256;

/** Whether Braze keeps all of the properties. */
export const withinLimits = (properties: JsonObject): boolean =>
  Object.keys(properties).length <= MOST && !isTooLarge(properties);

/**
 * The properties of an event or a purchase; `reserved` are the names that Braze answers with an error for that kind.
 * InvalidPaths members are left out and named; over 100 KB all of them are.
 */
export const properties = (reserved: readonly string[]): Field<JsonObject> => ({
  sends: 'an object of the members as given',
  invalidWhen: `it is not an object, or over 100 KB; a member is left out by itself whose name is ${reserved.length > 0 ? `reserved (${reserved.map((name) => `\`${name}\``).join(', ')}), ` : ''}empty, over 255 characters or begins with \`$\`, whose text is over 255 characters, or that comes after the first ${MOST}`,
  schema: {
    type: 'object',
    propertyNames: { not: { enum: ['', ...reserved] }, maxLength: 255 },
    examples: [{ flow: 'summer_sale' }],
  },
  parse: (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    const read: { [name: string]: JsonObject[string] } = {};
    let count = 0;
    for (const [name, given] of Object.entries(value)) {
      const place = ctx.child(name);
      const fault = reserved.includes(name)
        ? 'reserved_name'
        : !isName(name)
          ? 'invalid_name'
          : count === MOST
            ? 'too_many'
            : undefined;
      const usable = fault === undefined ? parseProperty(given, place) : place.invalid(fault);
      if (usable === undefined) continue;
      read[name] = usable;
      count += 1;
    }
    if (isTooLarge(read)) return ctx.invalid('too_large');
    return count > 0 ? read : undefined;
  },
});
