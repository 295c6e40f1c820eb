import { bytesOf, isArray, isObject, type Json, type JsonObject } from '../../json.ts';
import { type Change, MAX_BYTES, merge, nestedProblem } from './nested.ts';

const matching = ({ $identifier_key: key, $identifier_value: value }: JsonObject): ((item: Json) => boolean) => {
  return (item) => typeof key === 'string' && isObject(item) && Object.hasOwn(item, key) && item[key] === value;
};

const listOf = (value: Json | undefined): readonly Json[] | undefined => {
  if (value === undefined) return [];
  return isArray(value) ? value : undefined;
};

const isSelector = (item: Json): item is JsonObject =>
  isObject(item) && typeof item.$identifier_key === 'string' && item.$identifier_value !== undefined;

const isReplacement = (item: Json): item is JsonObject => isSelector(item) && isObject(item.$new_object);

const refuse =
  (problem: string): Change =>
  () => ({ problem });

/** `$add`, `$remove` and `$update` of an array of objects, always in this order. */
export const objectArrayChange = (value: JsonObject, merging: boolean): Change => {
  const added = listOf(value.$add);
  const removed = listOf(value.$remove);
  const updated = listOf(value.$update);
  if (!added?.every(isObject)) return refuse('$add takes an array of objects');
  if (!removed?.every(isSelector)) return refuse('$remove takes an array of $identifier_key and $identifier_value');
  if (!updated?.every(isReplacement)) return refuse('$update also takes a $new_object');
  const wrong = nestedProblem([...added, ...updated.map(({ $new_object = null }) => $new_object)]);
  if (wrong !== undefined) return refuse(wrong);

  return (before = []) => {
    if (!isArray(before)) return { problem: 'an operator for arrays on something that is no array' };
    let items = [...before, ...added];
    for (const selector of removed) {
      const fits = matching(selector);
      items = items.filter((item) => !fits(item));
    }
    for (const replacement of updated) {
      const fits = matching(replacement);
      const { $new_object = null } = replacement;
      items = items.map((item) => (fits(item) ? merge(merging ? item : undefined, $new_object) : item));
    }
    return bytesOf(items) > MAX_BYTES ? { problem: 'over 100 KB' } : { value: items };
  };
};
