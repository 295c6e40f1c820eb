import { createLazyExpression } from './lazy-expression.ts';

/**
 * Characters that a reader does not see. Blanks separate words; invisible characters (Unicode: format characters,
 * default ignorable code points, variation selectors) have no visible effect.
 */
const BLANK = /[\s\u0085\u2800\u3164\uffa0]/;
/** Includes the Hangul fillers, which also count as blanks. */
const invisible = createLazyExpression(
  String.raw`[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]+`,
  'gu',
);
/** All invisible characters but the four that change what a reader sees in some scripts and in emoji. */
const neverNeeded = createLazyExpression(
  String.raw`[[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]--[\u200c\u200d\ufe0e\ufe0f\u3164\uffa0]]+`,
  'gv',
);
const JOINERS_AND_SELECTORS = /(?:\u200c|\u200d|\ufe0e|\ufe0f)+/g;
const JOINER_OR_SELECTOR = /\u200c|\u200d|\ufe0e|\ufe0f/;
/** Text that none of the functions below changes. Most texts match, and need no other expression. */
const PLAIN = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Unicode normalization takes quadratic time for long runs of combining marks, so such text is not normalized. */
const tooManyMarks = createLazyExpression(String.raw`\p{M}{31}`, 'u');
const normalize = (text: string, form: 'NFC' | 'NFKC'): string =>
  tooManyMarks().test(text) ? text : text.normalize(form);

const isBlank = (character: string): boolean => BLANK.test(character);
const isAtEnd = (character: string): boolean => isBlank(character) || JOINER_OR_SELECTOR.test(character);

/** A loop, because a regular expression for trailing blanks takes quadratic time on inner ones. */
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

/** Tabs and line ends become a blank, because they separate words; other controls and lone surrogates are removed. */
const withoutControls = (text: string): string =>
  text.replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ').replace(/[\p{Cc}\p{Cs}]/gu, '');

/** Removes the invisible characters that no script needs; controls such as line ends stay. */
export const withoutInvisible = (text: string): string => text.replace(neverNeeded(), '');

/** Removes controls, and the invisible characters that no script needs, from free text. Does not trim. */
export const toVisibleText = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : withoutInvisible(withoutControls(text));

/** Trims free text, and normalizes it to NFC. */
export const tidyText = (text: string): string =>
  PLAIN.test(text) ? text : normalize(withoutNeedlessJoiners(trim(text)), 'NFC');

/** Cleans an identifier or a key, in which blanks around it and invisible characters never make a difference. */
export const tidyIdentifier = (text: string): string =>
  PLAIN.test(text) ? text : normalize(trim(text.replace(invisible(), '')), 'NFC');

/**
 * Normalizes text for a parser of dates, numbers, names and the like: without invisible characters, in NFKC, so that
 * `１２` is `12`.
 */
export const foldText = (text: string): string =>
  PLAIN.test(text) ? text : trim(normalize(text.replace(invisible(), ''), 'NFKC'));

/** Replaces every run of blanks with one space. */
export const collapseBlanks = (text: string): string => text.replace(/[\s\u0085\u2800\u3164\uffa0]+/g, ' ');
