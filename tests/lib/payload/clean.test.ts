import { clean, cleanText } from '../../../lib/payload/clean.ts';
import { EMPTY, FieldContext, INVALID, InvalidPaths } from '../../../lib/payload/schema.ts';
import { LINEAR_MS, processorTime, slowest } from '../../support/parse-field.ts';

const cleaned = (value: unknown) => {
  const invalid = new InvalidPaths();
  const result = clean(value, new FieldContext({ now: 0 }, invalid).child('field'));
  return { value: result, invalid: [...invalid.reasons.keys()] };
};
const nestedIn = (levels: number, value: unknown): unknown => (levels === 0 ? value : [nestedIn(levels - 1, value)]);

describe('text', () => {
  test.each<[string, string]>([
    ['  Ada ', 'Ada'],
    ['\u00a0\u2003\u3000Ada\ufeff\u200b', 'Ada'],
    ['\u180e\u2060\u2800\u3164Ada\u0085', 'Ada'],
    ['<<far fa-check>> Yes', 'Yes'],
    ['Yes <<fas fa-a>>or<<fas fa-b>> no', 'Yes or no'],
    ['a << b', 'a << b'],
    ['a >> b', 'a >> b'],
    ['<<a <<b>> c>>', 'c>>'],
    ['<<>>x', 'x'],
    ['A\u0000d\u001ba\u007f\u009f', 'Ada'],
    ['12 High Street\r\n\tLeeds', '12 High Street Leeds'],
    ['one\u0085two\u2028three\u2029four', 'one two three four'],
    ['\ud800Ada\udc00', 'Ada'],
    ['Ada 👩‍💻', 'Ada 👩‍💻'],
    ['  inner  blanks  ', 'inner  blanks'],
    ['02139', '02139'],
    ['true', 'true'],
    ['Null', 'Null'],
    ['none', 'none'],
    ['NONE', 'NONE'],
    ['nan', 'nan'],
    ['Undefined', 'Undefined'],
    ['{not a name}', '{not a name}'],
    ['Hello {NAME}', 'Hello {NAME}'],
    ['{{NAME}', '{{NAME}'],
    ['{NAME}}', '{NAME}}'],
    ['{}', '{}'],
    ['{"a":1}', '{"a":1}'],
  ])('is cleaned: %j becomes %j', (given, said) => {
    expect(cleanText(given)).toBe(said);
  });

  test.each([
    [''],
    ['   '],
    ['\u0000'],
    ['\ud800'],
    ['None'],
    [' None\n'],
    ['undefined'],
    ['null'],
    ['NaN'],
    ['{FIRST_NAME}'],
    ['{first_name}'],
    ['{{FIRST_NAME}}'],
    ['{NAME2}'],
    ['{PRÉNOM}'],
    ['<<far fa-check>>'],
    ['<<far fa-check>> None'],
    ['No\u0000ne'],
  ])('is absent: %j', (given) => {
    expect(cleanText(given)).toBeUndefined();
  });

  test('is cleaned in linear time, whatever it is made of', () => {
    expect(slowest(cleanText)).toBeLessThan(LINEAR_MS);
    for (const part of ['<<', '>>', '<<>', '<<a>>', '\t ', '\ud800', '\u200b', '{', '{A']) {
      expect(slowest((text) => cleanText(part + text + part))).toBeLessThan(LINEAR_MS);
      expect(processorTime(() => cleanText(part.repeat(100_000)))).toBeLessThan(LINEAR_MS);
    }
  });
});

describe('any other JSON', () => {
  test.each<[unknown, unknown]>([
    [0, 0],
    [-1.5, -1.5],
    [true, true],
    [false, false],
    [null, null],
    [[], []],
    [{}, {}],
    [
      ['a', 'None', 1],
      ['a', undefined, 1],
    ],
    [
      { a: ' b ', c: 'None', d: null },
      { a: 'b', d: null },
    ],
    [{ a: { b: { c: '<<x>> d ' } } }, { a: { b: { c: 'd' } } }],
  ])('%j becomes %j', (given, said) => {
    expect(cleaned(given)).toStrictEqual({ value: said, invalid: [] });
  });

  test.each<[string, unknown]>([
    ['no value', undefined],
    ['a number that JSON has no word for', Number.POSITIVE_INFINITY],
    ['what is not JSON', () => 1],
  ])('%s is absent', (_, given) => {
    expect(cleaned(given)).toStrictEqual({ value: undefined, invalid: [] });
  });
});

