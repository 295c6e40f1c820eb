// Longer than any name, and short enough that normalising a hostile text costs nothing.
const LONGEST = 100;

/** What the spellings of one name have in common: letter case, diacritics, punctuation and blanks are ignored. */
export const nameKey = (text: string): string =>
  text.length > LONGEST
    ? ''
    : text
        .replaceAll('&', ' and ')
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '');

/** What each name means, by its key: of several meanings the first one. */
export const namesTable = (names: readonly (readonly [name: string, code: string])[]): ReadonlyMap<string, string> => {
  const table = new Map<string, string>();
  for (const [name, code] of names) {
    const key = nameKey(name);
    if (key !== '' && !table.has(key)) table.set(key, code);
  }
  return table;
};
