import type { Json } from '../json.ts';
import { type Cleaned, EMPTIED, type Field, type Place, UNUSABLE } from './field.ts';
import { toInteger } from './fields/number.ts';
import { isObject } from './object.ts';
import { jsonBytes } from './size.ts';

const LONGEST_TEXT = 255;
const LONGEST_LIST = 500;
const LARGEST_VALUE = 100 * 1_024;

/** Characters as Braze counts them, not UTF-16 units; counted only where the units leave it open. */
export const isOverLong = (text: string): boolean =>
  text.length > LONGEST_TEXT && (text.length > 2 * LONGEST_TEXT || [...text].length > LONGEST_TEXT);

/** A name Braze takes for an attribute or a property: not empty, no leading `$`, at most 255 characters. */
export const isName = (name: string): boolean =>
  name.trim() !== '' && !name.startsWith('$') && !isOverLong(name) && !/[\p{Cc}\p{Cs}]/u.test(name);

/** Nested keys are narrower: no blanks, no dots, no `$` (Braze, "Nested custom attributes"). */
const isNestedName = (name: string): boolean => isName(name) && !/[\s.$]/.test(name);

/** What differs between the places where a value may stand. */
interface Standing {
  readonly isKey: (name: string) => boolean;
  /** How a moment is spelled inside an object; directly in a list it is always text. */
  readonly moment: (time: string) => Json;
  /** A `null` inside of an attribute unsets nothing: for its sake Braze drops all of the attribute. */
  readonly nothing: (at: Place) => undefined;
}
const IN_ATTRIBUTE: Standing = {
  isKey: isNestedName,
  moment: (time) => ({ $time: time }),
  nothing: (at) => at.refuse(),
};
const IN_PROPERTIES: Standing = { isKey: isName, moment: (time) => time, nothing: () => undefined };

const timeOf = (value: Cleaned): string | undefined =>
  isObject(value) && Object.keys(value).length === 1 && typeof value.$time === 'string' ? value.$time : undefined;

/**
 * A value as Braze stores it, its unusable parts left out and named. What is emptied by leaving things out vanishes
 * with them: an empty list or object would erase what Braze holds.
 */
const nested = (value: Cleaned, at: Place, standing: Standing): Json | undefined => {
  if (value === undefined || value === UNUSABLE || value === EMPTIED) return undefined;
  if (value === null) return standing.nothing(at);
  if (typeof value === 'string') return isOverLong(value) ? at.refuse() : value;
  if (typeof value !== 'object') return value;
  if (!isObject(value)) return list(value, at, (item, place) => timeOf(item) ?? nested(item, place, standing));
  const time = timeOf(value);
  if (time !== undefined) return standing.moment(time);
  const members = Object.entries(value).flatMap(([key, member]) => {
    const place = at.at(key);
    const usable = standing.isKey(key) ? nested(member, place, standing) : place.refuse();
    return usable === undefined ? [] : [[key, usable] as const];
  });
  return members.length > 0 || Object.keys(value).length === 0 ? Object.fromEntries(members) : undefined;
};

const list = (value: Cleaned, at: Place, item: (value: Cleaned, at: Place) => Json | undefined): Json | undefined => {
  if (!Array.isArray(value)) return at.refuse();
  const items = value.flatMap((given: Cleaned, index) => {
    const usable = given === undefined ? undefined : item(given, at.at(index));
    return usable === undefined ? [] : [usable];
  });
  return items.length > 0 || value.length === 0 ? items : undefined;
};

/** Over the 100 KB that Braze keeps of one nested value. */
export const isTooLarge = (value: Json): boolean => jsonBytes(value, LARGEST_VALUE) > LARGEST_VALUE;

type Operator = (value: Cleaned, at: Place) => Json | undefined;

/** A property of an event or purchase: there a moment is text, and nothing can be unset. */
export const readProperty = (value: Cleaned, at: Place): Json | undefined => nested(value, at, IN_PROPERTIES);

const key: Operator = (value, at) => (typeof value === 'string' && isNestedName(value) ? value : at.refuse());

