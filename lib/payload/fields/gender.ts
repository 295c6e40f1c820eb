import { createLazyExpression } from '../lazy-expression.ts';
import type { Field } from '../schema.ts';
import { type Gender, genders } from '../words/genders.ts';
import type { AMBIGUOUS } from '../words/lexicon.ts';
import { toPlainText } from '../words/plain-text.ts';
import { reportUnclear } from './meaning.ts';

const WORDS = {
  M: 'm male man men boy guy gentleman mr masculine masc cisman cismale cisgenderman cisgendermale transman transmale transgenderman transgendermale',
  F: 'f female woman women girl lady gal ms mrs miss feminine femme ciswoman cisfemale cisgenderwoman cisgenderfemale transwoman transfemale transgenderwoman transgenderfemale',
  O: 'o other others x nonbinary nb enby genderqueer genderfluid fluid agender bigender pangender demigender androgynous intersex diverse twospirit 2spirit thirdgender thirdsex gendernonconforming gendervariant genderdiverse genderless anothergender anotheridentity othergender somethingelse selfdescribe selfdescribed prefertoselfdescribe transgender trans',
  N: 'n na notapplicable inapplicable nonapplicable doesnotapply doesntapply',
  P: 'p pnts undisclosed notdisclosed notstated notsaying withheld private confidential noanswer nocomment',
};

const ENGLISH: ReadonlyMap<string, Gender> = new Map(
  Object.entries(WORDS).flatMap(([gender, words]) => words.split(' ').map((word) => [word, gender as Gender] as const)),
);

const DECLINED =
  /^(?:i|id|iwould|would)?(?:(?:prefer|rather|choose|wish)not(?:to)?|(?:decline|declined|declines|refuse|refused)(?:to)?|(?:dont|donot|didnot|didnt)(?:want|wish|care)to|not(?:say|tell)ing)(?:say|answer|tell|disclose|share|specify|state|respond|reveal|identify)?$/;

// Not every symbol: "M?" is a doubt.
const IGNORED = /[\s.,/_'’‘`´‐-―-]+/gu;
const notInWords = createLazyExpression(String.raw`[^\p{L}\p{M}\p{N}\s.,/_'’‘\x60´׳״‐-―-]`, 'u');
const MAX_CHARACTERS = 100;

/**
 * Finds the gender that a word or letter means. Letters are looked up in the conversation's language first, because in
 * Finnish forms `N` means a woman.
 */
const toGender = (text: string, language: string | undefined): Gender | typeof AMBIGUOUS | undefined => {
  if (text.length > MAX_CHARACTERS || notInWords().test(text)) return undefined;
  const word = text.toLowerCase().replace(IGNORED, '');
  const letter = word.length === 1 ? genders.findIn(word, language) : undefined;
  return letter ?? ENGLISH.get(word) ?? (DECLINED.test(word) ? 'P' : genders.find(text, language));
};

/** One of Braze's five letters. An unknown word is left out, because null would erase the stored gender. */
export const gender: Field<Gender> = {
  sends: '`M`, `F`, `O` (other), `N` (not applicable) or `P` (prefer not to say)',
  invalidWhen: 'it is not one of the usual words in any of the languages (the stored value stays)',
  schema: { type: 'string', examples: ['female', 'Non-binary', 'prefer not to say', 'Frau'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    return reportUnclear(toGender(toPlainText(value), ctx.options.language), ctx, 'not_a_gender');
  },
};
