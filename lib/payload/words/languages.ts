/**
 * The languages in which text is understood without knowing its language, with variants that have other words in CLDR. A
 * word with different meanings in two of them needs the conversation's language.
 */
export const LANGUAGES = [
  ...['en', 'fr', 'de', 'es', 'es-MX', 'pt', 'pt-PT', 'it', 'nl', 'pl', 'sv', 'da', 'nb', 'nn', 'fi', 'cs', 'tr'],
  ...['ru', 'uk', 'el', 'ar', 'he', 'ja', 'ko', 'zh', 'zh-Hant'],
] as const;

const MAX_CHARACTERS = 64;

/**
 * Parses the locale of a browser or an operating system: `fr-CA`, `fr_CA.UTF-8`, `fr-CA,fr;q=0.9`. Unicode extensions are
 * dropped, because a calendar or a numbering system there would change the results of `Intl`.
 */
export const toLocale = (language: string | undefined): string | undefined => {
  const tag = language
    ?.slice(0, MAX_CHARACTERS)
    .replace(/[,;.].*$/s, '')
    .replaceAll('_', '-')
    .trim();
  if (tag === undefined || tag === '') return undefined;
  try {
    const { baseName } = new Intl.Locale(tag);
    return Intl.DateTimeFormat.supportedLocalesOf(baseName).length > 0 ? baseName : undefined;
  } catch {
    return undefined;
  }
};

/** The language of a locale, by which tables of words are indexed: `no-NO` → `nb`, `zh-Hant-TW` → `zh`. */
export const toBaseLanguage = (locale: string): string => {
  const { language } = new Intl.Locale(locale);
  return language === 'no' || language === 'nn' ? 'nb' : language;
};
