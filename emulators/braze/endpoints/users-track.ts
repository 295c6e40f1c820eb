import { isArray, type Json, type JsonObject } from '../../json.ts';
import type { Call, Drop, Endpoint } from '../endpoint.ts';
import { readAttributes } from '../objects/attributes.ts';
import { readEvent } from '../objects/event.ts';
import { below } from '../objects/item.ts';
import { readPurchase } from '../objects/purchase.ts';
import { ItemRefused, NO_VALID_DATA, RequestRefused } from '../refusal.ts';

interface Kind {
  readonly key: 'attributes' | 'events' | 'purchases';
  readonly read: (value: Json, call: Call, drop: Drop) => () => void;
}

/** In the order in which Braze processes them. */
const kinds: readonly Kind[] = [
  { key: 'attributes', read: readAttributes },
  { key: 'events', read: readEvent },
  { key: 'purchases', read: readPurchase },
];

interface Read {
  readonly key: Kind['key'];
  readonly index: number;
  readonly result: { readonly apply: () => void } | { readonly problem: string };
}

const listOf = (body: JsonObject, key: string): readonly Json[] => {
  const list = body[key];
  if (list === undefined) return [];
  if (!isArray(list)) throw new RequestRefused(`'${key}' must be an array of objects`);
  return list;
};

const checkSize = ({ body, settings }: Call): void => {
  const sizes = kinds.map(({ key }) => listOf(body, key).length);
  const size = settings.legacyLimit ? Math.max(...sizes) : sizes.reduce((sum, one) => sum + one);
  if (size > settings.maxObjects) throw new RequestRefused('Max Input Length Exceeded');
};

const tryToRead = ({ key, read }: Kind, value: Json, index: number, call: Call): Read['result'] => {
  try {
    return { apply: read(value, call, below(call.drop, `${key}.${index}`)) };
  } catch (error) {
    if (error instanceof ItemRefused) return { problem: error.message };
    throw error;
  }
};

const readAll = (call: Call): Read[] => {
  const all = kinds.flatMap((kind) =>
    listOf(call.body, kind.key).map((value, index) => ({
      key: kind.key,
      index,
      result: tryToRead(kind, value, index, call),
    })),
  );
  const refused = { nothing: 0, first: 1, all: all.length }[call.refusing];
  const result = { problem: new ItemRefused('NO_IDENTIFIER').message };
  return all.map((read, position) => (position < refused ? { ...read, result } : read));
};

const errorsOf = (all: readonly Read[]): JsonObject[] =>
  all.flatMap(({ key, index, result }) =>
    'problem' in result ? { type: result.problem, input_array: key, index } : [],
  );

const countsOf = (valid: readonly { readonly key: string }[]): JsonObject => {
  const counts = kinds.map(({ key }) => [`${key}_processed`, valid.filter((read) => read.key === key).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
};

export const usersTrack: Endpoint = {
  permission: 'users.track',
  rate: { pool: 'users/track', limit: 3_000, perMs: 3_000 },
  answer: (call) => {
    checkSize(call);
    const all = readAll(call);
    const errors = errorsOf(all);
    const listed = errors.length > 0 ? { errors } : {};
    const valid = all.flatMap(({ key, result }) => ('apply' in result ? { key, apply: result.apply } : []));
    if (valid.length === 0) return { status: 400, body: { message: NO_VALID_DATA, ...listed } };
    for (const { apply } of valid) apply();
    return { status: 201, body: { message: 'success', ...countsOf(valid), ...listed } };
  },
};
