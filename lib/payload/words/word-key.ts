// Longer than any name, and short enough that normalising a hostile text costs nothing.
const MAX_CHARACTERS = 100;

/**
 * Diacritics of Latin, Greek and Cyrillic, points of Hebrew, vowel signs and the tatweel of Arabic, and apostrophes that
 * are letters to Unicode (`Вʼєтнам`). The vowels of Indic scripts stay.
 */
const DIACRITICS = /[\u02b9-\u02bf\u0640]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;

/** Letters that Unicode does not decompose, as people type them who lack the key for them. */
const FOLDED: { readonly [letter: string]: string } = {
  ...{ ß: 'ss', ı: 'i', ł: 'l', ø: 'o', œ: 'oe', æ: 'ae', đ: 'd', ð: 'd', þ: 'th', ς: 'σ' },
  ...{ ة: 'ه', ى: 'ي', ی: 'ي', ک: 'ك' },
};
const FOLDABLE = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'g');

/** What the spellings of one word or name have in common: letter case, diacritics, punctuation and blanks are ignored. */
export const toWordKey = (text: string): string => {
  if (text.length > MAX_CHARACTERS) return '';
  const spelled = text.replaceAll('&', ' and ');
  if (/^[ -~]*$/.test(spelled)) return spelled.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return spelled
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .toLowerCase()
    .replace(FOLDABLE, (letter) => `${FOLDED[letter]}`)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
};

/** Umlauts and rings are also written with a second vowel: `Oesterreich`, `Daenemark`, `Aaland`. */
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
