import { currency } from '../../../../lib/payload/fields/currency.ts';
import { read, refused, usable } from '../../../support/reading.ts';

describe('currency', () => {
  test.each([
    ['USD', 'USD'],
    ['usd', 'USD'],
    ['VED', 'VED'],
    ['clf', 'CLF'],
    ['Eur', 'EUR'],
    ['JPY', 'JPY'],
  ])('%s is %s', (given, sent) => {
    expect(read(currency, given)).toEqual(usable(sent));
  });

  test.each([['XXX'], ['XTS'], ['ZZZ'], ['US'], ['USDT'], ['$'], ['€'], ['dollar'], ['ß$'], [840], [true], [['USD']]])(
    'refuses %j',
    (given) => {
      expect(read(currency, given)).toEqual(refused);
    },
  );
});
