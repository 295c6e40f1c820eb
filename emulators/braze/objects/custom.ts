import { bytesOf, isArray, isObject, type Json, type JsonObject, lengthOf } from '../../json.ts';
import type { Drop } from '../endpoint.ts';
import type { Update } from './item.ts';
import { type Change, MAX_BYTES, MAX_CHARACTERS, merge, nestedProblem } from './nested.ts';
import { objectArrayChange } from './object-array.ts';

const MAX_ITEMS = 500;

const to =
  (value: Json): Change =>
  () => ({ value });
const problem =
  (text: string): Change =>
  () => ({ problem: text });

/** The oldest items of a long array are lost. */
const capped = (items: readonly Json[]): readonly Json[] => items.slice(-MAX_ITEMS);

/** Values are unique; adding one again moves it to the end. */
const unique = (items: readonly Json[]): Json[] => [...new Set(items.toReversed())].toReversed();

const increment =
  (by: Json | undefined): Change =>
  (before = 0) => {
    if (typeof by !== 'number' || !Number.isInteger(by)) return { problem: 'inc is not an integer' };
    return typeof before === 'number' ? { value: before + by } : { problem: 'inc on something that is no number' };
  };

const isScalar = (item: Json): boolean => ['string', 'number', 'boolean'].includes(typeof item);
const scalarsOf = (value: Json | undefined): readonly Json[] | undefined => {
  if (value === undefined) return [];
  return isArray(value) && value.every(isScalar) ? value : undefined;
};

const addAndRemove = ({ add, remove }: JsonObject): Change => {
  const added = scalarsOf(add);
  const removed = scalarsOf(remove);
  if (!added || !removed) return problem('add and remove take arrays of scalars');
  return (before = []) =>
    isArray(before)
      ? { value: capped(unique([...before, ...added]).filter((item) => !removed.includes(item))) }
      : { problem: 'add or remove on something that is no array' };
};

const hasOnly = (value: JsonObject, keys: readonly string[]): boolean => {
  const own = Object.keys(value);
  return own.length > 0 && own.every((key) => keys.includes(key));
};

const objectChange = (value: JsonObject, merging: boolean): Change => {
  if (hasOnly(value, ['inc'])) return increment(value.inc);
  if (hasOnly(value, ['add', 'remove'])) return addAndRemove(value);
  if (hasOnly(value, ['$add', '$update', '$remove'])) return objectArrayChange(value, merging);
  const wrong = nestedProblem(value);
  if (wrong !== undefined) return problem(wrong);
  return (before) => {
    const after = merging ? merge(before, value) : value;
    return bytesOf(after) > MAX_BYTES ? { problem: 'over 100 KB' } : { value: after };
  };
};

const arrayChange = (value: readonly Json[]): Change => {
  const wrong = nestedProblem(value);
  return wrong === undefined ? to(capped(unique(value))) : problem(wrong);
};

const changeOf = (value: Json, merging: boolean): Change => {
  if (typeof value === 'string' && lengthOf(value) > MAX_CHARACTERS) return problem('over 255 characters');
  if (isArray(value)) return arrayChange(value);
  return isObject(value) ? objectChange(value, merging) : to(value);
};

/** The change a custom attribute makes. Braze answers with success whether it can be made or not. */
export const customUpdate = (name: string, value: Json, merging: boolean, drop: Drop): Update => {
  if (value === null) {
    return ({ custom_attributes }) => {
      custom_attributes.delete(name);
    };
  }
  const change = changeOf(value, merging);
  return ({ custom_attributes }) => {
    const after = change(custom_attributes.get(name));
    if ('problem' in after) drop(name, after.problem);
    else custom_attributes.set(name, after.value);
  };
};
