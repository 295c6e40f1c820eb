/**
 * Which characters nobody sees, once for the whole payload: blanks separate words, invisible characters do nothing that
 * a reader could notice (Unicode: format characters, default ignorable code points, variation selectors).
 */
const BLANK = /[\s\u0085\u2800\u3164\uffa0]/;
/** Blanks are listed first where both classes apply: the Hangul fillers look like blanks. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]+/gu;
/** All invisible characters but the four that change what a reader sees in some scripts and in emoji. */
const NEVER_NEEDED =
  /[[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]--[\u200c\u200d\ufe0e\ufe0f\u3164\uffa0]]+/gv;
const JOINERS_AND_SELECTORS = /(?:\u200c|\u200d|\ufe0e|\ufe0f)+/g;
const JOINER_OR_SELECTOR = /\u200c|\u200d|\ufe0e|\ufe0f/;
/** Text that none of the functions below would change; most texts are such, and need none of the expressions here. */
const PLAIN = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Marks that no language stacks this high would make Unicode normalization quadratic; such text stays as it is. */
const TOO_MANY_MARKS = /\p{M}{31}/u;
const normalize = (text: string, form: 'NFC' | 'NFKC'): string =>
  TOO_MANY_MARKS.test(text) ? text : text.normalize(form);

const isBlank = (character: string): boolean => BLANK.test(character);
const isAtEnd = (character: string): boolean => isBlank(character) || JOINER_OR_SELECTOR.test(character);

/** By hand: a regular expression for trailing blanks takes quadratic time on inner ones. */
const trim = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && isAtEnd(text.charAt(start))) start += 1;
  while (end > start && isAtEnd(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

/** Keeps an emoji selector after an emoji, and a joiner between two visible characters. */
const withoutNeedlessJoiners = (text: string): string =>
  text.replace(JOINERS_AND_SELECTORS, (run, offset: number) => {
    const before = text.slice(Math.max(0, offset - 2), offset);
    if (isBlank(before.slice(-1))) return '';
    const selector = /\p{Emoji}$/u.test(before) ? (/^(?:\ufe0e|\ufe0f)/.exec(run)?.[0] ?? '') : '';
    const joiner = isBlank(text.charAt(offset + run.length)) ? '' : (/[\u200c-\u200d]/.exec(run)?.[0] ?? '');
    return selector + joiner;
  });

/** Tabs and line ends separate words, so they become a blank; other controls and halves of a character are removed. */
const withoutControls = (text: string): string =>
  text.replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ').replace(/[\p{Cc}\p{Cs}]/gu, '');

/** Without the invisible characters that no script needs; controls such as line ends stay. */
export const withoutInvisible = (text: string): string => text.replace(NEVER_NEEDED, '');

/** Free text as a reader sees it, before it is trimmed: without controls and without what no script needs. */
export const visibleText = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : withoutInvisible(withoutControls(text));

/** Free text without blanks around it, in NFC. */
export const tidyText = (text: string): string =>
  PLAIN.test(text) ? text : normalize(withoutNeedlessJoiners(trim(text)), 'NFC');

/** An identifier or a key: blanks around it and invisible characters never decide which one is meant. */
export const tidyIdentifier = (text: string): string =>
  PLAIN.test(text) ? text : normalize(trim(text.replace(INVISIBLE, '')), 'NFC');

/**
 * Text for a parser of dates, numbers, names and the like: no invisible characters, and full-width and other compatible
 * forms as their plain ones (NFKC), so that `１２` is `12`.
 */
export const foldText = (text: string): string =>
  PLAIN.test(text) ? text : trim(normalize(text.replace(INVISIBLE, ''), 'NFKC'));

/** Every run of blanks as one plain blank. */
export const collapseBlanks = (text: string): string => text.replace(/[\s\u0085\u2800\u3164\uffa0]+/g, ' ');
