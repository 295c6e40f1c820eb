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

/** The facts of the chat session to send. */
export const session: Field<readonly SessionWord[]> = {
  ...list(word),
  sends:
    '`operating_system`, `language` and `browser` as attributes where the payload gives none, `page` and the `utm_…` tags as properties of every event (in `metadata` of a recommended `ecommerce.…` event)',
};

/** The first match counts, because the platform of an iPhone also contains "like Mac OS X", that of Android "Linux". */
const OPERATING_SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iphone|ipad|ipod|\bios\b/i, 'iOS'],
  [/android/i, 'Android'],
  [/windows|\bwin(?:32|64)\b/i, 'Windows'],
  [/\bcros\b|chrome ?os/i, 'ChromeOS'],
  [/\bmac|\bos ?x\b|\bdarwin\b/i, 'macOS'],
  [/linux|ubuntu|\bx11\b/i, 'Linux'],
];

/** The first match counts, because nearly every user agent also contains "Safari", and most contain "Chrome". */
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

const MAX_USER_AGENT_CHARACTERS = 1_000;

const findFirstMatch = (table: readonly (readonly [RegExp, string])[], value: CleanValue): string | undefined =>
  typeof value === 'string'
    ? table.find(([pattern]) => pattern.test(value.slice(0, MAX_USER_AGENT_CHARACTERS)))?.[1]
    : undefined;

/** Parses without reports, because the browser's language is not part of the payload. */
const parseLanguage = (value: CleanValue): string | undefined =>
  typeof value === 'string'
    ? language.parse(value.replace(/[,;].*$/s, ''), new FieldContext({ now: 0 }, new InvalidPaths()))
    : undefined;

/** Text for a property; `undefined` if it is longer than Braze stores, or holds the token of a signed link. */
const toProperty = (text: string | null | undefined): string | undefined => {
  const clean = cleanText(text ?? '');
  return clean === undefined || isTooLong(clean) || holdsToken(clean) ? undefined : clean;
};

const parseWebUrl = (value: CleanValue): URL | undefined => {
  const url = typeof value === 'string' ? (URL.parse(value) ?? undefined) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
};

const dropUndefined = (members: { readonly [name: string]: string | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined));

/** What a session adds: attributes that the payload does not have, and properties of every event. */
export interface SessionData {
  readonly attributes: JsonObject;
  readonly properties: JsonObject;
}

/** Takes the facts that `words` name from the cleaned `context.user_data`; missing and unknown ones are left out. */
export const toSessionData = (words: readonly SessionWord[], userData: CleanValue): SessionData => {
  const source = isObject(userData) ? userData : {};
  const wants = (word: SessionWord) => words.includes(word);
  const url = wants('page') || wants('utm') ? parseWebUrl(source.last_viewed_url) : undefined;
  const findBrowser = () => findFirstMatch(BROWSERS, source.user_browser) ?? findFirstMatch(BROWSERS, source.platform);
  const findLanguage = () => parseLanguage(source.browser_language) ?? parseLanguage(source.language);
  return {
    attributes: dropUndefined({
      operating_system: wants('operating_system') ? findFirstMatch(OPERATING_SYSTEMS, source.platform) : undefined,
      language: wants('language') ? findLanguage() : undefined,
      browser: wants('browser') ? findBrowser() : undefined,
    }),
    properties: dropUndefined({
      page: wants('page') && url !== undefined ? toProperty(`${url.origin}${url.pathname}`) : undefined,
      ...(wants('utm') && Object.fromEntries(UTM.map((name) => [name, toProperty(url?.searchParams.get(name))]))),
    }),
  };
};
