import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import { createLazyExpression } from '../lazy-expression.ts';
import type { Field } from '../schema.ts';
import { withoutArticle } from '../words/articles.ts';
import { AMBIGUOUS, createLexicon } from '../words/lexicon.ts';
import { loadOtherWords } from '../words/other-words.lazy.cjs';
import { toPlainText } from '../words/plain-text.ts';
import { reportUnclear } from './meaning.ts';

/** English names of countries that CLDR (`Intl.DisplayNames`) does not have. */
const listEnglishAliases = (): { readonly [code: string]: readonly string[] } => ({
  AE: ['UAE', 'Emirates'],
  BN: ['Brunei Darussalam'],
  BO: ['Plurinational State of Bolivia'],
  BQ: ['Bonaire, Sint Eustatius and Saba'],
  CD: [
    'Congo',
    'Democratic Republic of the Congo',
    'Democratic Republic of Congo',
    'DR Congo',
    'DRC',
    'Congo-Kinshasa',
    'Zaire',
  ],
  CG: ['Congo', 'Republic of the Congo', 'Congo-Brazzaville'],
  CI: ['Ivory Coast'],
  CN: ["People's Republic of China", 'PRC', 'Mainland China'],
  CV: ['Cape Verde'],
  CZ: ['Czech Republic', 'Česká republika'],
  DE: ['Federal Republic of Germany', 'Bundesrepublik Deutschland', 'BRD'],
  DO: ['Dominican Rep'],
  FK: ['Falklands', 'Malvinas', 'Falkland Islands (Malvinas)'],
  FM: ['Federated States of Micronesia'],
  GB: [
    'UK',
    'Britain',
    'Great Britain',
    'England',
    'Scotland',
    'Wales',
    'Northern Ireland',
    'United Kingdom of Great Britain and Northern Ireland',
  ],
  GM: ['Republic of the Gambia'],
  GR: ['Hellas', 'Hellenic Republic'],
  GS: ['South Georgia and the South Sandwich Islands'],
  HK: ['香港'],
  HM: ['Heard Island and McDonald Islands'],
  IE: ['Eire', 'Republic of Ireland'],
  IR: ['Islamic Republic of Iran'],
  KP: ["Democratic People's Republic of Korea", 'DPRK', 'Korea (North)'],
  KR: ['Republic of Korea', 'Korea, Republic of', 'Korea (South)', 'ROK', '한국'],
  LA: ["Lao People's Democratic Republic", 'Lao PDR'],
  MD: ['Republic of Moldova'],
  MF: ['Saint Martin (French part)'],
  MK: ['Macedonia', 'Republic of North Macedonia'],
  MM: ['Burma', 'Myanmar'],
  MO: ['Macau', '澳門', '澳门'],
  MX: ['Estados Unidos Mexicanos'],
  NL: ['Holland', 'Kingdom of the Netherlands', 'Netherlands (Kingdom of the)'],
  NZ: ['Aotearoa'],
  PH: ['Republic of the Philippines'],
  PS: ['State of Palestine', 'Palestine', 'فلسطين'],
  RU: ['Russian Federation', 'Российская Федерация'],
  SA: ['KSA', 'Kingdom of Saudi Arabia', 'السعودية'],
  SH: ['Saint Helena, Ascension and Tristan da Cunha'],
  SK: ['Slovak Republic'],
  ST: ['Sao Tome'],
  SX: ['Sint Maarten (Dutch part)'],
  SY: ['Syrian Arab Republic'],
  SZ: ['Swaziland'],
  TH: ['ประเทศไทย'],
  TL: ['East Timor'],
  TR: ['Turkey', 'Turkiye'],
  TT: ['Trinidad'],
  TW: ['Republic of China', 'Taiwan, Province of China'],
  TZ: ['United Republic of Tanzania'],
  UM: ['United States Minor Outlying Islands'],
  US: ['USA', 'United States of America', 'America', 'The States', 'U.S. of A.', 'Estados Unidos', 'EE. UU.'],
  VA: ['Vatican', 'Holy See', 'Vatican City State', 'Holy See (Vatican City State)'],
  VC: ['Saint Vincent and the Grenadines'],
  VE: ['Bolivarian Republic of Venezuela'],
  VG: ['BVI', 'Virgin Islands, British'],
  VI: ['USVI', 'Virgin Islands, U.S.'],
  VN: ['Viet Nam'],
  ZA: ['RSA', 'Republic of South Africa'],
});

/** The languages of a country, except English and the one that CLDR has as the likeliest. */
const EXTRA_LANGUAGES: { readonly [code: string]: string } = {
  AD: 'es fr',
  AF: 'ps uz',
  AX: 'fi',
  BA: 'hr sr sr-Latn',
  BE: 'fr de',
  BI: 'fr',
  BO: 'qu',
  BY: 'be',
  CA: 'fr',
  CF: 'fr',
  CH: 'fr it rm',
  CN: 'zh-Hant ug bo',
  CY: 'tr',
  DJ: 'ar so',
  DZ: 'fr',
  EE: 'ru',
  ER: 'ar',
  ES: 'ca eu gl',
  ET: 'om so ti',
  FI: 'sv',
  FO: 'da',
  GB: 'cy gd ga',
  GL: 'da',
  HK: 'zh-Hans',
  HT: 'fr',
  IE: 'ga',
  IL: 'ar',
  IN: 'as bn gu kn ml mr or pa ta te ur',
  IQ: 'ku',
  KG: 'ru',
  KM: 'fr',
  KZ: 'kk',
  LB: 'fr',
  LK: 'ta',
  LU: 'lb de',
  LV: 'ru',
  MA: 'fr',
  MD: 'ru',
  ME: 'sr hr bs sq',
  MG: 'fr',
  MK: 'sq',
  ML: 'fr',
  MO: 'pt zh-Hans',
  MR: 'fr',
  MY: 'zh ta',
  NE: 'fr',
  NO: 'nn se',
  NZ: 'mi',
  PE: 'qu',
  PR: 'en',
  PY: 'es',
  RS: 'sr-Latn hu',
  RW: 'fr',
  SE: 'fi se',
  SG: 'zh ms ta',
  SN: 'fr',
  SO: 'ar',
  TD: 'fr',
  TJ: 'ru',
  TM: 'ru',
  TN: 'fr',
  TR: 'ku',
  TW: 'zh-Hans',
  UA: 'ru',
  UZ: 'ru uz-Cyrl',
  VU: 'fr',
  ZA: 'af xh zu',
};

