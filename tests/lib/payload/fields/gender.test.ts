import { gender } from '../../../../lib/payload/fields/gender.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('gender', () => {
  test.each([
    ['M', ['m', 'M', 'male', 'Male', 'MALE', 'man', 'Men', 'boy', 'masculine', 'trans man', 'cis-male', 'M.']],
    ['F', ['f', 'F', 'female', 'Woman', 'Women', 'girl', 'feminine', 'Trans Woman']],
    [
      'O',
      [
        'o',
        'other',
        'non-binary',
        'Non binary',
        'nonbinary',
        'NB',
        'enby',
        'genderqueer',
        'gender-fluid',
        'agender',
        'X',
      ].concat(['intersex', 'two-spirit', 'non‑binary', 'third gender', 'something else', 'prefer to self-describe']),
    ],
    ['N', ['n', 'not applicable', 'Not  Applicable', 'n/a', 'N/A', 'NA', 'n.a.', "doesn't apply"]],
    [
      'P',
      [
        'p',
        'prefer not to say',
        'Prefer not to say.',
        'PREFER NOT TO ANSWER',
        'prefer-not-to-say',
        'I prefer not to say',
      ].concat(
        [
          "I'd rather not say",
          'I’d prefer not to',
          'rather not say',
          'undisclosed',
          'not disclosed',
          'decline to answer',
        ],
        ['Declined', 'decline to state', "don't want to say", 'I do not wish to disclose', 'choose not to disclose'],
      ),
    ],
  ])('%s has many words', (sent, words) => {
    for (const word of words) expect([word, parseField(gender, word)]).toEqual([word, valid(sent)]);
  });

  test.each([
    'unknown',
    'U',
    '?',
    'M?',
    'M/F',
    'male or female',
    'not male',
    'none',
    'no',
    'yes',
    '-',
    'mmale',
    'I',
    '1',
  ])('rejects %s, so that it erases nothing', (word) => {
    expect(parseField(gender, word)).toEqual(invalid);
  });

  test.each([[1], [true], [['male']], [{ gender: 'male' }]])('rejects a value that is not text: %j', (given) => {
    expect(parseField(gender, given)).toEqual(invalid);
  });
});