test('distinguishes an object whose members are all absent from an empty one', () => {
  expect(cleaned({ a: 'None', b: '' })).toStrictEqual({ value: {}, invalid: [] });
  expect(cleaned({ a: 'None', b: '' }).value).toBe(EMPTY);
  expect(cleaned({}).value).not.toBe(EMPTY);
});

describe('a typed value', () => {
  test.each<[unknown, unknown]>([
    [{ $number: '12.50' }, 12.5],
    [{ $number: ' -3 ' }, -3],
    [{ $number: 7 }, 7],
    [{ $integer: '3' }, 3],
    [{ $boolean: 'yes' }, true],
    [{ $boolean: 'Off' }, false],
    [{ $boolean: 1 }, true],
    [{ $boolean: 'Oui !' }, true],
    [{ $boolean: 'nein' }, false],
    [{ $number: '1.234,50 €' }, 1234.5],
    [{ $integer: '2.0' }, 2],
    [{ $time: '2019-02-15 00:00:00 -0500' }, { $time: '2019-02-15T05:00:00.000Z' }],
    [{ $time: '1er mai 2026' }, { $time: '2026-05-01' }],
    [{ $time: '2026-05-01T10:00:00Z' }, { $time: '2026-05-01T10:00:00.000Z' }],
    [{ $time: '2026-05-01T05:00:00\u221205:00' }, { $time: '2026-05-01T10:00:00.000Z' }],
    [{ $time: '2026-05-01T12:00:00+02:00' }, { $time: '2026-05-01T10:00:00.000Z' }],
    [{ $time: '1777629600' }, { $time: '2026-05-01T10:00:00.000Z' }],
    [{ $time: 1777629600000 }, { $time: '2026-05-01T10:00:00.000Z' }],
    [{ $time: '2026-05-01' }, { $time: '2026-05-01' }],
    [{ $list: 'a, b, c' }, ['a', 'b', 'c']],
    [{ $list: ' one ' }, ['one']],
    [{ $list: 'a,,None, {B} ,c' }, ['a', 'c']],
    [{ $list: '["a, b", 2, true, "None"]' }, ['a, b', 2, true]],
    [{ $list: ['a', 'None', { $number: '2' }] }, ['a', 2]],
    [{ $list: '[a' }, ['[a']],
    [{ $list: '[1,]' }, [1]],
    [{ $list: 'a\nb\r\n c' }, ['a', 'b', 'c']],
    [{ $list: 'a; b、c' }, ['a', 'b', 'c']],
    [{ $list: "\u200e['a', 'b', None]" }, ['a', 'b']],
    [{ $list: '<<far fa-list, x>> "a, b", c' }, ['a, b', 'c']],
    [{ $number: { $integer: '3' } }, 3],
    [{ $list: { $list: 'a,b' } }, ['a', 'b']],
    [{ $number: null }, null],
    [{ $number: '5', unit: 'None' }, 5],
    [
      { a: { $number: '1' }, b: [{ $boolean: 'no' }] },
      { a: 1, b: [false] },
    ],
  ])('%j is %j', (given, typed) => {
    expect(cleaned(given)).toStrictEqual({ value: typed, invalid: [] });
  });

  test.each<[unknown]>([
    [{ $number: 'None' }],
    [{ $integer: '{COUNT}' }],
    [{ $boolean: '' }],
    [{ $time: 'undefined' }],
    [{ $list: ' , ,None' }],
    [{ $list: '[]' }],
    [{ $list: [] }],
    [{ $number: { $number: '' } }],
  ])('%j is absent', (given) => {
    expect(cleaned(given)).toStrictEqual({ value: undefined, invalid: [] });
  });

  test.each<[unknown]>([
    [{ $number: 'twelve' }],
    [{ $number: '1,234' }],
    [{ $number: true }],
    [{ $number: {} }],
    [{ $integer: '3.5' }],
    [{ $boolean: 'maybe' }],
    [{ $time: 'tomorrow' }],
    [{ $time: '2026-05-01T10:00:00' }],
    [{ $time: { $time: '2026-05-01T10:00:00Z' } }],
    [{ $time: 'tomorrow', note: 'None' }],
    [{ $list: 5 }],
    [{ $list: '[a, b]' }],
    [{ $number: '1,234' }],
    [{ $boolean: 'Yes?' }],
    [{ $time: '1 May 2026 10:00' }],
    [{ $time: '05/06/2026' }],
    [{ $list: '[[1]]' }],
    [{ $list: '[null]' }],
    [{ $list: [{ a: 1 }] }],
    [{ $number: { $number: 'twelve' } }],
  ])('%j is invalid', (given) => {
    expect(cleaned(given)).toStrictEqual({ value: INVALID, invalid: ['field'] });
  });

  test.each([
    ['05/06/2026', 'ambiguous_date'],
    ['31/06/2026', 'not_a_time'],
    ['tomorrow', 'not_a_time'],
  ])('reports why the time %s is invalid: %s', (given, reason) => {
    const invalid = new InvalidPaths();
    clean({ $time: given }, new FieldContext({ now: 0 }, invalid).child('field'));
    expect([...invalid.reasons]).toEqual([['field', reason]]);
  });

  test('loses its invalid items, and is invalid if none is left', () => {
    expect(cleaned({ $list: ['a', { $number: 'x' }] })).toStrictEqual({ value: ['a'], invalid: ['field.1'] });
    expect(cleaned({ $list: [{ $number: 'x' }] })).toStrictEqual({ value: INVALID, invalid: ['field.0'] });
  });

  test('is an ordinary object beside other members', () => {
    expect(cleaned({ $number: '5', unit: 'kg' })).toStrictEqual({ value: { $number: '5', unit: 'kg' }, invalid: [] });
  });
});

