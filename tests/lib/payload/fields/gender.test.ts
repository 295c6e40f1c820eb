import { gender } from '../../../../lib/payload/fields/gender.ts';
import { read, refused, usable } from '../../../support/reading.ts';

describe('gender', () => {
  test.each([
    ['M', ['m', 'M', 'male', 'Male', 'MALE', 'man', 'boy', 'masculine', 'trans man', 'cis-male', 'M.']],
    ['F', ['f', 'F', 'female', 'Woman', 'girl', 'feminine', 'Trans Woman']],
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
  ])('%s is said in many words', (sent, words) => {
    for (const word of words) expect([word, read(gender, word)]).toEqual([word, usable(sent)]);
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
  ])('refuses %s and so erases nothing', (word) => {
    expect(read(gender, word)).toEqual(refused);
  });

  test.each([[1], [true], [['male']], [{ gender: 'male' }]])('refuses what is not text: %j', (given) => {
    expect(read(gender, given)).toEqual(refused);
  });
});
