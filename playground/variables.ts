import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';

export type ParsedInput =
  | { readonly kind: 'json'; readonly value: JsonObject }
  /** Not a JSON object; `problem` says where the text breaks, as the browser puts it. */
  | { readonly kind: 'broken'; readonly problem: string };

/** The nodes refuse more than 64 levels; far above that, the page itself could not go through them. */
const MAX_DEPTH = 500;

const isDeeperThan = (levels: number, value: Json): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member)));

/** The text of a Parameter Input as the JSON object that it must be. */
export const parseInput = (text: string): ParsedInput => {
  try {
    const value: Json = JSON.parse(text);
    if (!isJsonObject(value)) return { kind: 'broken', problem: 'A Parameter Input begins with { and ends with }.' };
    if (isDeeperThan(MAX_DEPTH, value)) return { kind: 'broken', problem: 'It is nested too deeply.' };
    return { kind: 'json', value };
  } catch (error) {
    return { kind: 'broken', problem: error instanceof Error ? error.message : '' };
  }
};

/** `{FIRST_NAME}`, as Design Studio writes a variable into a Parameter Input; blanks inside the braces are allowed. */
const PLACEHOLDER = /\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}/g;

const mapText = (value: Json, map: (text: string) => string): Json => {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapText(item, map));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapText(member, map)]));
};

/** The names of the variables in all texts of a Parameter Input, in the order in which they first appear. */
export const findVariables = (input: Json): readonly string[] => {
  const names = new Set<string>();
  mapText(input, (text) => {
    for (const [, name] of text.matchAll(PLACEHOLDER)) if (name !== undefined) names.add(name);
    return text;
  });
  return [...names];
};

/** The payload of a call: every variable replaced by its value. One without a value stays as it is written. */
export const fillVariables = (input: Json, values: Readonly<Record<string, string>>): Json =>
  mapText(input, (text) =>
    text.replace(PLACEHOLDER, (placeholder, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? placeholder) : placeholder,
    ),
  );