describe('hostile input', () => {
  test('drops keys that reach a prototype, and reports them', () => {
    const given = JSON.parse('{"__proto__":{"a":1},"constructor":{"b":2},"prototype":3,"ok":4}');
    const { value, invalid } = cleaned(given);
    expect(value).toStrictEqual({ ok: 4 });
    expect(invalid).toStrictEqual(['field.__proto__', 'field.constructor', 'field.prototype']);
    expect(Object.hasOwn({}, 'a')).toBe(false);
  });

  test('is invalid if it has only such keys', () => {
    expect(cleaned(JSON.parse('{"__proto__":1}'))).toStrictEqual({ value: INVALID, invalid: ['field.__proto__'] });
  });

  test('can be nested 64 levels deep, and no deeper', () => {
    expect(cleaned(nestedIn(65, 'a'))).toStrictEqual({ value: nestedIn(65, 'a'), invalid: [] });
    const { invalid } = cleaned(nestedIn(66, 'a'));
    expect(invalid).toStrictEqual([`field${'.0'.repeat(65)}`]);
  });

  test('is invalid when it is nested a hundred thousand levels deep', () => {
    const text = '['.repeat(125_000) + ']'.repeat(125_000);
    expect(cleaned(JSON.parse(text)).invalid).toHaveLength(1);
    expect(cleaned({ $list: text }).value).toBe(INVALID);
    expect(cleaned({ $list: '['.repeat(250_000) }).value).toStrictEqual(['['.repeat(250_000)]);
  });

  test('takes linear time with 20,000 invalid keys, or 9,000 under a path of 60 KB', () => {
    const wide = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [index, { $number: 'x' }]));
    const deep = Array.from({ length: 60 }).reduce<object>((inner) => ({ ['k'.repeat(1_000)]: inner }), wide);
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [index, { $number: 'x' }]));
    expect(processorTime(() => [cleaned(many), cleaned(deep)])).toBeLessThan(LINEAR_MS);
  });
});

describe('two keys that mean the same', () => {
  test.each<[string, unknown, unknown, readonly string[]]>([
    [
      'the first is taken, and another value named',
      { ' plan ': 'gold', plan: 'silver' },
      { plan: 'gold' },
      ['field.plan'],
    ],
    ['an equal value is not named', { ' plan ': ['gold'], plan: ['gold '] }, { plan: ['gold'] }, []],
    ['an absent value is not named', { plan: 'gold', ' plan': '{PLAN}', 'plan ': { a: '' } }, { plan: 'gold' }, []],
    ['an absent first one gives way', { ' plan ': { a: '' }, plan: 'gold' }, { plan: 'gold' }, []],
    ['an invalid first one gives way', { ' plan ': { $number: 'x' }, plan: 'gold' }, { plan: 'gold' }, ['field.plan']],
    ['an invalid second one is named', { plan: 'gold', 'plan ': { $number: 'x' } }, { plan: 'gold' }, ['field.plan']],
  ])('%s', (_, given, value, invalid) => {
    expect(cleaned(given)).toStrictEqual({ value, invalid });
  });
});
