import { isArray, isObject, type Json, type JsonObject } from '../json.ts';
import type { Call, Reply } from './endpoint.ts';
import { ItemRefused, RequestRefused } from './refusal.ts';

const MAX_ITEMS = 50;

/** Checks an item; what comes back does it and says whether there was anything to do. */
export type ReadAliasItem = (item: JsonObject, call: Call) => () => boolean;

export interface AliasList {
  readonly key: string;
  readonly read: ReadAliasItem;
}

const itemsOf = (body: JsonObject, key: string): readonly Json[] => {
  const items = body[key];
  if (items === undefined) return [];
  if (!isArray(items)) throw new RequestRefused(`'${key}' must be an array of objects`);
  return items;
};

const tryToRead = (read: ReadAliasItem, item: Json, call: Call): { run: () => boolean } | { problem: string } => {
  try {
    if (!isObject(item)) throw new ItemRefused('NO_IDENTIFIER');
    return { run: read(item, call) };
  } catch (error) {
    if (error instanceof ItemRefused) return { problem: error.message };
    throw error;
  }
};

/** The answer of the endpoints that count `aliases_processed`. */
export const answerAliases = (call: Call, lists: readonly AliasList[]): Reply => {
  const all = lists.flatMap(({ key, read }) =>
    itemsOf(call.body, key).map((item, index) => ({ index, result: tryToRead(read, item, call) })),
  );
  if (all.length === 0) throw new RequestRefused(`'${lists[0]?.key}' must be an array of objects`);
  if (all.length > MAX_ITEMS) {
    throw new RequestRefused('The max number of external_ids and aliases per request was exceeded');
  }

  const errors = all.flatMap(({ index, result }) =>
    'problem' in result ? [{ type: result.problem, input_array: 'user_identifiers', index }] : [],
  );
  const listed = errors.length > 0 ? { errors } : {};
  if (errors.length === all.length) return { status: 400, body: { message: 'No valid user identifiers', ...listed } };

  const done = all.map(({ result }) => 'run' in result && result.run()).filter(Boolean).length;
  const taken = all.length - errors.length;
  const aliases_processed = call.settings.aliasCounts === 'done' ? done : taken;
  return { status: 201, body: { aliases_processed, message: 'success', ...listed } };
};
