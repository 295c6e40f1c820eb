import fc from 'fast-check';
import { collapseBlanks, foldText, tidyIdentifier, tidyText, toVisibleText } from '../../../lib/payload/characters.ts';
import { mapPayload } from '../../support/map-payload.ts';
import { LINEAR_MS, processorTime } from '../../support/parse-field.ts';

const tidy = (text: string) => tidyText(toVisibleText(text));

describe('free text', () => {
  test.each([
    ['\u00a0\u2003\u3000Ada\ufeff\u200b', 'Ada'],
    ['\u180e\u2060\u2800\u3164Ada\u0085', 'Ada'],
    ['A\u200bd\u00ada\u2066', 'Ada'],
    ['\u202aAda\u202c\u200e', 'Ada'],
    ['A\u{e0041}da', 'Ada'],
    ['Zoe\u0308', 'Zoë'],
    ['Ｚｏｅ', 'Ｚｏｅ'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['क्\u200dष', 'क्\u200dष'],
    ['👩\u200d👩\u200d👧', '👩\u200d👩\u200d👧'],
    ['❤\ufe0f\u200d🔥!', '❤\ufe0f\u200d🔥!'],
    ['1\ufe0f\u20e3 first', '1\ufe0f\u20e3 first'],
    ['I ❤\ufe0f you', 'I ❤\ufe0f you'],
    ['Ada\u200d\ufe0f', 'Ada'],
    ['\u200c\u200dAda', 'Ada'],
    ['A\ufe0fda', 'Ada'],
    ['Ada \u200d Byron\u200d .', 'Ada  Byron .'],
    ['a\u200d\u200c\u200db', 'a\u200db'],
    ['ㅤ안녕ㅤ하세요', '안녕ㅤ하세요'],
    ['\u200b \u2060\u3164', ''],
  ])('keeps only the invisible characters that a script needs: %j is %j', (given, clean) => {
    expect(tidy(given)).toBe(clean);
  });
});

test.each([
  ['\u200eu1\u200f', 'u1'],
  ['u\u200b\u00ad\ufe0f\u{e0020}1', 'u1'],
  ['u\u200c\u200d1', 'u1'],
  ['\u3164u1\uffa0', 'u1'],
  [' u 1 ', 'u 1'],
  ['zoe\u0308', 'zoë'],
  ['Ａ', 'Ａ'],
])('an identifier has no invisible character: %j is %j', (given, id) => {
  expect(tidyIdentifier(given)).toBe(id);
});

test.each([
  ['１２\u200b３', '123'],
  ['\u202a+1\u202c', '+1'],
  ['ﬁn', 'fin'],
  ['\u2003Ｍ ', 'M'],
])('a text that is parsed has plain characters only: %j is %j', (given, folded) => {
  expect(foldText(given)).toBe(folded);
});

test('every run of blanks becomes one', () => {
  expect(collapseBlanks('a \u00a0\u3000\t\u2800b')).toBe('a b');
});

test('more marks on one letter than any language has are left as they are, in linear time', () => {
  const marks = '\u0316\u0301'.repeat(50_000);
  expect(tidy(`e${marks}`)).toBe(`e${marks}`);
  expect(foldText(`e${marks}`)).toBe(`e${marks}`);
  for (const part of ['\u200d', '\ufe0f', 'a\u200d', ' \u200d', '\u200b ', '\u3164', '❤\ufe0f', '\u{e0041}', 'é ']) {
    const text = part.repeat(100_000);
    for (const read of [tidy, tidyIdentifier, foldText]) {
      expect(processorTime(() => read(`a${text}b${text}`))).toBeLessThan(LINEAR_MS);
    }
  }
});

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]/u;
const invisible = fc
  .integer({ min: 0x80, max: 0xe0fff })
  .map((code) => String.fromCodePoint(code))
  .filter((character) => INVISIBLE.test(character));
const common = fc.constantFrom(
  ...'\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f\u202a\u202c\u2066\u2069',
);
const noise = fc.string({ unit: fc.oneof(common, invisible), maxLength: 3 });

/** Puts the noise before, between and behind the characters. */
const scatter = (text: string, noises: readonly string[]): string =>
  [...text].reduce(
    (noisy, character, index) => noisy + character + (noises[(index + 1) % noises.length] ?? ''),
    noises[0] ?? '',
  );

test.each<[string, (text: (plain: string) => string) => object]>([
  ['external_id', (text) => ({ external_id: text('Customer-42') })],
  ['a non-ASCII external_id', (text) => ({ external_id: text('zoë 用户') })],
  ['braze_id', (text) => ({ braze_id: text('5f1a') })],
  ['user_alias', (text) => ({ user_alias: { alias_name: text('ann'), alias_label: text('chat') } })],
  ['email', (text) => ({ email: text('zoë@exämple.de') })],
  ['phone', (text) => ({ phone: text('+1 (415) 555-0100') })],
  ['an id that nobody filled in', (text) => ({ external_id: text('{ USER_ID }'), email: text('ann@example.com') })],
  ['an id that is nothing', (text) => ({ external_id: text('[object Object]'), phone: text('+14155550100') })],
])('no invisible or formatting character changes which profile is found by %s', (_, identify) => {
  const plain = mapPayload({ ...identify((text) => text), event: { name: 'e' } });
  fc.assert(
    fc.property(fc.array(noise, { minLength: 1, maxLength: 5 }), (noises) => {
      const noisy = mapPayload({ ...identify((text) => scatter(text, noises)), event: { name: 'e' } });
      expect(noisy).toStrictEqual(plain);
    }),
  );
});
