import { LANGUAGES, toLocale } from './languages.ts';
import { toWordKey, toWordKeys } from './word-key.ts';

/** Words and their meanings. */
export type Entries<T> = Iterable<readonly [word: string, meaning: T]>;

/** The words of many languages. */
export interface Lexicon<T> {
  /** The meaning of a word in `language`; else its meaning in all languages that have it. */
  readonly find: (word: string, language?: string) => T | typeof AMBIGUOUS | undefined;
  /** The meaning of a word in `language` only. */
  readonly findIn: (word: string, language?: string) => T | typeof AMBIGUOUS | undefined;
}

/** The result for a word with different meanings. */
export const AMBIGUOUS: unique symbol = Symbol('ambiguous');
type Table<T> = ReadonlyMap<string, T | typeof AMBIGUOUS>;

/** The number of languages whose words are kept in memory, because conversations can name any language. */
const MAX_LOCALES = 32;

const toTable = <T>(lists: readonly Entries<T>[]): Table<T> => {
  const table = new Map<string, T | typeof AMBIGUOUS>();
  for (const entries of lists) {
    for (const [word, meaning] of entries) {
      for (const key of toWordKeys(word)) {
        const known = table.get(key);
        table.set(key, known === undefined || known === meaning ? meaning : AMBIGUOUS);
      }
    }
  }
  table.delete('');
  return table;
};

/** Caches what is computed for each locale, and forgets the oldest. */
export const memoize = <T>(compute: (locale: string) => T): ((locale: string) => T) => {
  const kept = new Map<string, T>();
  return (locale) => {
    const known = kept.get(locale);
    if (known !== undefined) return known;
    for (const oldest of kept.keys()) {
      if (kept.size < MAX_LOCALES) break;
      kept.delete(oldest);
    }
    const computed = compute(locale);
    kept.set(locale, computed);
    return computed;
  };
};

/**
 * Creates a lexicon of the words that `listEntries` returns for a locale, and of `more` in any language. Nothing is
 * computed before the first look-up.
 */
export const createLexicon = <T>(
  listEntries: (locale: string) => Entries<T>,
  more: () => Entries<T> = () => [],
): Lexicon<T> => {
  let all: Table<T> | undefined;
  const findTable = memoize((locale) => toTable([listEntries(locale)]));
  const findIn: Lexicon<T>['findIn'] = (word, language) => {
    const locale = toLocale(language);
    return locale === undefined ? undefined : findTable(locale).get(toWordKey(word));
  };
  return {
    findIn,
    find: (word, language) => {
      const own = findIn(word, language);
      if (own !== undefined) return own;
      all ??= toTable([...LANGUAGES.map(listEntries), more()]);
      return all.get(toWordKey(word));
    },
  };
};
