import { country } from '../../../../lib/payload/fields/country.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('country', () => {
  test.each([
    ['DE', 'DE'],
    ['de', 'DE'],
    ['DEU', 'DE'],
    ['deu', 'DE'],
    ['GBR', 'GB'],
    ['USA', 'US'],
    ['U.S.', 'US'],
    ['TZA', 'TZ'],
  ])('accepts the code %s', (given, sent) => {
    expect(parseField(country, given)).toEqual(valid(sent));
  });

  test.each([
    ['Germany', 'DE'],
    ['GERMANY', 'DE'],
    ['united  states', 'US'],
    ['United States of America', 'US'],
    ['U.S.A.', 'US'],
    ['America', 'US'],
    ['UK', 'GB'],
    ['u.k.', 'GB'],
    ['United Kingdom', 'GB'],
    ['Great Britain', 'GB'],
    ['England', 'GB'],
    ['Northern Ireland', 'GB'],
    ['Ireland', 'IE'],
    ['South Korea', 'KR'],
    ['Korea, South', 'KR'],
    ['Korea (North)', 'KP'],
    ['Korea, Republic of', 'KR'],
    ['North Korea', 'KP'],
    ['Czech Republic', 'CZ'],
    ['Czechia', 'CZ'],
    ['Turkey', 'TR'],
    ['Turkiye', 'TR'],
    ['Ivory Coast', 'CI'],
    ["Cote d'Ivoire", 'CI'],
    ['Holland', 'NL'],
    ['the Netherlands', 'NL'],
    ['The Gambia', 'GM'],
    ['Russia', 'RU'],
    ['Russian Federation', 'RU'],
    ['Iran, Islamic Republic of', 'IR'],
    ['Congo, the Democratic Republic of the', 'CD'],
    ['Republic of the Congo', 'CG'],
    ['Trinidad and Tobago', 'TT'],
    ['Trinidad', 'TT'],
    ['السعودية', 'SA'],
    ['ประเทศไทย', 'TH'],
    ['Bosnia & Herzegovina', 'BA'],
    ['St Lucia', 'LC'],
    ['Saint Lucia', 'LC'],
    ['Viet Nam', 'VN'],
    ['Macau', 'MO'],
    ['Hong Kong', 'HK'],
    ['Palestine', 'PS'],
    ['Burma', 'MM'],
    ['Swaziland', 'SZ'],
    ['Cape Verde', 'CV'],
    ['Réunion', 'RE'],
    ['Curacao', 'CW'],
    ['Georgia', 'GE'],
    ['Niger', 'NE'],
    ['Dominica', 'DM'],
    ['UAE', 'AE'],
  ])('knows %s by its English name', (given, sent) => {
    expect(parseField(country, given)).toEqual(valid(sent));
  });

  test.each([
    ['Deutschland', 'DE'],
    ['Suisse', 'CH'],
    ['Schweiz', 'CH'],
    ['Svizzera', 'CH'],
    ['España', 'ES'],
    ['espana', 'ES'],
    ['Österreich', 'AT'],
    ['Osterreich', 'AT'],
    ['日本', 'JP'],
    ['日本国', 'JP'],
    ['臺灣', 'TW'],
    ['中国', 'CN'],
    ['中國', 'CN'],
    ['香港', 'HK'],
    ['대한민국', 'KR'],
    ['Россия', 'RU'],
    ['Україна', 'UA'],
    ['Ελλάδα', 'GR'],
    ['مصر', 'EG'],
    ['भारत', 'IN'],
    ['ไทย', 'TH'],
    ['Algérie', 'DZ'],
    ['Belgique', 'BE'],
    ['België', 'BE'],
    ['Brasil', 'BR'],
    ['México', 'MX'],
    ['Éire', 'IE'],
    ['Suomi', 'FI'],
    ['Sverige', 'SE'],
    ['Polska', 'PL'],
    ['Việt Nam', 'VN'],
  ])('knows %s by its native name', (given, sent) => {
    expect(parseField(country, given)).toEqual(valid(sent));
  });

  test.each([
    ['la France', 'FR'],
    ['l’Allemagne', 'DE'],
    ["L'Italie", 'IT'],
    ['Les États-Unis', 'US'],
    ['die Schweiz', 'CH'],
    ['Die Vereinigten Staaten', 'US'],
    ['los Países Bajos', 'NL'],
    ['o Brasil', 'BR'],
    ['gli Stati Uniti', 'US'],
    ['De forente stater', 'US'],
    ['η Ελλάδα', 'GR'],
    ['El Salvador', 'SV'],
    ['La Réunion', 'RE'],
    ['🇫🇷 la France', 'FR'],
  ])('knows %s with its article', (given, sent) => {
    expect(parseField(country, given)).toEqual(valid(sent));
  });

  test.each(['le Congo', 'la Corée', 'the', 'l’', 'la Pologne et la France'])(
    'rejects %s, with and without its article',
    (given) => {
      expect(parseField(country, given).value).toBeUndefined();
    },
  );

  test.each([
    'ZZ',
    'XX',
    'EU',
    'UN',
    'XK',
    'XKX',
    'AA',
    'EUR',
    'Kosovo',
    'Europe',
    'Korea',
    'Congo',
    'Atlantis',
    '276',
    'N/A',
    'n.a.',
    'No!',
    'D-E',
    '-',
    '🇩🇪',
  ])('rejects %s, which ISO 3166-1 does not have or has twice', (given) => {
    expect(parseField(country, given)).toEqual(invalid);
  });

  test.each([[49], [true], [['DE']], [{ code: 'DE' }]])('rejects a value that is not text: %j', (given) => {
    expect(parseField(country, given)).toEqual(invalid);
  });
});
