import type { Field } from '../schema.ts';
import { withoutArticle } from '../words/articles.ts';
import { type AMBIGUOUS, createLexicon } from '../words/lexicon.ts';
import { toPlainText } from '../words/plain-text.ts';
import { toWordKey } from '../words/word-key.ts';
import { reportUnclear } from './meaning.ts';

/** All codes of ISO 639-1, to which no more are added. */
const CODES =
  'aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu'.split(
    ' ',
  );
const STANDARD: ReadonlySet<string> = new Set(CODES);

/** Names of languages that CLDR (`Intl.DisplayNames`) does not have. */
const ALIASES: { readonly [code: string]: readonly string[] } = {
  bn: ['Bengali'],
  el: ['Modern Greek'],
  en: ['US English', 'UK English'],
  es: ['Castilian', 'Castellano'],
  fa: ['Farsi'],
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
  pt: ['Português do Brasil', 'Português brasileiro'],
  ro: ['Moldavian', 'Moldovan'],
  si: ['Sinhalese'],
  sl: ['Slovene'],
  st: ['Sotho'],
  tl: ['Tagalog', 'Pilipino'],
  tw: ['Twi'],
  ug: ['Uighur'],
  zh: ['Mandarin', 'Mandarin Chinese', '简体中文', '繁體中文', '汉语', '漢語', '普通话', '國語'],
};

// Only a script or a region may follow the language, because `Intl` also accepts `no-thanks` as a tag.
const TAG = /^([a-z]{2,3})(?:$|-[a-z]{4}(?:-|$)|-[a-z]{2}(?:-|$)|-\d{3}(?:-|$))/i;
const MAX_TAG_CHARACTERS = 64;

/** Parses a tag, also in the POSIX spelling: `de_AT.UTF-8`. */
const fromTag = (text: string): string | undefined => {
  if (text.length > MAX_TAG_CHARACTERS) return undefined;
  const tag = text.replace(/\.utf-?8$/i, '').replaceAll('_', '-');
  const written = TAG.exec(tag)?.[1]?.toLowerCase();
  if (written === undefined) return undefined;
  try {
    const { language } = new Intl.Locale(tag);
    // The code as written is tried first, because CLDR merges some languages of ISO 639-1 (Tagalog into Filipino).
    return [written, language === 'fil' ? 'tl' : language].find((code) => STANDARD.has(code));
  } catch {
    return undefined;
  }
};

const withoutRemark = (name: string): string => name.replace(/\([^()]*\)$/, '');

/** Varieties with their own name in CLDR: `Brazilian Portuguese`, `chinois simplifié`. */
const VARIETIES = [
  ...['de-AT', 'de-CH', 'en-AU', 'en-CA', 'en-GB', 'en-US', 'es-419', 'es-ES', 'es-MX', 'fr-CA', 'fr-CH', 'nl-BE'],
  ...['pt-BR', 'pt-PT', 'zh-Hans', 'zh-Hant'],
];

/** Without `tw`, because CLDR merges it into `ak` and calls both Akan. */
const NAMED = [...CODES.filter((code) => code !== 'tw'), ...VARIETIES];

type Names = readonly (readonly [name: string, code: string])[];

const listNames = (tags: readonly string[], locale: string): Names =>
  (['long', 'short'] as const).flatMap((style) => {
    const names = new Intl.DisplayNames([locale], { type: 'language', style, fallback: 'none' });
    return tags.flatMap((tag) => {
      const name = names.of(tag);
      return name === undefined ? [] : [[name, tag.replace(/-.*/, '')] as const];
    });
  });

const withoutRemarks = (names: Names): Names => {
  // `Norwegisch (Bokmål)` must not become `Norwegisch`, which is another language.
  const whole = new Set(names.map(([name]) => toWordKey(name)));
  return names
    .map(([name, code]) => [withoutRemark(name), code] as const)
    .filter(([name]) => !whole.has(toWordKey(name)));
};

const listAllNames = (locale: string): Names => {
  const names = listNames(NAMED, locale);
  return [...names, ...withoutRemarks(names)];
};

const aliases = Object.entries(ALIASES).flatMap(([code, names]) => names.map((name) => [name, code] as const));

const english = createLexicon((locale) => [...listAllNames(locale), ...aliases]);
const anywhere = createLexicon(listAllNames, () =>
  CODES.flatMap((code) => {
    const own = listNames([code], code);
    return [...own, ...withoutRemarks(own)];
  }),
);

const fromName = (text: string, language: string | undefined): string | typeof AMBIGUOUS | undefined => {
  const names = [text, withoutRemark(text), withoutArticle(text)];
  for (const name of names) {
    const code = english.findIn(name, 'en') ?? anywhere.find(name, language);
    if (code !== undefined) return code;
  }
  return undefined;
};

/** A language as Braze stores it: ISO 639-1, so a region or a script is dropped. */
export const language: Field<string> = {
  sends: 'ISO 639-1',
  invalidWhen:
    'it is neither a code or tag of a language in ISO 639-1 nor the name of one in English, in itself or in a language of the conversation',
  schema: { type: 'string', examples: ['fr', 'fr-CA', 'French', 'français', 'Französisch'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    const text = toPlainText(value);
    return reportUnclear(fromTag(text) ?? fromName(text, ctx.options.language), ctx, 'not_a_language');
  },
};
