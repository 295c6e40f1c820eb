import type { InvalidReason } from './invalid-reason.ts';

/**
 * The field engine. A `Field` parses one kind of value, and holds the words and the JSON Schema from which its
 * documentation is generated. `object`, `list` and `single` combine fields into larger ones, up to the payload of a node.
 *
 * A parser never throws. It reports an invalid value through its context, and parsing continues, so that one invalid
 * value does not cost the others.
 *
 * @example
 * const stars: Field<number> = {
 *   sends: 'an integer',
 *   invalidWhen: 'it is not an integer from 1 to 5',
 *   schema: { type: ['integer', 'string'] },
 *   parse: (value, ctx) => {
 *     const integer = toInteger(value);
 *     if (integer === undefined) return ctx.invalid('not_an_integer');
 *     return integer >= 1 && integer <= 5 ? integer : ctx.invalid('out_of_range');
 *   },
 * };
 * const review = object({ product: required(shortText), stars });
 *
 * const invalid = new InvalidPaths();
 * review.parse({ product: 'shoe', stars: '9' }, new FieldContext({ now: Date.now() }, invalid).child('review'));
 * // → { product: 'shoe' }
 * invalid.reasons; // → Map { 'review.stars' => 'out_of_range' }
 */
export interface Field<T> {
  /** What Braze is sent: `` `YYYY-MM-DD` ``. */
  readonly sends: string;
  /** When the value is left out and its path is listed in `BRAZE_INVALID_FIELDS`. */
  readonly invalidWhen: string;
  /** What a designer may write. */
  readonly schema: JsonSchema;
  /** Returns the value for Braze; `undefined` for an invalid value, reported with `ctx.invalid`, and for an absent one. */
  readonly parse: (value: Exclude<CleanValue, undefined>, ctx: FieldContext) => T | undefined;
}

/** The part of JSON Schema (2020-12) that describes payloads. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** The result of cleaning an invalid value. It is not absent, but no field accepts it. */
export const INVALID: unique symbol = Symbol('invalid');

/** A payload value after cleaning (`clean.ts`): JSON, with `undefined` for absent values. */
export type CleanValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | typeof INVALID
  | readonly CleanValue[]
  | CleanObject;
export interface CleanObject {
  readonly [key: string]: CleanValue;
}

/** An object whose members are all absent. It is never sent, because `{}` would erase data in Braze. */
export const EMPTY: Exclude<CleanValue, undefined> = Object.freeze({});

/**
 * What parsing depends on, except the value. `parsePayload` sets `country` and `lookupKey` from the payload, and
 * `language` from the conversation.
 */
export interface ParseOptions {
  /** The time of the call, in milliseconds since 1970. */
  readonly now: number;
  /** ISO 3166-1 alpha-2: the country of phone numbers without a country code. */
  readonly country?: string | undefined;
  /** The code in the `currency` beside an amount, which may not name another. */
  readonly currency?: string | undefined;
  /** The language of the person's browser, for words and numbers with two meanings. */
  readonly language?: string | undefined;
  /** The `email` or `phone` by which Braze finds the person, if there is no primary identifier. */
  readonly lookupKey?: { readonly name: 'email' | 'phone'; readonly value: string } | undefined;
  /** The external id that a signed link proves; it replaces the one of the payload. */
  readonly verifiedId?: string | undefined;
  /** How to read `a/b/yyyy`; without it, such a date is invalid. */
  readonly dateOrder?: 'DMY' | 'MDY' | undefined;
  /** Whether text with the token of a signed link is invalid, because a token must not reach Braze. */
  readonly refusesTokens?: boolean | undefined;
  /** Called with what each member and item was parsed into, for the playground. */
  readonly onParsed?: ((path: string, parsed: unknown) => void) | undefined;
}

/** The paths of a hostile payload can be far longer than the payload. */
const MAX_PATHS_CHARACTERS = 65_536;
const MAX_KEY_CHARACTERS = 1_024;

/** The paths of invalid values, spelled as the designer wrote them, each with the first reason reported. */
export class InvalidPaths {
  readonly #reasons = new Map<string, InvalidReason>();
  #room = MAX_PATHS_CHARACTERS;

  add(path: string, reason: InvalidReason): void {
    // The empty path is the whole payload, which a flow cannot ask for again.
    if (path === '' || this.#reasons.has(path) || path.length >= this.#room) return;
    this.#room -= path.length + 1;
    this.#reasons.set(path, reason);
  }

  get reasons(): ReadonlyMap<string, InvalidReason> {
    return this.#reasons;
  }
}

/** The path of a value in the payload, the options of parsing, and the place for reports. */
export class FieldContext {
  readonly options: ParseOptions;
  readonly #invalid: InvalidPaths;
  readonly #parent: FieldContext | undefined;
  readonly #key: string;

