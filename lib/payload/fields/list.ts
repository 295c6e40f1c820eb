/** Commas and semicolons of every script, and line ends. */
const SEPARATOR =
  /[,;\u055d\u060c\u061b\u07f8\u1363\u1364\u1802\u1808\u2e32\u2e34\u2e35\u2e41\u2e49\u2e4c\u204f\u3001\ua4fe\ua60d\ua6f5\ua6f6\ufe10\ufe11\ufe14\ufe50\ufe51\ufe54\uff0c\uff1b\uff64\u037e\n-\r\u0085\u2028\u2029]/;

/** Opening quotes, and for each what may close it. */
const QUOTES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['„', '“”'],
  ['‘', '’'],
  ['‚', '‘’'],
  ['«', '»'],
  ['»', '«'],
  ['‹', '›'],
  ['「', '」'],
  ['『', '』'],
]);

/** A quoted item and the separator after it. The first closing quote must end the item, to keep the time linear. */
const QUOTED: ReadonlyMap<string, RegExp> = new Map(
  [...QUOTES].map(([open, close]) => [
    open,
    new RegExp(`${open}([^${open}${close}]*)[${close}][^\\S\\n-\\r\\u2028\\u2029]*(?:${SEPARATOR.source}|$)`, 'y'),
  ]),
);

const withoutQuotes = (item: string): string => {
  const text = item.trim();
  return text.length > 1 && QUOTES.get(text.charAt(0))?.includes(text.slice(-1)) === true ? text.slice(1, -1) : item;
};

const splitPlain = (text: string): readonly string[] => {
  const items: string[] = [];
  const nextSeparator = new RegExp(SEPARATOR, 'g');
  const nextVisible = /[^ \t\u00a0\u3000]/g;
  for (let start = 0; start <= text.length; ) {
    nextVisible.lastIndex = start;
    const at = nextVisible.exec(text)?.index ?? start;
    const quoted = QUOTED.get(text.charAt(at));
    if (quoted !== undefined) {
      quoted.lastIndex = at;
      const [whole, inside] = quoted.exec(text) ?? [];
      if (whole !== undefined && inside !== undefined) {
        items.push(inside);
        start = at + whole.length;
        // The last item has no separator after it.
        if (start === text.length && !SEPARATOR.test(whole.slice(-1))) break;
        continue;
      }
    }
    nextSeparator.lastIndex = at;
    const end = nextSeparator.exec(text)?.index ?? text.length;
    items.push(withoutQuotes(text.slice(start, end)));
    start = end + 1;
  }
  return items;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const PYTHON_ITEM =
  /\s*(?:[uUrRbB]{0,2}(?:'(?<single>[^'\\]*(?:\\.[^'\\]*)*)'|"(?<double>[^"\\]*(?:\\.[^"\\]*)*)")|(?<word>True|False|None|[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?))\s*(?<end>[,\])}])/sy;

const PYTHON_WORDS: ReadonlyMap<string, boolean | undefined> = new Map([
  ['True', true],
  ['False', false],
  ['None', undefined],
]);

const PYTHON_ESCAPES: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t' };

const PYTHON_ESCAPE = /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U00([\dA-Fa-f]{6})|(.))/gs;

const unescapePython = (text: string): string =>
  text.replace(PYTHON_ESCAPE, (_, byte, unit, codePoint, other) => {
    if (other !== undefined) return PYTHON_ESCAPES[other] ?? other;
    const code = Number.parseInt(byte ?? unit ?? codePoint, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });

const BRACKETS: { readonly [open: string]: string } = { '[': ']', '(': ')', '{': '}' };

/** Parses the text that Python prints for a list, tuple or set of strings, numbers and booleans. */
const parsePython = (text: string): readonly unknown[] | undefined => {
  const items: unknown[] = [];
  const item = new RegExp(PYTHON_ITEM);
  const open = text.trimStart().charAt(0);
  const close = `${BRACKETS[open]}`;
  item.lastIndex = text.indexOf(open) + 1;
  const last = text.lastIndexOf(close);
  for (;;) {
    // Python allows a comma after the last item.
    if (items.length > 0 && /^\s*$/.test(text.slice(item.lastIndex, last))) return items;
    const { single, double, word, end } = item.exec(text)?.groups ?? {};
    if (end === undefined) return undefined;
    if (word !== undefined) items.push(PYTHON_WORDS.has(word) ? PYTHON_WORDS.get(word) : Number(word));
    else items.push(unescapePython(`${single ?? double}`));
    if (end !== ',') return end === close && item.lastIndex > last ? items : undefined;
  }
};

/** The beginning of a collection that a program has printed: a bracket and a quote, or empty braces. */
const IS_PRINTED = /^\s*(?:[[({]\s*[uUrRbB]{0,2}["']|\{\s*\}\s*$)/;
/**
 * Splits a list that was written as text: items separated by commas, semicolons or line ends, with or without quotes;
 * a list in JSON; a list, tuple or set in Python. `undefined` for anything else in brackets, such as a JSON object or a
 * part of a list.
 */
export const splitList = (text: string): readonly unknown[] | undefined => {
  const trimmed = text.trim();
  const isBracketed = trimmed.startsWith('[') && trimmed.endsWith(']');
  if (!isBracketed && !IS_PRINTED.test(text)) return splitPlain(text);
  const items = parseJson(text);
  return Array.isArray(items) ? items : parsePython(text);
};
