import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import type { Field } from '../schema.ts';
import { nameKey, namesTable } from './name-lookup.ts';

/** What people call countries beside the names that CLDR (`Intl.DisplayNames`) has for them. */
const ALSO_CALLED: { readonly [code: string]: readonly string[] } = {
  AE: ['UAE', 'Emirates'],
  BN: ['Brunei Darussalam'],
  BO: ['Plurinational State of Bolivia'],
  BQ: ['Bonaire, Sint Eustatius and Saba'],
  CD: [
    'Democratic Republic of the Congo',
    'Democratic Republic of Congo',
    'DR Congo',
    'DRC',
    'Congo-Kinshasa',
    'Zaire',
  ],
  CG: ['Republic of the Congo', 'Congo-Brazzaville'],
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
  KP: ["Democratic People's Republic of Korea", 'DPRK'],
  KR: ['Republic of Korea', 'Korea, Republic of', 'ROK', '한국'],
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
};

/** The languages of a country beside English and the one that CLDR thinks likeliest there. */
const ALSO_SPOKEN: { readonly [code: string]: string } = {
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

/** `the`, the abbreviation of Saint, and ISO's inversion (`Iran, Islamic Republic of`) don't tell countries apart. */
const plain = (name: string): string =>
  name
    .replace(/^([^,]+), (.+ of(?: the)?)$/i, '$2 $1')
    .replace(/^the /i, '')
    .replace(/\bst\b/gi, 'saint');

/** ISO 3166-1; the package also lists Kosovo's XK, which the standard only reserves for users. */
const alphaCodes = (): readonly (readonly [string, string])[] =>
  codes.flatMap(([alpha2, alpha3]) =>
    alpha2 === undefined || alpha3 === undefined || alpha2 === 'XK' ? [] : [[alpha2, alpha3] as const],
  );

export const isAlpha2 = (text: string): boolean => alphaCodes().some(([code]) => code === text);

// What has no name is called by its code.
const displayNames = (language: string, style: 'long' | 'short' = 'long'): Intl.DisplayNames =>
  new Intl.DisplayNames([language, 'en'], { type: 'region', style });

const languagesOf = (code: string): readonly string[] => {
  const { language, script } = new Intl.Locale(`und-${code}`).maximize();
  return [`${language}-${script}`, ...(ALSO_SPOKEN[code]?.split(' ') ?? [])];
};

const buildCodes = () =>
  namesTable(
    alphaCodes().flatMap(([code, alpha3]) => [
      [code, code],
      [alpha3, code],
    ]),
  );

const buildEnglish = () => {
  const called = Object.entries(ALSO_CALLED).flatMap(([code, names]) => names.map((name) => [name, code] as const));
  const named = [displayNames('en'), displayNames('en', 'short')].flatMap((names) =>
    alphaCodes().map(([code]) => [`${names.of(code)}`, code] as const),
  );
  return namesTable([...called, ...named].map(([name, code]) => [plain(name), code]));
};

const buildNative = () => {
  const byLanguage = new Map<string, Intl.DisplayNames>();
  const namesIn = (language: string): Intl.DisplayNames => {
    const names = byLanguage.get(language) ?? displayNames(language);
    byLanguage.set(language, names);
    return names;
  };
  return namesTable(
    alphaCodes().flatMap(([code]) =>
      languagesOf(code).map((language) => [plain(`${namesIn(language).of(code)}`), code] as const),
    ),
  );
};

/** From the cheapest to build to the dearest; most payloads never need the names. */
const TABLES = [buildCodes, buildEnglish, buildNative];
const built: ReadonlyMap<string, string>[] = [];

/** A code stands alone: `N/A` and `n.a.` say that there is none, and not that it is Namibia. */
const mayBeCode = (text: string): boolean => /^\p{L}{2,3}$/u.test(text);

const toCountry = (text: string): string | undefined => {
  const keys = [nameKey(text), nameKey(plain(text))];
  for (const [index, build] of TABLES.entries()) {
    if (build === buildCodes && !mayBeCode(text)) continue;
    const table = built[index] ?? build();
    built[index] = table;
    const code = keys.map((key) => table.get(key)).find((found) => found !== undefined);
    if (code !== undefined) return code;
  }
  return undefined;
};

/** A country as Braze stores it; what Braze doesn't recognise it would store as null, so it isn't sent. */
export const country: Field<string> = {
  sends: 'ISO 3166-1 alpha-2',
  invalidWhen: 'it is no code (alpha-2, alpha-3) and no English or native name of a country',
  schema: { type: 'string', examples: ['DE', 'DEU', 'Germany', 'Deutschland'] },
  parse: (value, ctx) => (typeof value === 'string' ? toCountry(value) : undefined) ?? ctx.invalid('not_a_country'),
};
