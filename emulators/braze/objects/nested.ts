import { bytesOf, isArray, isObject, type Json, type JsonObject, lengthOf } from '../../json.ts';
import { isNestedDate } from '../dates.ts';

export const MAX_BYTES = 100 * 1024;
export const MAX_CHARACTERS = 255;

/** What a custom attribute holds afterwards, or why it stays as it was. */
export type Change = (before: Json | undefined) => { readonly value: Json } | { readonly problem: string };

const isDate = ({ $time, ...rest }: JsonObject): boolean =>
  Object.keys(rest).length === 0 && typeof $time === 'string' && isNestedDate($time);

const keyProblem = (key: string): string | undefined => {
  if (lengthOf(key) > MAX_CHARACTERS) return 'a nested key is too long';
  return /[\s.$]/.test(key) ? 'a nested key has a space, a dot or a dollar sign' : undefined;
};

const problemOf = (value: Json): string | undefined => {
  if (value === null) return 'null inside of a nested value';
  if (typeof value === 'string') return lengthOf(value) > MAX_CHARACTERS ? 'a nested string is too long' : undefined;
  if (isArray(value)) return firstProblem(value, problemOf);
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, '$time')) return isDate(value) ? undefined : 'a nested date is malformed';
  return firstProblem(Object.keys(value), keyProblem) ?? firstProblem(Object.values(value), problemOf);
};

const firstProblem = <T>(values: readonly T[], check: (value: T) => string | undefined): string | undefined => {
  for (const value of values) {
    const problem = check(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Why a nested object or an array of objects would not be stored. */
export const nestedProblem = (value: Json): string | undefined =>
  problemOf(value) ?? (bytesOf(value) > MAX_BYTES ? 'over 100 KB' : undefined);

/** Objects are merged key by key; everything else is replaced. */
export const merge = (before: Json | undefined, after: Json): Json => {
  if (!isObject(before) || !isObject(after)) return after;
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) merged.set(key, merge(merged.get(key), value));
  return Object.fromEntries(merged);
};