  constructor(options: ParseOptions, invalid: InvalidPaths, parent?: FieldContext, key = '') {
    this.options = options;
    this.#invalid = invalid;
    this.#parent = parent;
    this.#key = key;
  }

  /** The context of a member or item of this value. */
  child(key: string | number): FieldContext {
    return new FieldContext(this.options, this.#invalid, this, String(key));
  }

  /** This context with some options replaced. */
  with(options: Partial<ParseOptions>): FieldContext {
    return new FieldContext({ ...this.options, ...options }, this.#invalid, this.#parent, this.#key);
  }

  /** A context whose reports are discarded: for a value that another field reports, or that is not in the payload. */
  silent(): FieldContext {
    return new FieldContext(this.options, new InvalidPaths());
  }

  /** Reports the value as invalid. Returns `undefined`, so that a parser can `return ctx.invalid(…)`. */
  invalid(reason: InvalidReason): undefined {
    this.#invalid.add(this.path, reason);
    return undefined;
  }

  /** Parses the value of this context. */
  parse<T>(field: Field<T>, value: Exclude<CleanValue, undefined>): T | undefined {
    return this.observe(field.parse(value, this));
  }

  /** Calls `onParsed` with what the value was parsed into, and returns it. */
  observe<T>(value: T): T {
    if (value !== undefined) this.options.onParsed?.(this.path, value);
    return value;
  }

  /** `attributes.dob`, `events.1.time`. */
  get path(): string {
    const keys: string[] = [];
    for (let ctx: FieldContext = this; ctx.#parent !== undefined; ctx = ctx.#parent) {
      keys.push(ctx.#key.length > MAX_KEY_CHARACTERS ? `${ctx.#key.slice(0, MAX_KEY_CHARACTERS)}…` : ctx.#key);
    }
    const path = keys.reverse().join('.');
    // The empty path is the whole payload; an empty key in it is written as in JSON.
    return path === '' && keys.length > 0 ? '""' : path;
  }
}

/** Whether a value is a JSON object: neither a list, a scalar nor absent. */
export const isObject = (value: CleanValue): value is CleanObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a flow gave a value: not `null`, not an unset variable, not an object of only those. */
export const isGiven = (value: CleanValue): value is Exclude<CleanValue, undefined | null> =>
  value !== undefined && value !== null && value !== EMPTY;

/** Whether two values are the same JSON. */
export const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Reports unknown keys, so that nothing that a designer wrote is dropped silently. */
export const reportUnknownKeys = (value: CleanObject, known: readonly string[], ctx: FieldContext): void => {
  for (const [key, given] of Object.entries(value)) {
    if (given !== undefined && !known.includes(key)) ctx.child(key).invalid('unknown_key');
  }
};

/** A member whose absence makes its object invalid. */
export interface Required<T> extends Field<T> {
  readonly presence: 'required';
}
/** A member that may be absent, but makes its object invalid if it is invalid. */
export interface ValidIfPresent<T> extends Field<T> {
  readonly presence: 'valid_if_present';
}

export const required = <T>(field: Field<T>): Required<T> => ({ ...field, presence: 'required' });
export const validIfPresent = <T>(field: Field<T>): ValidIfPresent<T> => ({ ...field, presence: 'valid_if_present' });

export type Member<T> = Field<T> & { readonly presence?: 'required' | 'valid_if_present' };
export type Members<T> = { readonly [name: string]: Member<T> };
export type Fields = Members<unknown>;

type Value<F> = F extends Field<infer T> ? T : never;
/** What an object is parsed into: required members always, the others if they are given and valid. */
export type Output<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Required<unknown> ? K : never]: Value<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends Required<unknown> ? never : K]?: Value<F[K]>;
};

/** A field for an object whose members are fields. */
export interface ObjectField<F extends Fields> extends Field<Output<F>> {
  readonly fields: F;
}

interface ObjectOptions<F extends Fields> extends Partial<Pick<Field<unknown>, 'sends' | 'invalidWhen'>> {
  /** Other names of members, such as a former one. */
  readonly aliases?: { readonly [alias: string]: keyof F & string };
  /** A check across members: returns the object, or `undefined` after `ctx.invalid`. `given` is the unparsed object. */
  readonly check?: (parsed: Output<F>, given: CleanObject, ctx: FieldContext) => Output<F> | undefined;
}

export const toObjectSchema = (fields: Fields, aliases: { readonly [alias: string]: string } = {}): JsonSchema => {
  const names = Object.entries(fields).flatMap(([name, field]) => (field.presence === 'required' ? [name] : []));
  const schemas = Object.entries(fields).map(([name, field]) => [name, field.schema] as const);
  const aliasSchemas = Object.entries(aliases).map(([alias, name]) => [alias, fields[name]?.schema] as const);
  return {
    type: 'object',
    properties: Object.fromEntries([...schemas, ...aliasSchemas]),
    ...(names.length > 0 && { required: names }),
    additionalProperties: false,
  };
};

/** Replaces aliases with names. If both are given, the alias is reported. */
const withoutAliases = (
  value: CleanObject,
  aliases: { readonly [alias: string]: string },
  ctx: FieldContext,
): CleanObject => {
  const members: { [key: string]: CleanValue } = { ...value };
  for (const [alias, name] of Object.entries(aliases)) {
    if (!Object.hasOwn(members, alias)) continue;
    if (Object.hasOwn(members, name)) ctx.child(alias).invalid('duplicate');
    else members[name] = members[alias];
    delete members[alias];
  }
  return members;
};

/** Parses the members of an object, and returns the valid ones; `undefined` if a member makes the object invalid. */
export const parseMembers = <T>(
  fields: Members<T>,
  value: CleanObject,
  ctx: FieldContext,
): { readonly [name: string]: T } | undefined => {
  const members: [string, T][] = [];
  let complete = true;
  for (const [name, field] of Object.entries(fields)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined || given === null) {
      if (field.presence !== 'required') continue;
      ctx.child(name).invalid('missing');
      complete = false;
      continue;
    }
    const parsed = ctx.child(name).parse(field, given);
    if (parsed !== undefined) members.push([name, parsed]);
    else if (field.presence !== undefined) complete = false;
  }
  return complete ? Object.fromEntries(members) : undefined;
};

