import { email } from '../../../../lib/payload/fields/email.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

test.each([
  ['Ada@Example.COM', 'ada@example.com'],
  ['ada.lovelace+chat@mail.example.co.uk', 'ada.lovelace+chat@mail.example.co.uk'],
  ["o'neil@example.ie", "o'neil@example.ie"],
  ['_ada-@example.com', '_ada-@example.com'],
  ['-ada_@example.com', '-ada_@example.com'],
  ['a&b#c/d@example.com', 'a&b#c/d@example.com'],
  ['7@example.com', '7@example.com'],
  ['zoë@exämple.de', 'zoë@xn--exmple-cua.de'],
  ['zoe\u0308@exa\u0308mple.de', 'zoë@xn--exmple-cua.de'],
  ['用户@例子.中国', '用户@xn--fsqu00a.xn--fiqs8s'],
  ['用户@例子。中国', '用户@xn--fsqu00a.xn--fiqs8s'],
  ['a@xn--bcher-kva.de', 'a@xn--bcher-kva.de'],
  ['a@example.xn--p1ai', 'a@example.xn--p1ai'],
  ['ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ada@example.com'],
  ['ada\u200b@exam\u00adple.com\u200e', 'ada@example.com'],
  ['ada@example.museum', 'ada@example.museum'],
])('accepts %j as %j', (given, sent) => {
  expect(parseField(email, given)).toEqual(valid(sent));
});

test.each([
  ['ada'],
  ['ada@'],
  ['@example.com'],
  ['ada@example'],
  ['ada@@example.com'],
  ['ada@b@example.com'],
  ['a.example.com'],
  ['.ada@example.com'],
  ['ada.@example.com'],
  ['a..b@example.com'],
  ['+ada@example.com'],
  ['ada+@example.com'],
  ["'ada@example.com"],
  ["ada'@example.com"],
  ['&ada@example.com'],
  ['ada#@example.com'],
  ['ada/@example.com'],
  ['a*b@example.com'],
  ['a!b@example.com'],
  ['a=b@example.com'],
  ['"ada"@example.com'],
  ['ada@.example.com'],
  ['ada@example..com'],
  ['ada@example.com.'],
  ['ada@-example.com'],
  ['ada@example-.com'],
  ['ada@exa_mple.com'],
  ['ada@exämple-.com'],
  ['ada@ex ämple.com'],
  ['ada@xn--a.中国'],
  ['ada@127.0.0.1'],
  ['ada@[127.0.0.1]'],
  ['ada@example.123'],
  ['ada@example.con'],
  ['ada@example.test'],
  ['ada@例子.例子'],
  ['ada@example.xn--fsqu00a'],
  ['a b@example.com'],
  ['Ada <ada@example.com>'],
  ['mailto:ada@example.com'],
  ['ada@example.com,bob@example.com'],
  [`${'a'.repeat(65)}@example.com`],
  [`ada@${'a.'.repeat(130)}com`],
  [`ada@${'a'.repeat(64)}.com`],
  [`ada@${`${'ä'.repeat(39)}.`.repeat(6)}com`],
  [42],
  [true],
  [['ada@example.com']],
  [{}],
])('rejects %j', (given) => {
  expect(parseField(email, given)).toEqual(invalid);
});

describe('at a domain that includes msn, hotmail, outlook or live', () => {
  test.each([
    ['ada@hotmail.com'],
    ['_ada.b-c@outlook.de'],
    ['0@live.co.uk'],
    ['ada-@msn.com'],
    ['ada+any..thing#ü.@outlook.com'],
    ['ada@mail.outlook.example.com'],
    ['ada@deliver.com'],
  ])('accepts %s', (address) => {
    expect(parseField(email, address)).toEqual(valid(address));
  });

  test.each([
    ['zoë@hotmail.com'],
    ['-ada@outlook.com'],
    ["o'neil@live.com"],
    ['a&b@msn.com'],
    ['a..b@outlook.com'],
    ['ada.@outlook.com'],
    ['+ada@outlook.com'],
    ['ada+a b@outlook.com'],
    ['ada+a*b@outlook.com'],
  ])('rejects %s', (address) => {
    expect(parseField(email, address)).toEqual(invalid);
  });
});

test('requires two characters before the @ of a Gmail address', () => {
  expect(parseField(email, 'a@gmail.com')).toEqual(invalid);
  expect(parseField(email, 'é@googlemail.com')).toEqual(invalid);
  expect(parseField(email, 'ab@gmail.com')).toEqual(valid('ab@gmail.com'));
});
