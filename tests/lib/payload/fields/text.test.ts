import { last_name, text } from '../../../../lib/payload/fields/text.ts';
import { absent, invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('text', () => {
  test.each([
    ['Ada', 'Ada'],
    ['Ada  Augusta', 'Ada Augusta'],
    ['Ada\u00a0\u2003\u3000Augusta', 'Ada Augusta'],
    ['New \u0085\u180e\u200b\u2060\u2800\u3164 York', 'New York'],
    ['02139', '02139'],
    ['O’Brien-Smith', 'O’Brien-Smith'],
    ['👩\u200d🚀', '👩\u200d🚀'],
    ['Visitor', 'Visitor'],
  ])('collapses inner blanks: %j', (given, sent) => {
    expect(parseField(text, given)).toEqual(valid(sent));
  });

  test('counts characters, not bytes or halves, after collapsing', () => {
    expect(parseField(text, 'é'.repeat(255))).toEqual(valid('é'.repeat(255)));
    expect(parseField(text, '😀'.repeat(255))).toEqual(valid('😀'.repeat(255)));
    expect(parseField(text, `a${' '.repeat(300)}b`)).toEqual(valid('a b'));
    expect(parseField(text, 'a'.repeat(256))).toEqual(invalid);
    expect(parseField(text, '😀'.repeat(256))).toEqual(invalid);
  });

  test.each([[5], [true], [['Ada']], [{ name: 'Ada' }]])('refuses what is not text: %j', (given) => {
    expect(parseField(text, given)).toEqual(invalid);
  });
});

describe('last_name', () => {
  test('is absent where Pypestream knows no name', () => {
    expect(parseField(last_name, 'Visitor')).toEqual(absent);
  });

  test.each(['visitor', 'Visitor Smith', 'Visitors', 'Null', 'Lovelace'])('keeps %s', (given) => {
    expect(parseField(last_name, given)).toEqual(valid(given));
  });

  test('is invalid like any other text', () => {
    expect(parseField(last_name, 'a'.repeat(256))).toEqual(invalid);
    expect(parseField(last_name, 5)).toEqual(invalid);
  });
});
