/**
 * The languages in which an answer is read without being told which one it is in, with the variants that CLDR words
 * differently. A word that means two things in two of them needs the conversation's language.
 */
export const LANGUAGES = [
  ...['en', 'fr', 'de', 'es', 'es-MX', 'pt', 'pt-PT', 'it', 'nl', 'pl', 'sv', 'da', 'nb', 'nn', 'fi', 'cs', 'tr'],
  ...['ru', 'uk', 'el', 'ar', 'he', 'ja', 'ko', 'zh', 'zh-Hant'],
] as const;

const MAX_CHARACTERS = 64;

/**
 * The locale that a browser or an operating system names: `fr-CA`, `fr_CA.UTF-8`, `fr-CA,fr;q=0.9`. Its Unicode
 * extensions are dropped, because a calendar or digits named there would change what `Intl` answers.
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

/** `nb` of `no-NO`, `zh` of `zh-Hant-TW`: the language by which a table of words is found. */
export const toBaseLanguage = (locale: string): string => {
  const { language } = new Intl.Locale(locale);
  return language === 'no' || language === 'nn' ? 'nb' : language;
};
