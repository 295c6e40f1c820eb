import type { Json } from '../json.ts';
import { toInteger } from './fields/number.ts';
import { isTooLong } from './fields/text.ts';
import {
  type CleanObject,
  type CleanValue,
  EMPTY,
  type FieldContext,
  INVALID,
  isObject,
  reportUnknownKeys,
} from './schema.ts';
import { countJsonBytes } from './size.ts';

const MAX_LIST_ITEMS = 500;
const MAX_VALUE_BYTES = 100 * 1_024;

/** Whether Braze accepts a name of an attribute or a property: not empty, no leading `$`, at most 255 characters. */
export const isName = (name: string): boolean =>
  name.trim() !== '' && !name.startsWith('$') && !isTooLong(name) && !/[\p{Cc}\p{Cs}]/u.test(name);

/**
 * Nested keys allow less: no blanks, no dots, no `$`.
 * https://www.braze.com/docs/user_guide/data/activation/attributes/nested_custom_attribute_support/
 */
const isNestedName = (name: string): boolean => isName(name) && !/[\s.$]/.test(name);

/** What differs between attributes and properties. */
interface Placement {
  readonly isKey: (name: string) => boolean;
  /** How a time is written inside an object; directly in a list it is always text. */
  readonly formatTime: (time: string) => Json;
  readonly onNull: (ctx: FieldContext) => undefined;
}
const IN_ATTRIBUTE: Placement = {
  isKey: isNestedName,
  formatTime: (time) => ({ $time: time }),
  // Braze drops an attribute with a null anywhere inside it.
  onNull: (ctx) => ctx.invalid('null_not_allowed'),
};
const IN_PROPERTIES: Placement = { isKey: isName, formatTime: (time) => time, onNull: () => undefined };

/** The time in `{"$time": …}`. */
const getTime = (value: CleanValue): string | undefined =>
  isObject(value) && Object.keys(value).length === 1 && typeof value.$time === 'string' ? value.$time : undefined;

/**
 * Parses a value of any depth; its invalid parts are left out and reported. A list or an object that has no valid part
 * is left out too, because an empty one would erase what Braze holds.
 */
const parseNested = (value: CleanValue, ctx: FieldContext, placement: Placement): Json | undefined => {
  if (value === undefined || value === INVALID || value === EMPTY) return undefined;
  if (value === null) return placement.onNull(ctx);
  if (typeof value === 'string') return isTooLong(value) ? ctx.invalid('too_long') : value;
  if (typeof value !== 'object') return value;
  if (!isObject(value)) {
    return parseList(value, ctx, (item, itemCtx) => getTime(item) ?? parseNested(item, itemCtx, placement));
  }
  const time = getTime(value);
  if (time !== undefined) return placement.formatTime(time);
  const members = Object.entries(value).flatMap(([key, member]) => {
    const memberCtx = ctx.child(key);
    const parsed = placement.isKey(key) ? parseNested(member, memberCtx, placement) : memberCtx.invalid('invalid_name');
    return parsed === undefined ? [] : [[key, parsed] as const];
  });
  return members.length > 0 || Object.keys(value).length === 0 ? Object.fromEntries(members) : undefined;
};

type Parse = (value: CleanValue, ctx: FieldContext) => Json | undefined;

const parseList = (value: CleanValue, ctx: FieldContext, parseItem: Parse): Json | undefined => {
  if (!Array.isArray(value)) return ctx.invalid('wrong_type');
  const items = value.flatMap((item: CleanValue, index) => {
    const parsed = item === undefined ? undefined : parseItem(item, ctx.child(index));
    return parsed === undefined ? [] : [parsed];
  });
  return items.length > 0 || value.length === 0 ? items : undefined;
};

/** Whether a value is over the 100 KB that Braze stores of one nested value, or of the properties of one event. */
export const isTooLarge = (value: Json): boolean => countJsonBytes(value, MAX_VALUE_BYTES) > MAX_VALUE_BYTES;

/** A property of an event or purchase, where a time is text and nothing can be unset. */
export const parseProperty: Parse = (value, ctx) => parseNested(value, ctx, IN_PROPERTIES);

