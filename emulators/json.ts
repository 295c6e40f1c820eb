export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export const isString = (value: Json | undefined): value is string => typeof value === 'string';

export const isText = (value: Json | undefined): value is string => isString(value) && value !== '';

/** The value, or undefined when the text is not JSON. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The length in UTF-8. No Buffer: the emulated Braze also runs in a browser. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

export const countJsonBytes = (value: Json): number => byteLength(JSON.stringify(value));

/** Characters as a person counts them, not UTF-16 units. */
export const characterCount = (text: string): number => [...text].length;
