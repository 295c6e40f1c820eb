import { getOwn } from '../json.ts';

/** Converts a value of Braze to text, because an answer holds only text. */
export const toText = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/**
 * Finds a member by its name, in which dots lead into nested objects. A member whose own name has dots is taken first:
 * `address.city` is the member `address.city`, else the member `city` of `address`.
 */
export const getNested = (value: unknown, name: string): unknown => {
  const own = getOwn(value, name);
  if (own !== undefined) return own;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const parent = getOwn(value, name.slice(0, dot));
    const nested = parent === undefined ? undefined : getNested(parent, name.slice(dot + 1));
    if (nested !== undefined) return nested;
  }
  return undefined;
};