const parseKey: Parse = (value, ctx) =>
  typeof value === 'string' && isNestedName(value) ? value : ctx.invalid('invalid_name');

const parseScalar: Parse = (value, ctx) =>
  getTime(value) ??
  (typeof value === 'object' || value === undefined
    ? ctx.invalid('wrong_type')
    : parseNested(value, ctx, IN_ATTRIBUTE));

const parseObject: Parse = (value, ctx) =>
  isObject(value) && getTime(value) === undefined ? parseNested(value, ctx, IN_ATTRIBUTE) : ctx.invalid('wrong_type');

/** An item of `$update` or `$remove`. All members must be valid, or it would select another object. */
const objectWith =
  (members: { readonly [name: string]: Parse }): Parse =>
  (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    reportUnknownKeys(value, Object.keys(members), ctx);
    const parsed = Object.entries(members).flatMap(([name, parse]) => {
      const member = parse(value[name], ctx.child(name));
      return member === undefined ? [] : [[name, member] as const];
    });
    return parsed.length === Object.keys(members).length ? Object.fromEntries(parsed) : undefined;
  };

const selector = { $identifier_key: parseKey, $identifier_value: parseScalar };

const hasTooMany = (value: CleanValue): boolean => Array.isArray(value) && value.length > MAX_LIST_ITEMS;

const listOf =
  (parseItem: Parse): Parse =>
  (value, ctx) =>
    hasTooMany(value) ? ctx.invalid('too_many') : parseList(value, ctx, parseItem);

type Family = ReadonlyMap<string, Parse>;

/**
 * Braze's operators. Only those of one family can be combined.
 * https://www.braze.com/docs/api/objects_filters/user_attributes_object/
 */
const OPERATORS: readonly Family[] = [
  new Map([['inc', (value, ctx) => toInteger(value, ctx.options.language) ?? ctx.invalid('not_an_integer')]]),
  new Map([
    ['add', listOf(parseScalar)],
    ['remove', listOf(parseScalar)],
  ]),
  new Map([
    ['$add', listOf(parseObject)],
    ['$update', listOf(objectWith({ ...selector, $new_object: parseObject }))],
    ['$remove', listOf(objectWith(selector))],
  ]),
];

/** The families of an object's operators, if all its keys are operators. */
const findFamilies = (value: CleanValue): readonly Family[] => {
  const keys = isObject(value) ? Object.keys(value) : [];
  const families = OPERATORS.filter((family) => keys.some((key) => family.has(key)));
  return keys.every((key) => families.some((family) => family.has(key))) ? families : [];
};

const parseOperators = (value: CleanObject, family: Family, ctx: FieldContext): Json | undefined => {
  const parsed = [...family].flatMap(([name, parse]) => {
    const operand = value[name] === undefined ? undefined : parse(value[name], ctx.child(name));
    return operand === undefined ? [] : [[name, operand] as const];
  });
  return parsed.length > 0 ? Object.fromEntries(parsed) : undefined;
};

/**
 * Parses the value of a custom attribute: text up to 255 characters, number, boolean, list up to 500 items, nested
 * object, each up to 100 KB, operators of one family, or `null` to unset it. Invalid parts are left out and reported.
 */
export const parseCustomAttribute = (name: string, value: CleanValue, ctx: FieldContext): Json | undefined => {
  if (!isName(name)) return ctx.invalid('invalid_name');
  if (hasTooMany(value)) return ctx.invalid('too_many');
  if (value === null) return null;
  const time = getTime(value);
  if (time !== undefined) return time;
  const [family, ...others] = findFamilies(value);
  // Braze would not apply the operators, but replace the attribute with this object.
  if (others.length > 0) return ctx.invalid('mixed_operators');
  const parsed =
    family !== undefined && isObject(value)
      ? parseOperators(value, family, ctx)
      : parseNested(value, ctx, IN_ATTRIBUTE);
  if (parsed === undefined) return undefined;
  // After invalid members are left out, what remains could be an operator that was not written as one.
  if (family === undefined && findFamilies(parsed).length > 0) return ctx.invalid('mixed_operators');
  return isTooLarge(parsed) ? ctx.invalid('too_large') : parsed;
};
