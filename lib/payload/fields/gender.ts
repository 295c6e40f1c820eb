import type { Field } from '../schema.ts';

const WORDS = {
  M: 'm male man boy guy gentleman mr masculine masc cisman cismale cisgenderman cisgendermale transman transmale transgenderman transgendermale',
  F: 'f female woman girl lady gal ms mrs miss feminine femme ciswoman cisfemale cisgenderwoman cisgenderfemale transwoman transfemale transgenderwoman transgenderfemale',
  O: 'o other others x nonbinary nb enby genderqueer genderfluid fluid agender bigender pangender demigender androgynous intersex diverse twospirit 2spirit thirdgender thirdsex gendernonconforming gendervariant genderdiverse genderless anothergender anotheridentity othergender somethingelse selfdescribe selfdescribed prefertoselfdescribe transgender trans',
  N: 'n na notapplicable inapplicable nonapplicable doesnotapply doesntapply',
  P: 'p pnts undisclosed notdisclosed notstated notsaying withheld private confidential noanswer nocomment',
};

const GENDERS: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([gender, words]) => words.split(' ').map((word): [string, string] => [word, gender])),
);

const DECLINED =
  /^(?:i|id|iwould|would)?(?:(?:prefer|rather|choose|wish)not(?:to)?|(?:decline|declined|declines|refuse|refused)(?:to)?|(?:dont|donot|didnot|didnt)(?:want|wish|care)to|not(?:say|tell)ing)(?:say|answer|tell|disclose|share|specify|state|respond|reveal|identify)?$/;

// Not every symbol: "M?" is a doubt.
const IGNORED = /[\s.,/_'’‘`´‐-―-]+/gu;
const LONGEST = 64;

/** Braze's five letters from English words; a word it doesn't know is left out, because null would erase. */
export const gender: Field<string> = {
  sends: '`M`, `F`, `O` (other), `N` (not applicable) or `P` (prefer not to say)',
  invalidWhen: 'it is none of the usual English words (the stored value stays)',
  schema: { type: 'string', examples: ['female', 'Non-binary', 'prefer not to say'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string' || value.length > LONGEST) return ctx.invalid('not_a_gender');
    const word = value.toLowerCase().replace(IGNORED, '');
    return GENDERS.get(word) ?? (DECLINED.test(word) ? 'P' : ctx.invalid('not_a_gender'));
  },
};
