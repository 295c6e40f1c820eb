import { isAbsent } from './absent.ts';
import { foldText, tidyIdentifier, tidyText, toVisibleText, withoutInvisible } from './characters.ts';
import { toBoolean } from './fields/boolean.ts';
import { splitList } from './fields/list.ts';
import { toInteger, toNumber } from './fields/number.ts';
import { parseDay, toTimestamp } from './fields/time.ts';
import type { InvalidReason } from './invalid-reason.ts';
import { type CleanValue, EMPTY, type FieldContext, INVALID, isSame } from './schema.ts';
import { AMBIGUOUS } from './words/lexicon.ts';

const MAX_DEPTH = 64;
const POLLUTING_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Removes the icons of Pypestream's buttons: `<<far fa-check>> Yes` → ` Yes`. Without a closing `>>` it is text. */
const withoutIcons = (text: string): string => {
  let kept = '';
  let from = 0;
  for (;;) {
    const open = text.indexOf('<<', from);
    const close = open < 0 ? -1 : text.indexOf('>>', open + 2);
    if (close < 0) return kept + text.slice(from);
    kept += text.slice(from, open);
    from = close + 2;
  }
};

/** Removes icons, surrounding blanks and invisible characters from a flow's text; `undefined` if it means absent. */
export const cleanText = (text: string): string | undefined => {
  const clean = tidyText(withoutIcons(toVisibleText(text)));
  return isAbsent(clean) ? undefined : clean;
};

/** The end of a signed link's token, anywhere in a text. Whoever has the token can act as the person. */
const TOKEN = /(?:\.|%2e)\d{9,12}(?:\.|%2e)[\da-f]{64}/i;
export const holdsToken = (text: string): boolean => TOKEN.test(foldText(text));

const reportInvalid = (ctx: FieldContext, reason: InvalidReason): typeof INVALID => ctx.invalid(reason) ?? INVALID;

const isScalar = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** An empty list would erase what Braze holds, so a list of absent items is absent. */
const toList = (value: CleanValue, ctx: FieldContext): CleanValue => {
  if (!Array.isArray(value)) return reportInvalid(ctx, 'wrong_type');
  const items = value.filter((item: CleanValue) => item !== undefined && item !== INVALID);
  if (!items.every(isScalar)) return reportInvalid(ctx, 'wrong_type');
  if (items.length > 0) return items;
  return value.includes(INVALID) ? INVALID : undefined;
};

const toTime = (value: CleanValue, ctx: FieldContext): CleanValue => {
  const time = toTimestamp(value) ?? (typeof value === 'string' ? parseDay(value, ctx.options, 'refused') : undefined);
  if (time === undefined) return reportInvalid(ctx, 'not_a_time');
  return time === AMBIGUOUS ? reportInvalid(ctx, 'ambiguous_date') : { $time: time };
};

const TYPES: ReadonlyMap<string, (value: CleanValue, ctx: FieldContext) => CleanValue> = new Map([
  ['$number', (value, ctx) => toNumber(value, ctx.options.language) ?? reportInvalid(ctx, 'not_a_number')],
  ['$integer', (value, ctx) => toInteger(value, ctx.options.language) ?? reportInvalid(ctx, 'not_an_integer')],
  ['$boolean', (value, ctx) => toBoolean(value, ctx.options.language) ?? reportInvalid(ctx, 'not_a_boolean')],
  ['$time', toTime],
  ['$list', toList],
]);

const cleanMember = (key: string, member: unknown, ctx: FieldContext, depth: number): CleanValue => {
  if (!TYPES.has(key)) return clean(member, ctx.child(key), depth);
  // The text is split before it is cleaned, because cleaning turns line ends into blanks.
  if (key === '$list' && typeof member === 'string') {
    return clean(splitList(withoutIcons(withoutInvisible(member))) ?? member, ctx, depth);
  }
  return clean(member, ctx, depth);
};

const isUsable = (value: CleanValue): value is Exclude<CleanValue, undefined | typeof INVALID> =>
  value !== undefined && value !== INVALID && value !== EMPTY;

const cleanObject = (value: object, ctx: FieldContext, depth: number): CleanValue => {
  const entries = Object.entries(value);
  const kept = new Map<string, CleanValue>();
  let polluting = false;
  for (const [written, member] of entries) {
    const key = tidyIdentifier(written);
    if (POLLUTING_KEYS.has(key)) {
      polluting = true;
      ctx.child(key).invalid('reserved_name');
      continue;
    }
    if (ctx.options.refusesTokens && holdsToken(key)) {
      // Its path would carry the token into the answer.
      ctx.child('…').invalid('identity_token');
      continue;
    }
    const cleaned = cleanMember(key, member, ctx, depth + 1);
    const earlier = kept.get(key);
    if (!isUsable(earlier)) {
      if (cleaned !== undefined) kept.set(key, cleaned);
    } else if (isUsable(cleaned) && !isSame(earlier, cleaned)) {
      ctx.child(key).invalid('duplicate');
    }
  }
  const [only, ...more] = kept;
  if (only === undefined) {
    if (entries.length === 0) return {};
    return polluting ? INVALID : entries.every(([key]) => TYPES.has(key)) ? undefined : EMPTY;
  }
  const [key, inner] = only;
  // A typed value may have other members, if they are absent.
  const toType = more.length === 0 ? TYPES.get(key) : undefined;
  if (toType === undefined) return Object.fromEntries(kept);
  return inner === null || inner === INVALID ? inner : toType(inner, ctx);
};

/**
 * Cleans what a flow sent, at any depth: removes icons, surrounding blanks and invisible characters, turns absent values
 * into `undefined`, and converts typed values such as `{"$number": "5"}`. A list keeps the positions of its items, so
 * that paths match what the designer wrote. `{"$time": …}` stays an object, because Braze has two spellings for times.
 * Invalid values become `INVALID`: text that does not fit its type, more than 64 levels, an object that has only keys
 * such as `__proto__`.
 */
export const clean = (value: unknown, ctx: FieldContext, depth = 0): CleanValue => {
  switch (typeof value) {
    case 'string': {
      const text = cleanText(value);
      const isRefused = ctx.options.refusesTokens && text !== undefined && holdsToken(text);
      return isRefused ? reportInvalid(ctx, 'identity_token') : text;
    }
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (depth > MAX_DEPTH) return reportInvalid(ctx, 'too_deep');
      return Array.isArray(value)
        ? value.map((item, index) => clean(item, ctx.child(index), depth + 1))
        : cleanObject(value, ctx, depth);
    default:
      return undefined;
  }
};
