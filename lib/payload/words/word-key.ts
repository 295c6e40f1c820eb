import { createLazyExpression } from '../lazy-expression.ts';

// Longer than any name; longer texts are not normalized.
const MAX_CHARACTERS = 100;

/**
 * Diacritics of Latin, Greek and Cyrillic, points of Hebrew, vowel signs and the tatweel of Arabic, and apostrophes that
 * are letters to Unicode (`Вʼєтнам`). The vowels of Indic scripts stay.
 */
const DIACRITICS = /[\u02b9-\u02bf\u0640]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;

/** Letters that Unicode does not decompose, and how people without the key for them type them. */
const FOLDED: { readonly [letter: string]: string } = {
  ...{ ß: 'ss', ı: 'i', ł: 'l', ø: 'o', œ: 'oe', æ: 'ae', đ: 'd', ð: 'd', þ: 'th', ς: 'σ' },
  ...{ ة: 'ه', ى: 'ي', ی: 'ي', ک: 'ك' },
};
const FOLDABLE = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'g');

const separators = createLazyExpression(String.raw`[^\p{L}\p{M}\p{N}]+`, 'gu');

/** The key of a word or name, without letter case, diacritics, punctuation and blanks. */
export const toWordKey = (text: string): string => {
  if (text.length > MAX_CHARACTERS) return '';
  const spelled = text.replaceAll('&', ' and ');
  if (/^[ -~]*$/.test(spelled)) return spelled.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return spelled
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .toLowerCase()
    .replace(FOLDABLE, (letter) => `${FOLDED[letter]}`)
    .replace(separators(), '');
};

const words = createLazyExpression(String.raw`[\p{L}\p{M}]+`, 'gu');

/** The key of each word of a text. */
export const splitIntoKeys = (text: string): readonly string[] => (text.match(words()) ?? []).map(toWordKey);

/** Replaces umlauts and rings with two vowels, as some people write them: `Oesterreich`, `Daenemark`, `Aaland`. */
const withSecondVowel = (text: string): string =>
  text
    .replace(/[äÄ]/g, 'ae')
    .replace(/[öÖøØ]/g, 'oe')
    .replace(/[üÜ]/g, 'ue')
    .replace(/[åÅ]/g, 'aa');

/** The keys by which a word is found. */
export const toWordKeys = (word: string): readonly string[] => {
  const key = toWordKey(word);
  return /[äöøüå]/i.test(word) ? [key, toWordKey(withSecondVowel(word))] : [key];
};
