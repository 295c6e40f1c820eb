import { isEmail } from '../../../emulators/braze/values.ts';
import { accepted, BAD_EMAIL, call, createStill, refused } from './support.ts';

// https://www.braze.com/docs/email_validation/

test.each([
  'ada@example.com',
  'ADA@EXAMPLE.COM',
  'zoë@example.com',
  '用户@example.com',
  'a.b+c@example.co.uk',
  "o'brien@example.com",
  'a#b&c/d@example.com',
  '_ada-@example.com',
  'a..b@example.com',
  'a@example.com',
  'ab@gmail.com',
  'ada@xn--exmple-cua.de',
  'ada@example.xn--p1ai',
  `ada@${'x'.repeat(63)}.de`,
  'ada@1.2.3.museum',
  'ada+tag.@outlook.com',
  'ada.b-c_d@hotmail.co.uk',
])('%s is an address', (address) => {
  expect(isEmail(address)).toBe(true);
});

test.each([
  '',
  'ada',
  '@example.com',
  'ada@',
  'ada@@example.com',
  'ada@example',
  'ada@example.',
  'ada@.com',
  'ada@exa..mple.com',
  'ada@-example.com',
  'ada@example-.com',
  'ada@exämple.de',
  'ada@exa_mple.de',
  `ada@${'x'.repeat(64)}.de`,
  'ada@127.0.0.1',
  'ada@[127.0.0.1]',
  'ada@example.123',
  'ada@example.notatld',
  'ada@example.рф',
  '.ada@example.com',
  'ada.@example.com',
  '+ada@example.com',
  'ada+@example.com',
  "'ada@example.com",
  '"ada"@example.com',
  'a*b@example.com',
  'a!b@example.com',
  'a,b@example.com',
  'a(b)@example.com',
  'a b@example.com',
  'a@gmail.com',
  'zoë@hotmail.com',
  '-ada@hotmail.com',
  'a..b@live.com',
  "o'brien@outlook.com",
  'ada.+x@outlook.com',
  '+x@outlook.com',
])('%s is none', (address) => {
  expect(isEmail(address)).toBe(false);
});

test('an object with an address that is none is left out, and one with white space fails the request', () => {
  const braze = createStill();
  const track = (email: string) => call(braze, '/users/track', { attributes: [{ external_id: 'ann', email }] });
  expect(track('ada@example.com')).toEqual(accepted());
  expect(track('ada@example')).toEqual(refused(BAD_EMAIL));
  const attributes = [{ external_id: 'ann' }, { external_id: 'bob', email: 'a b@example.com' }];
  expect(call(braze, '/users/track', { attributes })).toEqual({ status: 400, json: { message: BAD_EMAIL } });
});
