import { isAbsent } from './absent.ts';
import { tidyIdentifier, tidyText, visibleText, withoutInvisible } from './characters.ts';
import { toBoolean } from './fields/boolean.ts';
import { splitList } from './fields/list.ts';
import { toInteger, toNumber } from './fields/number.ts';
import { parseDay, toTimestamp } from './fields/time.ts';
import type { InvalidReason } from './invalid-reason.ts';
import { type CleanValue, EMPTY, type FieldContext, INVALID } from './schema.ts';

const MAX_DEPTH = 64;
const POLLUTING_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** `<<far fa-check>> Yes` → ` Yes`: the icons of Pypestream's buttons. Without a closing `>>` it is text. */
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

/** Text from a flow without icons, blanks around it and characters that nobody sees; `undefined` if it says nothing. */
export const cleanText = (text: string): string | undefined => {
  const clean = tidyText(withoutIcons(visibleText(text)));
  return isAbsent(clean) ? undefined : clean;
};

/** Ends like the token of a signed link, which is a secret of the person: wherever a text or an address holds one. */
const TOKEN = /\.\d{9,12}\.[\da-f]{64}/i;
export const holdsToken = (text: string): boolean => TOKEN.test(text);

const invalid = (ctx: FieldContext, reason: InvalidReason): typeof INVALID => ctx.invalid(reason) ?? INVALID;

const isScalar = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** An empty list would erase what Braze holds, so a list of absent items is absent. */
const toList = (value: CleanValue, ctx: FieldContext): CleanValue => {
  if (!Array.isArray(value)) return invalid(ctx, 'wrong_type');
  const items = value.filter((item: CleanValue) => item !== undefined && item !== INVALID);
  if (!items.every(isScalar)) return invalid(ctx, 'wrong_type');
  if (items.length > 0) return items;
  return value.includes(INVALID) ? INVALID : undefined;
};

const toTime = (value: CleanValue, ctx: FieldContext): CleanValue => {
  const time = toTimestamp(value) ?? (typeof value === 'string' ? parseDay(value, ctx.options, 'refused') : undefined);
  if (time === undefined) return invalid(ctx, 'not_a_time');
  return time === 'ambiguous' ? invalid(ctx, 'ambiguous_date') : { $time: time };
};

const TYPES: ReadonlyMap<string, (value: CleanValue, ctx: FieldContext) => CleanValue> = new Map([
  ['$number', (value, ctx) => toNumber(value, ctx.options.language) ?? invalid(ctx, 'not_a_number')],
  ['$integer', (value, ctx) => toInteger(value, ctx.options.language) ?? invalid(ctx, 'not_an_integer')],
  ['$boolean', (value, ctx) => toBoolean(value, ctx.options.language) ?? invalid(ctx, 'not_a_boolean')],
  ['$time', toTime],
  ['$list', toList],
]);

const cleanMember = (key: string, member: unknown, ctx: FieldContext, depth: number): CleanValue => {
  if (!TYPES.has(key)) return clean(member, ctx.child(key), depth);
  // Split first: cleaning would join the lines of a list.
  if (key === '$list' && typeof member === 'string') {
    return clean(splitList(withoutIcons(withoutInvisible(member))) ?? member, ctx, depth);
  }
  return clean(member, ctx, depth);
};

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
    if (cleaned !== undefined && !kept.has(key)) kept.set(key, cleaned);
  }
  const [only, ...more] = kept;
  if (only === undefined) {
    if (entries.length === 0) return {};
    return polluting ? INVALID : entries.every(([key]) => TYPES.has(key)) ? undefined : EMPTY;
  }
  const [key, inner] = only;
  // Only now is it known whether the members beside it were absent.
  const toType = more.length === 0 ? TYPES.get(key) : undefined;
  if (toType === undefined) return Object.fromEntries(kept);
  return inner === null || inner === INVALID ? inner : toType(inner, ctx);
};

/**
 * Cleans what a flow sent, at any depth: icons, blanks around text and invisible characters are removed, what is absent
 * becomes `undefined`, typed values (`{"$number": "5"}`) take their type. A list keeps the positions of its items, so
 * that a path names what the designer wrote. `{"$time": …}` stays an object, because Braze spells times differently in
 * different places. `INVALID` stands for what cannot be used: text that does not fit its type, more than 64 levels, an
 * object of nothing but keys that would reach a prototype.
 */
export const clean = (value: unknown, ctx: FieldContext, depth = 0): CleanValue => {
  switch (typeof value) {
    case 'string': {
      const text = cleanText(value);
      const isRefused = ctx.options.refusesTokens && text !== undefined && holdsToken(text);
      return isRefused ? invalid(ctx, 'identity_token') : text;
    }
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (depth > MAX_DEPTH) return invalid(ctx, 'too_deep');
      return Array.isArray(value)
        ? value.map((item, index) => clean(item, ctx.child(index), depth + 1))
        : cleanObject(value, ctx, depth);
    default:
      return undefined;
  }
};
