const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The items of a list that was written as text: `a, b, c`, or the JSON of an array; `undefined` if it is neither. */
export const splitList = (text: string): readonly unknown[] | undefined => {
  if (!/^\s*\[.*\]\s*$/s.test(text)) return text.split(',');
  const items = parseJson(text);
  return Array.isArray(items) ? items : undefined;
};
