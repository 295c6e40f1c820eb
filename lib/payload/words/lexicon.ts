import { LANGUAGES, toLocale } from './languages.ts';
import { toWordKey, toWordKeys } from './word-key.ts';

/** Words and what they mean. */
export type Entries<T> = Iterable<readonly [word: string, meaning: T]>;

/** The words of many languages. */
export interface Lexicon<T> {
  /** What a word means in the given language; else what it means in all of the languages that have it. */
  readonly find: (word: string, language?: string) => T | typeof AMBIGUOUS | undefined;
  /** What it means in the given language alone. */
  readonly findIn: (word: string, language?: string) => T | typeof AMBIGUOUS | undefined;
}

/** Stands for a word that means different things in different languages, or in the given one. */
export const AMBIGUOUS: unique symbol = Symbol('ambiguous');
type Table<T> = ReadonlyMap<string, T | typeof AMBIGUOUS>;

/** Languages besides the usual ones whose words are kept in memory; a conversation is free to name any. */
const MAX_KEPT = 32;

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

/** Keeps what is computed for each locale; forgets the oldest. */
export const memoize = <T>(compute: (locale: string) => T): ((locale: string) => T) => {
  const kept = new Map<string, T>();
  return (locale) => {
    const known = kept.get(locale);
    if (known !== undefined) return known;
    for (const oldest of kept.keys()) {
      if (kept.size < MAX_KEPT) break;
      kept.delete(oldest);
    }
    const computed = compute(locale);
    kept.set(locale, computed);
    return computed;
  };
};

/**
 * A lexicon of the words that `listEntries` gives for a locale, and of `more` that belong to no language in particular.
 * Nothing is computed before it is asked for a word.
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
