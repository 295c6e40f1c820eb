import { LANGUAGES, toBaseLanguage, toLocale } from './languages.ts';
import { memoize } from './lexicon.ts';
import { loadOtherWords } from './other-words.lazy.cjs';
import { splitIntoKeys, toWordKey } from './word-key.ts';

/**
 * Words that mean yes, words that mean no, and words that change neither. The third list must not have words that can
 * reverse an answer (`not`, `but`).
 */
export type YesNoWords = readonly [yes: string, no: string, besides: string];

const ENGLISH: YesNoWords = [
  'yes y yeah yep yup true',
  'no n nope nah false',
  'please thanks thank you sure of course absolutely definitely certainly indeed i do am it is very much sir madam ok okay',
];

type Kind = 'yes' | 'no' | 'besides';
interface Vocabulary {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly longest: number;
}

const toVocabulary = memoize((language: string): Vocabulary => {
  const [yes, no, besides] = language === 'en' ? ENGLISH : (loadOtherWords().YES_NO_WORDS[language] ?? ['', '', '']);
  const entries = (list: string, kind: Kind) =>
    list.split(' ').map((word): readonly [string, Kind] => [toWordKey(word), kind]);
  const kinds = new Map([...entries(besides, 'besides'), ...entries(yes, 'yes'), ...entries(no, 'no')]);
  return { kinds, longest: Math.max(...[...kinds.keys()].map((key) => key.length)) };
});

const isWrittenWithoutBlanks = (language: string): boolean => ['ja', 'ko', 'zh'].includes(language);

/** The kinds of the words in a run of letters; `undefined` if one of them is unknown. */
const findKinds = (run: string, language: string): readonly Kind[] | undefined => {
  const { kinds, longest } = toVocabulary(language);
  const whole = kinds.get(run);
  if (whole !== undefined) return [whole];
  if (!isWrittenWithoutBlanks(language)) return undefined;
  const found: Kind[] = [];
  for (let start = 0; start < run.length; ) {
    let length = Math.min(longest, run.length - start);
    while (length > 0 && !kinds.has(run.slice(start, start + length))) length -= 1;
    const kind = kinds.get(run.slice(start, start + length));
    if (kind === undefined) return undefined;
    found.push(kind);
    start += length;
  }
  return found;
};

const parseIn = (runs: readonly string[], language: string): boolean | undefined => {
  const kinds = new Set<Kind>();
  for (const run of runs) {
    const found = findKinds(run, language);
    if (found === undefined) return undefined;
    for (const kind of found) kinds.add(kind);
  }
  if (kinds.has('yes') === kinds.has('no')) return undefined;
  return kinds.has('yes');
};

const MAX_CHARACTERS = 100;
const MAX_WORDS = 8;

let baseLanguages: readonly string[] | undefined;

/**
 * Parses a yes or no, also with polite words (`Oui, merci !`), in English, in the conversation's language, or in any
 * language if all agree. A single letter counts only in English and in the conversation's language. `undefined` with any
 * other word, and with a question mark, which shows doubt.
 */
export const parseYesNo = (text: string, language?: string): boolean | undefined => {
  if (text.length > MAX_CHARACTERS || /[?？؟;\p{N}]/u.test(text)) return undefined;
  const runs = splitIntoKeys(text);
  if (runs.length === 0 || runs.length > MAX_WORDS) return undefined;
  const english = parseIn(runs, 'en');
  if (english !== undefined) return english;
  const locale = toLocale(language);
  const own = locale === undefined ? undefined : parseIn(runs, toBaseLanguage(locale));
  if (own !== undefined) return own;
  baseLanguages ??= [...new Set(LANGUAGES.map(toBaseLanguage))];
  const isLetter = runs.length === 1 && [...runs.join('')].length === 1;
  // A letter stands for a word of a language that is not known here; a character of Chinese or Korean is a word.
  const candidates = isLetter ? baseLanguages.filter(isWrittenWithoutBlanks) : baseLanguages;
  const readings = new Set(candidates.map((candidate) => parseIn(runs, candidate)));
  readings.delete(undefined);
  const [only, ...others] = readings;
  return others.length === 0 ? only : undefined;
};