/**
 * An object of fields: an invalid member is left out and reported, an unknown key is reported. `null` counts as absent,
 * because only an attribute can be unset. If a member makes the object invalid, the path of the member is reported.
 */
export const object = <F extends Fields>(
  fields: F,
  {
    sends = 'an object',
    invalidWhen = 'a required member is missing or invalid',
    aliases = {},
    check = (parsed) => parsed,
  }: ObjectOptions<F> = {},
): ObjectField<F> => ({
  sends,
  invalidWhen,
  schema: toObjectSchema(fields, aliases),
  fields,
  parse: (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    const named = withoutAliases(value, aliases, ctx);
    const members = parseMembers(fields, named, ctx);
    reportUnknownKeys(named, Object.keys(fields), ctx);
    return members === undefined ? undefined : check(members as Output<F>, named, ctx);
  },
});

/** An item with its path in the payload, because Braze reports errors by position, and the answer by path. */
export interface WithPath<T> {
  readonly path: string;
  readonly value: T;
}

/** One item as a list of one, such as `event` beside `events`. */
export const single = <T>(item: Field<T>): Field<readonly WithPath<T>[]> => ({
  ...item,
  parse: (value, ctx) => {
    const parsed = item.parse(value, ctx);
    return parsed === undefined ? undefined : [{ path: ctx.path, value: parsed }];
  },
});

/** A list with the path of each item; an invalid item is left out and reported. */
export const listWithPaths = <T>(item: Field<T>): Field<readonly WithPath<T>[]> => ({
  sends: `a list of: ${item.sends}`,
  invalidWhen: 'it is not a list; of a list, only invalid items are left out',
  schema: { type: 'array', items: item.schema },
  parse: (value, ctx) => {
    if (!Array.isArray(value)) return ctx.invalid('wrong_type');
    return value.flatMap((given: CleanValue, index) => {
      if (given === undefined || given === null) return [];
      const itemCtx = ctx.child(index);
      const parsed = itemCtx.parse(item, given);
      return parsed === undefined ? [] : [{ path: itemCtx.path, value: parsed }];
    });
  },
});

/** A list of values; `undefined` if no item is valid. */
export const list = <T>(item: Field<T>): Field<readonly T[]> => {
  const items = listWithPaths(item);
  return {
    ...items,
    parse: (value, ctx) => {
      const values = items.parse(value, ctx)?.map((parsed) => parsed.value) ?? [];
      return values.length > 0 ? values : undefined;
    },
  };
};
