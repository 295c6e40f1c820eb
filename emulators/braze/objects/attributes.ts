import type { Json, JsonObject } from '../../json.ts';
import type { Call, Drop } from '../endpoint.ts';
import { customUpdate } from './custom.ts';
import { applyTo, asItem, flagOf, targetOf, type Update } from './item.ts';
import { isTokenImport } from './push-tokens.ts';
import { isStandard, standardUpdate } from './standard.ts';

/** Keys that say how to read the object, or whom it is about. */
const control = new Set([
  'external_id',
  'braze_id',
  'user_alias',
  '_update_existing_only',
  '_merge_objects',
  'push_token_import',
]);

/** The changes that the attributes in an object make to a profile. */
export const attributeUpdates = (item: JsonObject, { settings }: Call, drop: Drop): Update[] => {
  const merging = flagOf(item, '_merge_objects', drop) ?? false;
  return Object.entries(item).flatMap(([name, value]) => {
    if (control.has(name)) return [];
    if (isStandard(name)) return standardUpdate({ name, value, drop, settings }) ?? [];
    return customUpdate(name, value, merging, drop);
  });
};

/** Checks a user attributes object; what comes back does what it says. */
export const readAttributes = (value: Json, call: Call, drop: Drop): (() => void) => {
  const item = asItem(value);
  if (isTokenImport(item)) {
    const updates = attributeUpdates(item, call, drop);
    return () => {
      const anonymous = call.workspace.createAnonymous();
      for (const update of updates) update(anonymous);
    };
  }
  const target = targetOf(item, call, drop, true);
  const updates = attributeUpdates(item, call, drop);
  return () => applyTo(call, target, updates);
};
