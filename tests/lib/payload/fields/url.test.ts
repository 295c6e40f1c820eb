import { image_url } from '../../../../lib/payload/fields/url.ts';
import { invalid, parseField, valid } from '../../../support/parse-field.ts';

describe('image_url', () => {
  test.each([
    'https://example.com/ada.png',
    'http://example.com',
    'HTTPS://Example.com/a?b=c#d',
    'https://exämple.com/ü.png',
    `https://example.com/${'a'.repeat(2_028)}`,
  ])('keeps %s as given', (given) => {
    expect(parseField(image_url, given)).toEqual(valid(given));
  });

  test.each([
    `https://example.com/${'a'.repeat(2_029)}`,
    'ftp://example.com/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    '//example.com/a.png',
    'example.com/a.png',
    'https:example.com',
    'https://',
    'https://exa mple.com/a.png',
    'https://example.com/a b.png',
    'https:\\\\example.com',
    'see https://example.com/a.png',
  ])('rejects %s', (given) => {
    expect(parseField(image_url, given)).toEqual(invalid);
  });

  test.each([[1], [true], [['https://example.com']], [{ url: 'https://example.com' }]])(
    'rejects a value that is not text: %j',
    (given) => {
      expect(parseField(image_url, given)).toEqual(invalid);
    },
  );
});
