import type { Field } from '../schema.ts';
import { nameKey, namesTable } from './name-lookup.ts';

/** All of ISO 639-1; the standard is closed. */
const CODES =
  'aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu'.split(
    ' ',
  );
const STANDARD: ReadonlySet<string> = new Set(CODES);

/** What people call languages beside the names that CLDR (`Intl.DisplayNames`) has for them. */
const ALSO_CALLED: { readonly [code: string]: readonly string[] } = {
  bn: ['Bengali'],
  el: ['Modern Greek'],
  en: ['American English', 'British English', 'US English', 'UK English'],
  es: ['Castilian', 'Castellano', 'Latin American Spanish', 'Mexican Spanish'],
  fa: ['Farsi'],
  fr: ['Canadian French', 'Swiss French'],
  ga: ['Irish Gaelic'],
  gd: ['Gaelic'],
  ht: ['Haitian', 'Kreyòl ayisyen'],
  id: ['Bahasa Indonesia'],
  jv: ['Basa Jawa'],
  ki: ['Gikuyu'],
  ku: ['Kurmanji'],
  ky: ['Kirghiz'],
  lb: ['Letzeburgesch'],
  mi: ['Maori'],
  ms: ['Bahasa Melayu', 'Bahasa Malaysia'],
  my: ['Myanmar'],
  nb: ['Bokmål'],
  nl: ['Flemish', 'Vlaams'],
  nn: ['Nynorsk'],
  ny: ['Chichewa', 'Chewa'],
  or: ['Oriya'],
  pa: ['Panjabi'],
  ps: ['Pushto'],
  pt: ['Brazilian Portuguese', 'European Portuguese', 'Português do Brasil', 'Português brasileiro'],
  ro: ['Moldavian', 'Moldovan'],
  si: ['Sinhalese'],
  sl: ['Slovene'],
  st: ['Sotho'],
  tl: ['Tagalog', 'Pilipino'],
  tw: ['Twi'],
  ug: ['Uighur'],
  zh: [
    'Mandarin',
    'Mandarin Chinese',
    'Simplified Chinese',
    'Traditional Chinese',
    '简体中文',
    '繁體中文',
    '汉语',
    '漢語',
    '普通话',
    '國語',
  ],
};

// After the language only a script or a region: to Intl a word such as `no-thanks` is a tag too.
const TAG = /^([a-z]{2,3})(?:$|-[a-z]{4}(?:-|$)|-[a-z]{2}(?:-|$)|-\d{3}(?:-|$))/i;
const LONGEST_TAG = 64;

/** `de_AT.UTF-8` is the POSIX spelling of `de-AT`. */
const ofTag = (text: string): string | undefined => {
  if (text.length > LONGEST_TAG) return undefined;
  const tag = text.replace(/\.utf-?8$/i, '').replaceAll('_', '-');
  const written = TAG.exec(tag)?.[1]?.toLowerCase();
  if (written === undefined) return undefined;
  try {
    const { language } = new Intl.Locale(tag);
    // What is written goes first, because CLDR merges languages that ISO 639-1 tells apart (Tagalog in Filipino).
    return [written, language === 'fil' ? 'tl' : language].find((code) => STANDARD.has(code));
  } catch {
    return undefined;
  }
};

const withoutRemark = (name: string): string => name.replace(/\([^()]*\)$/, '');

// What has no name is called by its code.
const displayNames = (language: string): Intl.DisplayNames =>
  new Intl.DisplayNames([language, 'en'], { type: 'language' });

const buildNames = () => {
  const english = displayNames('en');
  const names = (display: (code: string) => string | undefined) =>
    CODES.map((code) => [withoutRemark(`${display(code)}`), code] as const);
  return namesTable([
    ...Object.entries(ALSO_CALLED).flatMap(([code, called]) => called.map((name) => [name, code] as const)),
    ...names((code) => english.of(code)),
    ...names((code) => displayNames(code).of(code)),
  ]);
};

let byName: ReadonlyMap<string, string> | undefined;

const ofName = (text: string): string | undefined => {
  byName ??= buildNames();
  return byName.get(nameKey(text)) ?? byName.get(nameKey(withoutRemark(text)));
};

/** A language as Braze stores it: ISO 639-1, so a region or a script is dropped. */
export const language: Field<string> = {
  sends: 'ISO 639-1',
  invalidWhen: 'it is no code or tag of a language in ISO 639-1, and no English or native name of one',
  schema: { type: 'string', examples: ['fr', 'fr-CA', 'French', 'français'] },
  parse: (value, ctx) =>
    (typeof value === 'string' ? (ofTag(value) ?? ofName(value)) : undefined) ?? ctx.invalid('not_a_language'),
};
