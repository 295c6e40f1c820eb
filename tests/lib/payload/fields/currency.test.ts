import { currency } from '../../../../lib/payload/fields/currency.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('currency', () => {
  test.each([
    ['USD', 'USD'],
    ['usd', 'USD'],
    ['VED', 'VED'],
    ['clf', 'CLF'],
    ['Eur', 'EUR'],
    ['JPY', 'JPY'],
    ['ＥＵＲ', 'EUR'],
  ])('%s is %s', (given, sent) => {
    expect(parseField(currency, given)).toEqual(valid(sent));
  });

  test.each([['XXX'], ['XTS'], ['ZZZ'], ['US'], ['USDT'], ['$'], ['€'], ['dollar'], ['ß$'], [840], [true], [['USD']]])(
    'rejects %j',
    (given) => {
      expect(parseField(currency, given)).toEqual(invalid);
    },
  );
});
