import type { JsonObject } from '../json.ts';
import { cleanText, holdsToken } from './clean.ts';
import { language } from './fields/language.ts';
import { isTooLong } from './fields/text.ts';
import { type CleanValue, type Field, FieldContext, InvalidPaths, isObject, list } from './schema.ts';

export const SESSION_WORDS = ['operating_system', 'language', 'browser', 'page', 'utm'] as const;
export type SessionWord = (typeof SESSION_WORDS)[number];

const word: Field<SessionWord> = {
  sends: SESSION_WORDS.map((name) => `\`${name}\``).join(', '),
  invalidWhen: 'it is another word',
  schema: { type: 'string', enum: SESSION_WORDS },
  parse: (value, ctx) => SESSION_WORDS.find((name) => name === value) ?? ctx.invalid('unknown_value'),
};

/** Which facts of the chat session are to be sent: any subset of the five words. */
export const session: Field<readonly SessionWord[]> = {
  ...list(word),
  sends:
    'what the chat knows: `operating_system`, `language` and `browser` as attributes where the payload gives none, `page` and the `utm_…` tags as properties of every event',
};

/** First match wins: an iPhone says "like Mac OS X", Android says "Linux". */
const OPERATING_SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iphone|ipad|ipod|\bios\b/i, 'iOS'],
  [/android/i, 'Android'],
  [/windows|\bwin(?:32|64)\b/i, 'Windows'],
  [/\bcros\b|chrome ?os/i, 'ChromeOS'],
  [/\bmac|\bos ?x\b|\bdarwin\b/i, 'macOS'],
  [/linux|ubuntu|\bx11\b/i, 'Linux'],
];

/** First match wins: nearly every browser also says "Safari", and most say "Chrome". */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bedg(?:e|a|ios)?\b/i, 'Edge'],
  [/\bopr\b|\bopera\b|\bopios\b/i, 'Opera'],
  [/samsung ?(?:browser|internet)/i, 'Samsung Internet'],
  [/firefox|fxios/i, 'Firefox'],
  [/chrom(?:e|ium)|crios/i, 'Chrome'],
  [/safari/i, 'Safari'],
  [/msie|trident|internet explorer/i, 'Internet Explorer'],
];

const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];

const match = (table: readonly (readonly [RegExp, string])[], said: CleanValue): string | undefined =>
  typeof said === 'string' ? table.find(([pattern]) => pattern.test(said.slice(0, 1_000)))?.[1] : undefined;

/** Read aside, because what a browser says about itself is no field of the payload. */
const languageOf = (said: CleanValue): string | undefined =>
  typeof said === 'string'
    ? language.parse(said.replace(/[,;].*$/s, ''), new FieldContext({ now: 0 }, new InvalidPaths()))
    : undefined;

const short = (text: string | null | undefined): string | undefined => {
  const clean = cleanText(text ?? '');
  return clean === undefined || isTooLong(clean) || holdsToken(clean) ? undefined : clean;
};

const urlOf = (said: CleanValue): URL | undefined => {
  const url = typeof said === 'string' ? (URL.parse(said) ?? undefined) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
};

const present = (members: { readonly [name: string]: string | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined));

/** What a session adds: attributes where the payload gives none, and properties of every event of the request. */
export interface SessionData {
  readonly attributes: JsonObject;
  readonly properties: JsonObject;
}

/** The session's facts from `context.user_data`, cleaned like a payload; what it does not tell is left out. */
export const sessionData = (words: readonly SessionWord[], userData: CleanValue): SessionData => {
  const said = isObject(userData) ? userData : {};
  const has = (name: SessionWord) => words.includes(name);
  const url = has('page') || has('utm') ? urlOf(said.last_viewed_url) : undefined;
  return {
    attributes: present({
      operating_system: has('operating_system') ? match(OPERATING_SYSTEMS, said.platform) : undefined,
      language: has('language') ? (languageOf(said.browser_language) ?? languageOf(said.language)) : undefined,
      browser: has('browser') ? (match(BROWSERS, said.user_browser) ?? match(BROWSERS, said.platform)) : undefined,
    }),
    properties: present({
      page: has('page') && url !== undefined ? short(`${url.origin}${url.pathname}`) : undefined,
      ...(has('utm') && Object.fromEntries(UTM.map((name) => [name, short(url?.searchParams.get(name))]))),
    }),
  };
};