const saint = createLazyExpression(String.raw`(?<![\p{L}\p{M}])st(?![\p{L}\p{M}])`, 'giu');

/** Removes differences in spelling: `the`, `St.` for Saint, and ISO's word order (`Iran, Islamic Republic of`). */
const normalizeName = (name: string): string =>
  name
    .replace(/^([^,]+), (.+ of(?: the)?)$/i, '$2 $1')
    .replace(/^the /i, '')
    .replace(saint(), 'saint');

/** ISO 3166-1; the package also lists Kosovo's XK, which the standard only reserves for users. */
const listAlphaCodes = (): readonly (readonly [string, string])[] =>
  codes.flatMap(([alpha2, alpha3]) =>
    alpha2 === undefined || alpha3 === undefined || alpha2 === 'XK' ? [] : [[alpha2, alpha3] as const],
  );

export const isAlpha2 = (text: string): boolean => listAlphaCodes().some(([code]) => code === text);

const listNames = (codes: readonly string[], locale: string): readonly (readonly [string, string])[] =>
  (['long', 'short'] as const).flatMap((style) => {
    const names = new Intl.DisplayNames([locale], { type: 'region', style, fallback: 'none' });
    return codes.flatMap((code) => {
      const name = names.of(code);
      return name === undefined ? [] : [[normalizeName(name), code] as const];
    });
  });

const listAllNames = (locale: string) =>
  listNames(
    listAlphaCodes().map(([code]) => code),
    locale,
  );

const listLanguages = (code: string): readonly string[] => {
  const { language, script } = new Intl.Locale(`und-${code}`).maximize();
  return [`${language}-${script}`, ...(EXTRA_LANGUAGES[code]?.split(' ') ?? [])];
};

/** The names of each country in its own languages. */
const listNativeNames = (): readonly (readonly [string, string])[] => {
  const codesByLanguage = new Map<string, string[]>();
  for (const [code] of listAlphaCodes()) {
    for (const language of listLanguages(code)) {
      codesByLanguage.set(language, [...(codesByLanguage.get(language) ?? []), code]);
    }
  }
  return [...codesByLanguage].flatMap(([language, codes]) => listNames(codes, language));
};

const english = createLexicon((locale) => [
  ...Object.entries(listEnglishAliases()).flatMap(([code, names]) =>
    names.map((name) => [normalizeName(name), code] as const),
  ),
  ...listAllNames(locale),
]);
const anywhere = createLexicon(listAllNames, () => [
  ...listNativeNames(),
  ...Object.entries(loadOtherWords().COUNTRY_ALIASES).flatMap(([code, names]) =>
    names.split(', ').map((name) => [name, code] as const),
  ),
]);

let codesByKey: ReadonlyMap<string, string> | undefined;

const fromCode = (text: string): string | undefined => {
  // Letters only, because `N/A` and `n.a.` mean "not applicable", not Namibia.
  if (!/^\p{L}{2,3}$/u.test(text)) return undefined;
  codesByKey ??= new Map(listAlphaCodes().flatMap(([alpha2, alpha3]) => [[alpha2, alpha2] as const, [alpha3, alpha2]]));
  return codesByKey.get(text.toUpperCase());
};

const fromName = (text: string, language: string | undefined): string | typeof AMBIGUOUS | undefined => {
  // ISO reserves `EU` for the European Union, but in CLDR it is also the French abbreviation of `États-Unis`.
  if (text.toUpperCase() === 'EU') return undefined;
  for (const name of [text, normalizeName(text), withoutArticle(text)]) {
    const inEnglish = english.findIn(name, 'en');
    if (inEnglish === AMBIGUOUS) return anywhere.findIn(name, language) ?? AMBIGUOUS;
    const code = inEnglish ?? anywhere.find(name, language);
    if (code !== undefined) return code;
  }
  return undefined;
};

/** A country as Braze stores it. Braze stores null for a country that it does not recognise, so that is not sent. */
export const country: Field<string> = {
  sends: 'ISO 3166-1 alpha-2',
  invalidWhen:
    'it is neither a code (alpha-2, alpha-3) nor the name of a country in English, in the country itself or in a language of the conversation',
  schema: { type: 'string', examples: ['DE', 'DEU', 'Germany', 'Deutschland', 'Allemagne'] },
  parse: (value, ctx) => {
    if (typeof value !== 'string') return ctx.invalid('wrong_type');
    const text = toPlainText(value);
    return reportUnclear(fromCode(text) ?? fromName(text, ctx.options.language), ctx, 'not_a_country');
  },
};
