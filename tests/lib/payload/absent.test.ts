import { holdsReference, isAbsent, isAbsentIdentifier } from '../../../lib/payload/absent.ts';
import { LINEAR_MS, processorTime } from '../../support/parse-field.ts';

describe('text that means an absent value', () => {
  test.each([
    [''],
    ['None'],
    ['undefined'],
    ['null'],
    ['NaN'],
    ['{FIRST_NAME}'],
    ['{ USER_ID }'],
    ['{\u3000USER_ID\u00a0}'],
    ['｛USER_ID｝'],
    ['{PRÉNOM}'],
    ['{0}'],
    ['{user.first_name}'],
    ['{$name}'],
    ['{{name}}'],
    ['{{ first_name }}'],
    ['{{{ name }}}'],
    ['{{\u0024{first_name}}}'],
    ["{{ \u0024{first_name} | default: 'friend' }}"],
    ['\u0024{NAME}'],
    ['\u0024{ NAME }'],
    ['\u0024{{ NAME }}'],
    ['#{name}'],
    ['%{name}'],
    ['{% name %}'],
    ['<%= name %>'],
    ['[[name]]'],
    ['%NAME%'],
    ['%%first_name%%'],
    ['$(NAME)'],
    ['%(name)s'],
    ['*|FNAME|*'],
    ['{FIRST} {LAST}'],
    ['{A}{{ b }}'],
  ])('%j is absent', (text) => {
    expect(isAbsent(text)).toBe(true);
    expect(isAbsentIdentifier(text)).toBe(true);
  });

  test.each([
    ['Null'],
    ['none'],
    ['{not a name}'],
    ['Hello {NAME}'],
    ['{NAME} and more'],
    ['{{NAME}'],
    ['{NAME}}'],
    ['{}'],
    ['{"a":1}'],
    ['{a, b}'],
    ['50%'],
    ['50 % of 100 %'],
    ['$5'],
    ['[1]'],
    ['<b>'],
    ['{6B29FC40-CA47-1067-B31D-00DD010662DA}'],
    [`{${'a'.repeat(600)}}`],
  ])('%j is a text', (text) => {
    expect(isAbsent(text)).toBe(false);
  });
});

describe('a placeholder instead of an identifier', () => {
  test.each([
    ['NULL'],
    ['nil'],
    ['<nil>'],
    ['(null)'],
    ['"null"'],
    ['[null]'],
    ['null null'],
    ['None None'],
    ['undefined-undefined'],
    ['null, undefined'],
    ['nullnull'],
    ['undefinedundefined'],
    ['[object Object]'],
    ['[object Undefined]'],
    ['<object object at 0x7f3c>'],
    ["<class 'NoneType'>"],
    ['<__main__.User object at 0x10>'],
    ['#<User:0x0000>'],
    ['java.lang.Object@1b6d3586'],
    ['System.Object'],
    ['%!s(<nil>)'],
    ['HASH(0x55d0c)'],
    ['table: 0x55d0c'],
    ['Optional.empty'],
    ['function () { return id; }'],
    ['Array'],
    ['<NA>'],
    ['{user id}'],
    ['<USER_ID>'],
    ['$USER_ID'],
    ['{}'],
    ['[ ]'],
  ])('%j is absent', (text) => {
    expect(isAbsentIdentifier(text)).toBe(true);
  });

  test.each([
    ['u1'],
    ['nullius'],
    ['None-1'],
    ['object1'],
    ['ann@example.com'],
    ['abc@deadbeef'],
    ['$'],
    ['{AB29FC40-CA47-1067-B31D-00DD010662DA}'],
    ['{6B29FC40-CA47-1067-B31D-00DD010662DA}'],
  ])('%j is an identifier', (text) => {
    expect(isAbsentIdentifier(text)).toBe(false);
  });
});

test.each([
  ['crm-{USER_ID}', true],
  ['{TENANT}:{{ user.id }}', true],
  ['u-<%= id %>', true],
  ['u｛ID｝', true],
  ['crm-{user-id}', true],
  ['crm-{CUSTOMER ID}', true],
  ["crm-{{ user['id'] }}", true],
  ['crm-{{\u0024{user_id} | default: "x"}}', true],
  ['crm-%USER_ID%', true],
  ['crm-$(USER_ID)', true],
  ['crm-[[user_id]]', true],
  ['crm-*|USER_ID|*', true],
  ['u1', false],
  ['caf%C3%A9%20x', false],
  ['50% of 100%', false],
  ['a[[b', false],
  ['x{6B29FC40-CA47-1067-B31D-00DD010662DA}', false],
  ['{"id":1}', false],
  ['{6B29FC40-CA47-1067-B31D-00DD010662DA}', false],
  ['a{b', false],
])('holdsReference: %j is %s', (id, holds) => {
  expect(holdsReference(id)).toBe(holds);
});

test('decides in linear time', () => {
  const parts = [
    '{',
    '{{',
    '\u0024{',
    '<%',
    '[[',
    '[[a]]',
    '%a%',
    '%%a%%',
    '{a} ',
    '{{\u0024{a}',
    '*|a|*',
    '(',
    '"null" ',
    'null.',
  ];
  for (const part of [...parts, 'a.', '#<a>', 'array ', '[object ', 'hash(0x1) ', 'function{} ', '%!s() ']) {
    for (const end of ['', '}', '%>', '!']) {
      const short = part.repeat(512 / part.length - 1) + end;
      const long = part.repeat(100_000) + end;
      expect(processorTime(() => isAbsentIdentifier(short))).toBeLessThan(LINEAR_MS);
      expect(processorTime(() => isAbsentIdentifier(long) && holdsReference(long))).toBeLessThan(LINEAR_MS);
      expect(processorTime(() => holdsReference(long))).toBeLessThan(LINEAR_MS);
    }
  }
});
