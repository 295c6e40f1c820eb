import { toBoolean } from './fields/boolean.ts';
import { toInteger, toNumber } from './fields/number.ts';
import { parseDate, toMoment } from './fields/time.ts';
import type { InvalidReason } from './invalid-reason.ts';
import { type CleanValue, EMPTY, type FieldContext, INVALID } from './schema.ts';

const DEEPEST = 64;
const ABSENT = new Set(['', 'None', 'undefined', 'null', 'NaN']);
const PLACEHOLDER = /^(?:\{[\p{L}\p{N}_]+\}|\{\{[\p{L}\p{N}_]+\}\})$/u;
const POLLUTING = new Set(['__proto__', 'constructor', 'prototype']);
const BLANK = /[\s\u0085\u180e\u200b-\u200d\u2060\u2800\u3164]/u;

/** `<<far fa-check>> Yes` → ` Yes`; an opening without its closing is text. */
const withoutMarkup = (text: string): string => {
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

/** By hand: a regular expression for trailing blanks takes quadratic time on inner ones. */
const trimmed = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && BLANK.test(text.charAt(start))) start += 1;
  while (end > start && BLANK.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

/** Tabs and line ends part words, so they become a blank; other controls and halves of a character vanish. */
const withoutControls = (text: string): string =>
  text.replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ').replace(/[\p{Cc}\p{Cs}]/gu, '');

/** What a flow's text says, or `undefined` where it says nothing (contract, section 4, rules 1 and 2). */
export const cleanText = (text: string): string | undefined => {
  const clean = trimmed(withoutControls(withoutMarkup(text)));
  return ABSENT.has(clean) || PLACEHOLDER.test(clean) ? undefined : clean;
};

const invalid = (ctx: FieldContext, reason: InvalidReason): typeof INVALID => ctx.invalid(reason) ?? INVALID;

const isScalar = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `a, b, c`, or the JSON text of an array of scalars; a list is never emptied by what is absent. */
const toList = (value: CleanValue, ctx: FieldContext, depth: number): CleanValue => {
  const said = (text: string) => (/^\[.*\]$/s.test(text) ? jsonOf(text) : text.split(','));
  const list = typeof value === 'string' ? clean(said(value), ctx, depth) : value;
  if (!Array.isArray(list)) return invalid(ctx, 'wrong_type');
  const items = list.filter((item: CleanValue) => item !== undefined && item !== INVALID);
  if (!items.every(isScalar)) return invalid(ctx, 'wrong_type');
  if (items.length > 0) return items;
  return list.includes(INVALID) ? INVALID : undefined;
};

const toTime = (value: CleanValue, ctx: FieldContext): CleanValue => {
  const time = toMoment(value) ?? (typeof value === 'string' ? parseDate(value, ctx.options) : undefined);
  return time === undefined ? undefined : { $time: time };
};

const TYPES: ReadonlyMap<string, (value: CleanValue, ctx: FieldContext, depth: number) => CleanValue> = new Map([
  ['$number', (value, ctx) => toNumber(value, ctx.options.language) ?? invalid(ctx, 'not_a_number')],
  ['$integer', (value, ctx) => toInteger(value, ctx.options.language) ?? invalid(ctx, 'not_an_integer')],
  ['$boolean', (value, ctx) => toBoolean(value, ctx.options.language) ?? invalid(ctx, 'not_a_boolean')],
  ['$time', (value, ctx) => toTime(value, ctx) ?? invalid(ctx, 'not_a_time')],
  ['$list', toList],
]);

const cleanObject = (value: object, ctx: FieldContext, depth: number): CleanValue => {
  const entries = Object.entries(value);
  const kept: [string, CleanValue][] = [];
  let polluting = false;
  for (const [key, member] of entries) {
    if (POLLUTING.has(key)) {
      polluting = true;
      ctx.child(key).invalid('reserved_name');
      continue;
    }
    const cleaned = clean(member, TYPES.has(key) ? ctx : ctx.child(key), depth + 1);
    if (cleaned !== undefined) kept.push([key, cleaned]);
  }
  const [only, ...more] = kept;
  if (only === undefined) {
    if (entries.length === 0) return {};
    return polluting ? INVALID : entries.every(([key]) => TYPES.has(key)) ? undefined : EMPTY;
  }
  const [key, inner] = only;
  // Looked for last: what stands beside it may turn out absent.
  const toType = more.length === 0 ? TYPES.get(key) : undefined;
  if (toType === undefined) return Object.fromEntries(kept);
  return inner === null || inner === INVALID ? inner : toType(inner, ctx, depth + 1);
};

/**
 * What a flow sent, made clean at any depth (contract, section 4): markup, blanks and control characters go, what is
 * absent becomes `undefined`, typed values take their type. A list keeps the positions of its items, so that a path
 * names what the designer wrote. `{"$time": …}` stays an object, because Braze's spelling of it depends on where it stands.
 * Refused, and `INVALID` where they stood: typed text that does not fit its type, what nests deeper than 64 levels, and
 * what holds nothing but keys that reach a prototype.
 */
export const clean = (value: unknown, ctx: FieldContext, depth = 0): CleanValue => {
  switch (typeof value) {
    case 'string':
      return cleanText(value);
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (depth > DEEPEST) return invalid(ctx, 'too_deep');
      return Array.isArray(value)
        ? value.map((item, index) => clean(item, ctx.child(index), depth + 1))
        : cleanObject(value, ctx, depth);
    default:
      return undefined;
  }
};
