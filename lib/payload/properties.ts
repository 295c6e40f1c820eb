import type { JsonObject } from '../json.ts';
import { isName, isTooLarge, readProperty } from './custom.ts';
import type { Field } from './field.ts';
import { isObject } from './object.ts';

const MOST = 256;

/** Whether Braze keeps all of the properties. */
export const areKept = (properties: JsonObject): boolean =>
  Object.keys(properties).length <= MOST && !isTooLarge(properties);

/**
 * The properties of an event or a purchase; `reserved` are the names that Braze answers with an error for that kind.
 * Unusable members are left out and named; over 100 KB all of them are.
 */
export const properties = (reserved: readonly string[]): Field<JsonObject> => ({
  becomes: 'an object of the members as given',
  unusableWhen: `it is not an object, or over 100 KB; a member is left out by itself whose name is ${reserved.length > 0 ? `reserved (${reserved.map((name) => `\`${name}\``).join(', ')}), ` : ''}empty, over 255 characters or begins with \`$\`, whose text is over 255 characters, or that comes after the first ${MOST}`,
  schema: {
    type: 'object',
    propertyNames: { not: { enum: ['', ...reserved] }, maxLength: 255 },
    examples: [{ flow: 'summer_sale' }],
  },
  read: (value, at) => {
    if (!isObject(value)) return at.refuse();
    const read: { [name: string]: JsonObject[string] } = {};
    let count = 0;
    for (const [name, given] of Object.entries(value)) {
      const place = at.at(name);
      const usable =
        !isName(name) || reserved.includes(name) || count === MOST ? place.refuse() : readProperty(given, place);
      if (usable === undefined) continue;
      read[name] = usable;
      count += 1;
    }
    if (isTooLarge(read)) return at.refuse();
    return count > 0 ? read : undefined;
  },
});
