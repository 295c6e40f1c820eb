import { toBaseLanguage } from './languages.ts';
import { createLexicon } from './lexicon.ts';
import { loadOtherWords } from './other-words.lazy.cjs';

/** Braze's letters: male, female, other, not applicable, prefer not to say. */
const GENDERS = ['M', 'F', 'O', 'N', 'P'] as const;
export type Gender = (typeof GENDERS)[number];

/** The words for genders in all languages except English, which `fields/gender.ts` has. */
export const genders = createLexicon<Gender>((locale) => {
  const own = loadOtherWords().GENDER_WORDS[toBaseLanguage(locale)];
  if (own === undefined) return [];
  return GENDERS.flatMap((gender) => own[gender].split(', ').map((word) => [word, gender] as const));
});
