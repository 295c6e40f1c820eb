import { phone } from '../../../../lib/payload/fields/phone.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('phone', () => {
  test.each([
    ['+1 415 555 0100', '+14155550100'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+49-30-901820', '+4930901820'],
    ['+33.1.42.68.53.00', '+33142685300'],
    ['＋１４１５５５５０１００', '+14155550100'],
    ['tel:+1-415-555-0100', '+14155550100'],
    ['sms:+14155550100', '+14155550100'],
    ['callto://+14155550100', '+14155550100'],
    ['whatsapp:+14155550100', '+14155550100'],
    ['WhatsApp: +1 415 555 0100', '+14155550100'],
    ['(+33) 6 12 34 56 78', '+33612345678'],
    ['( +33 )6 12 34 56 78', '+33612345678'],
    ['0033 6 12 34 56 78', '+33612345678'],
    ['00 49 (0) 170 1234567', '+491701234567'],
    ['(0033) 6 12 34 56 78', '+33612345678'],
    ['tel:0033612345678', '+33612345678'],
    ['٠٠٤٩ ٣٠ ٩٠١٨٢٠', '+4930901820'],
    ['\u202a+1 (415) 555\u20110100\u202c', '+14155550100'],
    ['+1\u00a0415\u200b5550100', '+14155550100'],
    ['+٤٩ ٣٠ ٩٠١٨٢٠', '+4930901820'],
  ])('accepts an international number anywhere: %s', (given, sent) => {
    expect(parseField(phone, given)).toEqual(valid(sent));
    expect(parseField(phone, given, { country: 'DE' })).toEqual(valid(sent));
  });

  test.each([
    ['(415) 555-0100', 'US', '+14155550100'],
    ['1-415-555-0100', 'US', '+14155550100'],
    ['14155550100', 'US', '+14155550100'],
    ['030 901820', 'DE', '+4930901820'],
    ['0049 30 901820', 'DE', '+4930901820'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['06 12 34 56 78', 'FR', '+33612345678'],
  ])('parses the national number %s by the country %s', (given, country, sent) => {
    expect(parseField(phone, given, { country })).toEqual(valid(sent));
  });

  test('keeps the number without its extension, for which E.164 has no place', () => {
    expect(parseField(phone, '+1 415 555 0100 ext. 5')).toEqual(valid('+14155550100'));
  });

  test.each([undefined, 'AQ', 'ZZ', 'constructor'])('rejects a national number if its country is %s', (country) => {
    expect(parseField(phone, '030 901820', { country })).toEqual(invalid);
  });

  test.each([
    ['0612345678', 'US'],
    ['00999 123456789', undefined],
    ['000 33 6 12 34 56 78', undefined],
    ['00 0 612345678', 'FR'],
    ['+1 061 234 5678', undefined],
    ['+33 0 00 00 00 00', undefined],
    ['015 5550 0100', 'FR'],
  ])('rejects %s, which has a possible length, but is not in the numbering plan (country %s)', (given, country) => {
    expect(parseField(phone, given, { country })).toEqual(invalid);
  });

  test.each(['12', '+1 415', '+1 415 555 01000000', '+999 999 999 999', 'none', '1-800-FLOWERS', '+', '0'])(
    'rejects a number that is not possible: %s',
    (given) => {
      expect(parseField(phone, given, { country: 'US' })).toEqual(invalid);
    },
  );

  test.each(['call +1 415 555 0100', '+1 415 555 0100 after six', 'Tel. (415) 555-0100', '+14155550100 +14155550101'])(
    'rejects a number with other text around it: %s',
    (given) => {
      expect(parseField(phone, given, { country: 'US' })).toEqual(invalid);
    },
  );

  test.each([[14155550100], [true], [['+14155550100']], [{ number: '+14155550100' }]])(
    'rejects a value that is not text: %j',
    (given) => {
      expect(parseField(phone, given)).toEqual(invalid);
    },
  );
});
