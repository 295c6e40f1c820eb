import type { Json } from '../json.ts';
import { toInteger } from './fields/number.ts';
import { isTooLong } from './fields/text.ts';
import { type CleanValue, EMPTY, type FieldContext, INVALID, isObject } from './schema.ts';
import { jsonBytes } from './size.ts';

const LONGEST_LIST = 500;
const LARGEST_VALUE = 100 * 1_024;

/** A name Braze takes for an attribute or a property: not empty, no leading `$`, at most 255 characters. */
export const isName = (name: string): boolean =>
  name.trim() !== '' && !name.startsWith('$') && !isTooLong(name) && !/[\p{Cc}\p{Cs}]/u.test(name);

/** Nested keys are narrower: no blanks, no dots, no `$` (Braze, "Nested custom attributes"). */
const isNestedName = (name: string): boolean => isName(name) && !/[\s.$]/.test(name);

/** What differs between the places where a value may stand. */
interface Standing {
  readonly isKey: (name: string) => boolean;
  /** How a moment is spelled inside an object; directly in a list it is always text. */
  readonly moment: (time: string) => Json;
  /** A `null` inside of an attribute unsets nothing: for its sake Braze drops all of the attribute. */
  readonly nothing: (ctx: FieldContext) => undefined;
}
const IN_ATTRIBUTE: Standing = {
  isKey: isNestedName,
  moment: (time) => ({ $time: time }),
  nothing: (ctx) => ctx.invalid('null_not_allowed'),
};
const IN_PROPERTIES: Standing = { isKey: isName, moment: (time) => time, nothing: () => undefined };

const timeOf = (value: CleanValue): string | undefined =>
  isObject(value) && Object.keys(value).length === 1 && typeof value.$time === 'string' ? value.$time : undefined;

/**
 * A value as Braze stores it, its invalid parts left out and named. What is emptied by leaving things out vanishes
 * with them: an empty list or object would erase what Braze holds.
 */
const nested = (value: CleanValue, ctx: FieldContext, standing: Standing): Json | undefined => {
  if (value === undefined || value === INVALID || value === EMPTY) return undefined;
  if (value === null) return standing.nothing(ctx);
  if (typeof value === 'string') return isTooLong(value) ? ctx.invalid('too_long') : value;
  if (typeof value !== 'object') return value;
  if (!isObject(value)) return list(value, ctx, (item, place) => timeOf(item) ?? nested(item, place, standing));
  const time = timeOf(value);
  if (time !== undefined) return standing.moment(time);
  const members = Object.entries(value).flatMap(([key, member]) => {
    const place = ctx.child(key);
    const usable = standing.isKey(key) ? nested(member, place, standing) : place.invalid('invalid_name');
    return usable === undefined ? [] : [[key, usable] as const];
  });
  return members.length > 0 || Object.keys(value).length === 0 ? Object.fromEntries(members) : undefined;
};

const list = (
  value: CleanValue,
  ctx: FieldContext,
  item: (value: CleanValue, ctx: FieldContext) => Json | undefined,
): Json | undefined => {
  if (!Array.isArray(value)) return ctx.invalid('wrong_type');
  const items = value.flatMap((given: CleanValue, index) => {
    const usable = given === undefined ? undefined : item(given, ctx.child(index));
    return usable === undefined ? [] : [usable];
  });
  return items.length > 0 || value.length === 0 ? items : undefined;
};

/** Over the 100 KB that Braze keeps of one nested value. */
export const isTooLarge = (value: Json): boolean => jsonBytes(value, LARGEST_VALUE) > LARGEST_VALUE;

type Operator = (value: CleanValue, ctx: FieldContext) => Json | undefined;

/** A property of an event or purchase: there a moment is text, and nothing can be unset. */
export const parseProperty = (value: CleanValue, ctx: FieldContext): Json | undefined =>
  nested(value, ctx, IN_PROPERTIES);

const key: Operator = (value, ctx) =>
  typeof value === 'string' && isNestedName(value) ? value : ctx.invalid('invalid_name');

const scalar: Operator = (value, ctx) =>
  timeOf(value) ??
  (typeof value === 'object' || value === undefined ? ctx.invalid('wrong_type') : nested(value, ctx, IN_ATTRIBUTE));

const object: Operator = (value, ctx) =>
  isObject(value) && timeOf(value) === undefined ? nested(value, ctx, IN_ATTRIBUTE) : ctx.invalid('wrong_type');

/** An item of `$update` or `$remove`; without one of its members it would mean another object, or none. */
const having =
  (members: { readonly [name: string]: Operator }): Operator =>
  (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    const read = Object.entries(members).flatMap(([name, member]) => {
      const usable = member(value[name], ctx.child(name));
      return usable === undefined ? [] : [[name, usable] as const];
    });
    return read.length === Object.keys(members).length ? Object.fromEntries(read) : undefined;
  };

const selector = { $identifier_key: key, $identifier_value: scalar };

const hasTooMany = (value: CleanValue): boolean => Array.isArray(value) && value.length > LONGEST_LIST;

const listOf =
  (item: Operator): Operator =>
  (value, ctx) =>
    hasTooMany(value) ? ctx.invalid('too_many') : list(value, ctx, item);

/** Braze's own operators by family; those of one family may stand together (Braze, "User attributes object"). */
const OPERATORS: readonly ReadonlyMap<string, Operator>[] = [
  new Map<string, Operator>([
    ['inc', (value, ctx) => toInteger(value, ctx.options.language) ?? ctx.invalid('not_an_integer')],
  ]),
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
const familiesOf = (value: CleanValue): readonly ReadonlyMap<string, Operator>[] => {
  const keys = isObject(value) ? Object.keys(value) : [];
  const families = OPERATORS.filter((operators) => keys.some((key) => operators.has(key)));
  return keys.every((key) => families.some((operators) => operators.has(key))) ? families : [];
};

const readOperators = (
  value: { readonly [key: string]: CleanValue },
  family: ReadonlyMap<string, Operator>,
  ctx: FieldContext,
): Json | undefined => {
  const read = [...family].flatMap(([name, operator]) => {
    const operand = value[name] === undefined ? undefined : operator(value[name], ctx.child(name));
    return operand === undefined ? [] : [[name, operand] as const];
  });
  return read.length > 0 ? Object.fromEntries(read) : undefined;
};

/**
 * The value of a custom attribute: text up to 255 characters, number, boolean, list up to 500 items, nested object,
 * each up to 100 KB, one of Braze's operators, or `null` to unset it. InvalidPaths parts are left out and named.
 */
export const parseCustomAttribute = (name: string, value: CleanValue, ctx: FieldContext): Json | undefined => {
  if (!isName(name)) return ctx.invalid('invalid_name');
  if (hasTooMany(value)) return ctx.invalid('too_many');
  if (value === null) return null;
  const time = timeOf(value);
  if (time !== undefined) return time;
  const [family, ...others] = familiesOf(value);
  // Braze would do neither, and store the object instead of what is there.
  if (others.length > 0) return ctx.invalid('mixed_operators');
  const usable =
    family !== undefined && isObject(value) ? readOperators(value, family, ctx) : nested(value, ctx, IN_ATTRIBUTE);
  if (usable === undefined) return undefined;
  // With its other members left out, an object may have become an operator that nobody wrote.
  const isInvented = family === undefined && familiesOf(usable).length > 0;
  if (isInvented) return ctx.invalid('mixed_operators');
  return isTooLarge(usable) ? ctx.invalid('too_large') : usable;
};