const scalar: Operator = (value, at) =>
  timeOf(value) ?? (typeof value === 'object' || value === undefined ? at.refuse() : nested(value, at, IN_ATTRIBUTE));

const object: Operator = (value, at) =>
  isObject(value) && timeOf(value) === undefined ? nested(value, at, IN_ATTRIBUTE) : at.refuse();

/** An item of `$update` or `$remove`; without one of its members it would mean another object, or none. */
const having =
  (members: { readonly [name: string]: Operator }): Operator =>
  (value, at) => {
    if (!isObject(value)) return at.refuse();
    const read = Object.entries(members).flatMap(([name, member]) => {
      const usable = member(value[name], at.at(name));
      return usable === undefined ? [] : [[name, usable] as const];
    });
    return read.length === Object.keys(members).length ? Object.fromEntries(read) : undefined;
  };

const selector = { $identifier_key: key, $identifier_value: scalar };

const isTooLong = (value: Cleaned): boolean => Array.isArray(value) && value.length > LONGEST_LIST;

const listOf =
  (item: Operator): Operator =>
  (value, at) =>
    isTooLong(value) ? at.refuse() : list(value, at, item);

/** Braze's own operators by family; those of one family may stand together (Braze, "User attributes object"). */
const OPERATORS: readonly ReadonlyMap<string, Operator>[] = [
  new Map<string, Operator>([['inc', (value, at) => toInteger(value) ?? at.refuse()]]),
  new Map<string, Operator>([
    ['add', listOf(scalar)],
    ['remove', listOf(scalar)],
  ]),
  new Map<string, Operator>([
    ['$add', listOf(object)],
    ['$update', listOf(having({ ...selector, $new_object: object }))],
    ['$remove', listOf(having(selector))],
  ]),
];

/** The families of the operators an object is made of, if it is made of nothing else. */
const familiesOf = (value: Cleaned): readonly ReadonlyMap<string, Operator>[] => {
  const keys = isObject(value) ? Object.keys(value) : [];
  const families = OPERATORS.filter((operators) => keys.some((key) => operators.has(key)));
  return keys.every((key) => families.some((operators) => operators.has(key))) ? families : [];
};

const readOperators = (
  value: { readonly [key: string]: Cleaned },
  family: ReadonlyMap<string, Operator>,
  at: Place,
): Json | undefined => {
  const read = [...family].flatMap(([name, operator]) => {
    const operand = value[name] === undefined ? undefined : operator(value[name], at.at(name));
    return operand === undefined ? [] : [[name, operand] as const];
  });
  return read.length > 0 ? Object.fromEntries(read) : undefined;
};

/**
 * The value of a custom attribute: text up to 255 characters, number, boolean, list up to 500 items, nested object,
 * each up to 100 KB, one of Braze's operators, or `null` to unset it. Unusable parts are left out and named.
 */
export const readCustom = (name: string, value: Cleaned, at: Place): Json | undefined => {
  if (!isName(name) || isTooLong(value)) return at.refuse();
  if (value === null) return null;
  const time = timeOf(value);
  if (time !== undefined) return time;
  const [family, ...others] = familiesOf(value);
  // Braze would do neither, and store the object instead of what is there.
  if (others.length > 0) return at.refuse();
  const usable =
    family !== undefined && isObject(value) ? readOperators(value, family, at) : nested(value, at, IN_ATTRIBUTE);
  if (usable === undefined) return undefined;
  // With its other members left out, an object may have become an operator that nobody wrote.
  const isInvented = family === undefined && familiesOf(usable).length > 0;
  return isInvented || isTooLarge(usable) ? at.refuse() : usable;
};

/** Text as Braze stores it in one value. */
export const shortText: Field<string> = {
  becomes: 'as given',
  unusableWhen: `it is not text, or over ${LONGEST_TEXT} characters`,
  schema: { type: 'string', maxLength: LONGEST_TEXT },
  read: (value, at) => (typeof value === 'string' && !isOverLong(value) ? value : at.refuse()),
};
