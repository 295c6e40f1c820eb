import type { Cleaned, Field, JsonSchema, Place } from './field.ts';

type CleanedObject = { readonly [key: string]: Cleaned };

/** A JSON object, as opposed to a list, text, number or nothing. */
export const isObject = (value: Cleaned): value is CleanedObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object's own member, of whatever came from outside. */
export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

/** A member that must be there and usable, or the object that holds it is unusable. */
export interface Required<T> extends Field<T> {
  readonly presence: 'required';
}
/** A member that may be left out; but given and unusable, it makes the object that holds it unusable. */
export interface Vital<T> extends Field<T> {
  readonly presence: 'vital';
}

export const required = <T>(field: Field<T>): Required<T> => ({ ...field, presence: 'required' });
export const vital = <T>(field: Field<T>): Vital<T> => ({ ...field, presence: 'vital' });

type AnyField = Field<unknown> & { readonly presence?: 'required' | 'vital' };
export type Fields = { readonly [name: string]: AnyField };

type Value<F> = F extends Field<infer T> ? T : never;
/** What is read of an object: its required members surely, the others where they were given and usable. */
export type Read<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Required<unknown> ? K : never]: Value<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends Required<unknown> ? never : K]?: Value<F[K]>;
};

/** An object whose members have rules of their own; what it has besides is ignored. */
export interface ObjectField<F extends Fields> extends Field<Read<F>> {
  readonly fields: F;
}

/** What an object may say of itself beside its members. */
interface Besides<F extends Fields> extends Partial<Pick<Field<unknown>, 'becomes' | 'unusableWhen'>> {
  /** What no member can tell by itself: the object as it was read, or refused; `given` is what the payload says. */
  readonly check?: (read: Read<F>, given: CleanedObject, at: Place) => Read<F> | undefined;
}

const schemaOf = (fields: Fields): JsonSchema => {
  const needed = Object.entries(fields).filter(([, field]) => field.presence === 'required');
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.schema])),
    ...(needed.length > 0 && { required: needed.map(([name]) => name) }),
  };
};

/**
 * Reads an object member by member: an unusable member is left out and named, the rest is kept. JSON `null` counts as
 * absent, since only an attribute can be unset. Refused: what is no object; then the member that made it so is named.
 */
export const object = <F extends Fields>(
  fields: F,
  {
    becomes = 'an object',
    unusableWhen = 'a required member is missing or unusable',
    check = (read) => read,
  }: Besides<F> = {},
): ObjectField<F> => ({
  becomes,
  unusableWhen,
  schema: schemaOf(fields),
  fields,
  read: (value, at) => {
    if (!isObject(value)) return at.refuse();
    const members: [string, unknown][] = [];
    let whole = true;
    for (const [name, field] of Object.entries(fields)) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      if (given === undefined || given === null) {
        if (field.presence !== 'required') continue;
        at.at(name).refuse();
        whole = false;
        continue;
      }
      const usable = field.read(given, at.at(name));
      if (usable !== undefined) members.push([name, usable]);
      else if (field.presence !== undefined) whole = false;
    }
    return whole ? check(Object.fromEntries(members) as Read<F>, value, at) : undefined;
  },
});

/** A member of a list, and the path the designer knows it by: Braze's `errors` point at positions, flows at paths. */
export interface Placed<T> {
  readonly path: string;
  readonly value: T;
}

/** One item where a list may stand as well (`event` beside `events`). */
export const oneOf = <T>(item: Field<T>): Field<readonly Placed<T>[]> => ({
  ...item,
  read: (value, at) => {
    const usable = item.read(value, at);
    return usable === undefined ? undefined : [{ path: at.path, value: usable }];
  },
});

/** A list whose unusable items are left out and named; the others go. */
export const listOf = <T>(item: Field<T>): Field<readonly Placed<T>[]> => ({
  becomes: `a list of: ${item.becomes}`,
  unusableWhen: 'it is not a list; an unusable item is left out by itself',
  schema: { type: 'array', items: item.schema },
  read: (value, at) => {
    if (!Array.isArray(value)) return at.refuse();
    return value.flatMap((given: Cleaned, index) => {
      if (given === undefined || given === null) return [];
      const usable = item.read(given, at.at(index));
      return usable === undefined ? [] : [{ path: at.at(index).path, value: usable }];
    });
  },
});

/** The values of such a list alone, where nothing will point at them; absent where none of them is usable. */
export const valuesOf = <T>(item: Field<T>): Field<readonly T[]> => {
  const list = listOf(item);
  return {
    ...list,
    read: (value, at) => {
      const values = list.read(value, at)?.map((placed) => placed.value) ?? [];
      return values.length > 0 ? values : undefined;
    },
  };
};
