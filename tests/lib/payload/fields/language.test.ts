import { language } from '../../../../lib/payload/fields/language.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('language', () => {
  test.each([
    ['fr', 'fr'],
    ['FR', 'fr'],
    ['fr-CA', 'fr'],
    ['fr_CA', 'fr'],
    ['FR-ca', 'fr'],
    ['en_US.UTF-8', 'en'],
    ['es-419', 'es'],
    ['zh-Hans-CN', 'zh'],
    ['zh_Hant', 'zh'],
    ['sr-Latn-RS', 'sr'],
    ['de-DE-u-co-phonebk', 'de'],
    ['fra', 'fr'],
    ['fre', 'fr'],
    ['eng', 'en'],
    ['eng-GB', 'en'],
    ['ger', 'de'],
    ['zho', 'zh'],
    ['nb', 'nb'],
    ['no', 'no'],
  ])('accepts the tag %s', (given, sent) => {
    expect(parseField(language, given)).toEqual(valid(sent));
  });

  test.each([
    ['iw', 'he'],
    ['in', 'id'],
    ['ji', 'yi'],
    ['mo', 'ro'],
    ['sh', 'sr'],
    ['fil-PH', 'tl'],
    ['tl', 'tl'],
    ['tw', 'tw'],
  ])('returns today’s ISO 639-1 code for %s', (given, sent) => {
    expect(parseField(language, given)).toEqual(valid(sent));
  });

  test.each([
    ['French', 'fr'],
    ['FRENCH', 'fr'],
    ['français', 'fr'],
    ['Francais', 'fr'],
    ['Français (Canada)', 'fr'],
    ['English (US)', 'en'],
    ['Chinese (Simplified)', 'zh'],
    ['Deutsch', 'de'],
    ['Español', 'es'],
    ['português', 'pt'],
    ['日本語', 'ja'],
    ['中文', 'zh'],
    ['한국어', 'ko'],
    ['العربية', 'ar'],
    ['עברית', 'he'],
    ['हिन्दी', 'hi'],
    ['ไทย', 'th'],
    ['Thai', 'th'],
    ['Українська', 'uk'],
    ['Farsi', 'fa'],
    ['Bengali', 'bn'],
    ['Tagalog', 'tl'],
    ['Norwegian', 'no'],
    ['Mandarin', 'zh'],
    ['Flemish', 'nl'],
    ['le français', 'fr'],
    ['l’anglais', 'en'],
    ['El español', 'es'],
  ])('knows %s by name', (given, sent) => {
    expect(parseField(language, given)).toEqual(valid(sent));
  });

  test.each([
    'xx',
    'zz',
    'xxx',
    'mul',
    'und',
    'Klingon',
    'no-thanks',
    'en--US',
    'en-US-!',
    '-en',
    'en-',
    'i-klingon',
    'x-fr',
    'C',
    '42',
    '-',
  ])('rejects %s', (given) => {
    expect(parseField(language, given)).toEqual(invalid);
  });

  test.each([[1], [true], [['fr']], [{ language: 'fr' }]])('rejects a value that is not text: %j', (given) => {
    expect(parseField(language, given)).toEqual(invalid);
  });
});
