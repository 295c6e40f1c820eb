import { email } from '../../../../lib/payload/fields/email.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

test.each([
  ['Ada@Example.COM', 'ada@example.com'],
  ['ada.lovelace+chat@mail.example.co.uk', 'ada.lovelace+chat@mail.example.co.uk'],
  ["o'neil@example.ie", "o'neil@example.ie"],
  ['zoë@exämple.de', 'zoë@exämple.de'],
  ['用户@例子.中国', '用户@例子.中国'],
  ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
])('takes %j as %j', (given, sent) => {
  expect(parseField(email, given)).toEqual(valid(sent));
});

test.each([
  ...['ada', 'ada@', '@example.com', 'ada@example', 'ada@@example.com', 'ada@b@example.com', 'a.example.com'],
  ...['.ada@example.com', 'ada.@example.com', 'a..b@example.com', 'ada@.example.com', 'ada@example..com'],
  ...['ada@-example.com', 'ada@example-.com', 'ada@127.0.0.1', 'a b@example.com', 'Ada <ada@example.com>'],
  ...['mailto:ada@example.com', 'ada@example.com,bob@example.com', `${'a'.repeat(65)}@example.com`],
  ...[`ada@${'a.'.repeat(130)}com`, `ada@${'a'.repeat(64)}.com`, 42, true, ['ada@example.com'], {}],
])('refuses %j', (given) => {
  expect(parseField(email, given)).toEqual(invalid);
});
