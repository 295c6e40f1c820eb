import fc from 'fast-check';
import { splitList } from '../../../../lib/payload/fields/list.ts';
import { LINEAR_MS, slowest } from '../../../support/parse-field.ts';

describe('splitList', () => {
  test.each([
    ['trains, music', ['trains', ' music']],
    ['a; b', ['a', ' b']],
    ['a\nb\r\nc\u2028d', ['a', 'b', '', 'c', 'd']],
    ['a、b，c،d؛e；f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['a,,b,', ['a', '', 'b', '']],
    ['', ['']],
    ['one', ['one']],
    ['(new) trains, music (old)', ['(new) trains', ' music (old)']],
    ['(a, b)', ['(a', ' b)']],
    ['{NAME}, {CITY}', ['{NAME}', ' {CITY}']],
  ])('splits %j at commas of every script, semicolons and line ends', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });

  test.each([
    ['"a", "b"', ['a', 'b']],
    ["'a','b'", ['a', 'b']],
    ['"Smith, John"; “Doe, Jane”', ['Smith, John', 'Doe, Jane']],
    ['«a, b», „c“, ‚d‘, 「e、f」', ['a, b', 'c', 'd', 'e、f']],
    ["'l'eau', d'or", ["l'eau", " d'or"]],
    ['"a" b, c', ['"a" b', ' c']],
    ['"a, b', ['"a', ' b']],
    ['"', ['"']],
  ])('removes the quotes around the items of %s', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });

  test.each([
    ['["a, b", 2, true, "None"]', ['a, b', 2, true, 'None']],
    [' [\n "a",\n "b"\n] ', ['a', 'b']],
    ['[null]', [null]],
    ['[]', []],
  ])('parses the JSON of a list: %j', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });

  test.each([
    ["['a', 'b']", ['a', 'b']],
    ["['it\\'s', \"a, b\", u'ü', 'a\\nb\\x41\\u00e9\\U0001F600\\\\']", ["it's", 'a, b', 'ü', 'a\nbAé😀\\']],
    ["[True, False, None, 3, -2.5, 1e3, 'None']", [true, false, undefined, 3, -2.5, 1000, 'None']],
    ["['a',]", ['a']],
    ['[1,]', [1]],
    ["['\\U00FFFFFF']", ['']],
    ["('a', 'b')", ['a', 'b']],
    ["('a',)", ['a']],
    ["{'a', 'b'}", ['a', 'b']],
  ])('parses the Python text of a list, tuple or set: %s', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });

  test.each([
    '[a, b]',
    "['a' 'b']",
    "['a', ['b']]",
    "['a']]",
    '[,]',
    "['a',,'b']",
    '[1 2]',
    '[1.2.3]',
    '["a"] x]',
    '{"a": 1, "b": 2}',
    "{'a': 'b', 'c': 'd'}",
    '{}',
    "['a')",
    "('a', 'b'",
    '["a", "b"',
    '{"a"; b',
  ])('is undefined for %s, which is not a list in either language', (text) => {
    expect(splitList(text)).toBeUndefined();
  });

  test('parses what JSON and Python print, and does not throw', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(text), (items) => {
        expect(splitList(JSON.stringify(items))).toEqual(items);
        const python = items.map((item) => `'${item.replace(/[\\']/g, '\\$&')}'`);
        expect(splitList(`[${python.join(', ')}]`)).toEqual(items);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[](){}\'"“”«,;\\ \nabu1.TrueNone') }), (written) => {
        const items = splitList(written);
        expect(items === undefined || Array.isArray(items)).toBe(true);
      }),
    );
  });

  test('takes linear time', () => {
    expect(slowest(splitList)).toBeLessThan(LINEAR_MS);
    for (const part of ['"a,', '\'a,"b,', '“a,', "['", "['a',", '\\', '[1,', ' ']) {
      const long = part.repeat(50_000);
      for (const text of [long, `[${long}]`, `['${long}]`]) expect(Array.isArray(splitList(text) ?? [])).toBe(true);
    }
  });
});
