import { last_name, text } from '../../../../lib/payload/fields/text.ts';
import { absent, read, refused, usable } from '../../../support/reading.ts';

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
    expect(read(text, given)).toEqual(usable(sent));
  });

  test('counts characters, not bytes or halves, after collapsing', () => {
    expect(read(text, 'é'.repeat(255))).toEqual(usable('é'.repeat(255)));
    expect(read(text, '😀'.repeat(255))).toEqual(usable('😀'.repeat(255)));
    expect(read(text, `a${' '.repeat(300)}b`)).toEqual(usable('a b'));
    expect(read(text, 'a'.repeat(256))).toEqual(refused);
    expect(read(text, '😀'.repeat(256))).toEqual(refused);
  });

  test.each([[5], [true], [['Ada']], [{ name: 'Ada' }]])('refuses what is not text: %j', (given) => {
    expect(read(text, given)).toEqual(refused);
  });
});

describe('last_name', () => {
  test('is absent where Pypestream knows no name', () => {
    expect(read(last_name, 'Visitor')).toEqual(absent);
  });

  test.each(['visitor', 'Visitor Smith', 'Visitors', 'Null', 'Lovelace'])('keeps %s', (given) => {
    expect(read(last_name, given)).toEqual(usable(given));
  });

  test('is refused like any other text', () => {
    expect(read(last_name, 'a'.repeat(256))).toEqual(refused);
    expect(read(last_name, 5)).toEqual(refused);
  });
});
