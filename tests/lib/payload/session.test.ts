import { mapPayload } from '../../support/map-payload.ts';
import { LINEAR_MS, processorTime } from '../../support/parse-field.ts';

const NOON = '2026-05-01T10:00:00.000Z';
const userData = {
  platform: 'Mac OS X10_14_4',
  browser_language: 'en-GB',
  user_browser: 'Chrome 120',
  last_viewed_url:
    'https://ann:pw@shop.example.com/sale?utm_source=mail&utm_medium=email&utm_campaign=may&utm_term=mug&utm_content=a%20b&id=7#top',
};
const session = ['operating_system', 'language', 'browser', 'page', 'utm'];

const mapSession = (words: unknown, data: unknown = userData, attributes?: object) => {
  const { body, BRAZE_INVALID_FIELDS } = mapPayload(
    { external_id: 'u', event: { name: 'e' }, session: words, attributes },
    { userData: data },
  );
  const [profile] = Array.isArray(body?.attributes) ? body.attributes : [{}];
  const [event] = Array.isArray(body?.events) ? body.events : [];
  const { external_id: _, ...facts } = profile;
  return { attributes: facts, properties: event?.properties, invalid: BRAZE_INVALID_FIELDS };
};

test('adds every fact of a session', () => {
  expect(mapPayload({ external_id: 'u', event: { name: 'e' }, session }, { userData }).body).toStrictEqual({
    attributes: [{ external_id: 'u', operating_system: 'macOS', language: 'en', browser: 'Chrome' }],
    events: [
      {
        ...{ external_id: 'u', name: 'e', time: NOON },
        properties: {
          page: 'https://shop.example.com/sale',
          utm_source: 'mail',
          utm_medium: 'email',
          utm_campaign: 'may',
          utm_term: 'mug',
          utm_content: 'a b',
        },
      },
    ],
    partner: 'pypestream',
  });
});

test.each<[unknown, object, object | undefined, string]>([
  [['operating_system'], { operating_system: 'macOS' }, undefined, ''],
  [['language'], { language: 'en' }, undefined, ''],
  [['browser'], { browser: 'Chrome' }, undefined, ''],
  [['page'], {}, { page: 'https://shop.example.com/sale' }, ''],
  [['browser', 'None', 'cookies', 5], { browser: 'Chrome' }, undefined, 'session.2,session.3'],
  [{ $list: 'page, language' }, { language: 'en' }, { page: 'https://shop.example.com/sale' }, ''],
  [[], {}, undefined, ''],
  ['None', {}, undefined, ''],
  [null, {}, undefined, ''],
  ['page', {}, undefined, 'session'],
  [{ page: true }, {}, undefined, 'session'],
])('adds the requested facts: %j', (words, attributes, properties, invalid) => {
  expect(mapSession(words)).toStrictEqual({ attributes, properties, invalid });
});

test.each<[string, string | undefined]>([
  ['iPhone; CPU iPhone OS 17_0 like Mac OS X', 'iOS'],
  ['iPad', 'iOS'],
  ['iOS 17', 'iOS'],
  ['Linux; Android 14', 'Android'],
  ['Windows NT 10.0; Win64', 'Windows'],
  ['Win32', 'Windows'],
  ['CrOS x86_64', 'ChromeOS'],
  ['Chrome OS', 'ChromeOS'],
  ['MacIntel', 'macOS'],
  ['macOS', 'macOS'],
  ['X11; Ubuntu', 'Linux'],
  ['Linux x86_64', 'Linux'],
  ['Darwin', 'macOS'],
  ['Kiosk', undefined],
  ['None', undefined],
])('finds in the platform %j the operating system %s', (platform, operating_system) => {
  expect(mapSession(['operating_system'], { platform }).attributes).toStrictEqual(
    operating_system ? { operating_system } : {},
  );
});

test.each<[string, string | undefined]>([
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0', 'Edge'],
  ['Microsoft Edge', 'Edge'],
  ['Chrome/120.0 Safari/537.36 OPR/106.0', 'Opera'],
  ['Opera 12', 'Opera'],
  ['SamsungBrowser/23.0 Chrome/115.0 Safari/537.36', 'Samsung Internet'],
  ['Firefox 121', 'Firefox'],
  ['FxiOS/121.0 Safari/605.1', 'Firefox'],
  ['CriOS/120.0 Safari/604.1', 'Chrome'],
  ['Chromium', 'Chrome'],
  ['Version/17.0 Safari/605.1.15', 'Safari'],
  ['Trident/7.0; rv:11.0', 'Internet Explorer'],
  ['Lynx', undefined],
])('finds in %j the browser %s', (user_browser, browser) => {
  expect(mapSession(['browser'], { user_browser }).attributes).toStrictEqual(browser ? { browser } : {});
});

test('finds the browser in the platform if there is no user_browser', () => {
  expect(mapSession(['browser'], { platform: 'Firefox on Linux' }).attributes).toStrictEqual({ browser: 'Firefox' });
});

test.each<[object, string | undefined]>([
  [{ browser_language: 'fr-CA' }, 'fr'],
  [{ browser_language: 'tlh', language: 'German' }, 'de'],
  [{ browser_language: 5, language: '{LANGUAGE}' }, undefined],
])('finds in %j the language %s', (data, language) => {
  expect(mapSession(['language'], data)).toStrictEqual({
    attributes: language ? { language } : {},
    properties: undefined,
    invalid: '',
  });
});

test.each<[unknown, object | undefined]>([
  ['https://shop.example.com', { page: 'https://shop.example.com/' }],
  ['http://localhost:8080/a b', { page: 'http://localhost:8080/a%20b' }],
  [
    'https://a.b/?utm_source=None&utm_term=%20&utm_medium=%3C%3Cx%3E%3E%20mail',
    { page: 'https://a.b/', utm_medium: 'mail' },
  ],
  ['https://a.b/?utm_source=%00%ED%A0%80a', { page: 'https://a.b/', utm_source: '���a' }],
  [`https://a.b/${'x'.repeat(255)}?utm_source=${'y'.repeat(256)}&utm_term=z`, { utm_term: 'z' }],
  ['javascript:alert(1)', undefined],
  ['file:///etc/passwd', undefined],
  ['shop.example.com/sale', undefined],
  ['None', undefined],
  [{ href: 'https://a.b' }, undefined],
])('finds the page and the campaign of %j', (last_viewed_url, properties) => {
  expect(mapSession(session, { last_viewed_url })).toStrictEqual({ attributes: {}, properties, invalid: '' });
});

test.each([[{}], [null], ['text'], [[1]], [{ $number: 'x' }], [{ platform: { a: 1 }, user_browser: ['x'] }]])(
  'adds nothing if the user data is %j',
  (data) => {
    expect(mapSession(session, data)).toStrictEqual({ attributes: {}, properties: undefined, invalid: '' });
  },
);

test('prefers the values of the payload, even null', () => {
  expect(
    mapSession(session, userData, { LANGUAGE: 'French', browser: null, operating_system: 'BeOS' }).attributes,
  ).toStrictEqual({
    operating_system: 'BeOS',
    language: 'fr',
    browser: null,
  });
  const { body } = mapPayload(
    { external_id: 'u', event: { name: 'e', properties: { page: 'mine' } }, session: ['page', 'utm'] },
    { userData: { last_viewed_url: 'https://a.b/?utm_source=c' } },
  );
  expect(body?.events).toStrictEqual([
    { external_id: 'u', name: 'e', time: NOON, properties: { page: 'mine', utm_source: 'c' } },
  ]);
});

test('uses the fact of the session if the attribute of the payload is invalid', () => {
  expect(mapSession(['language'], userData, { language: 'Klingon' })).toStrictEqual({
    attributes: { language: 'en' },
    properties: undefined,
    invalid: 'attributes.language',
  });
});

test('adds the page to every event and to no purchase', () => {
  const purchase = { product_id: 'p', currency: 'EUR', price: 1 };
  const { body } = mapPayload(
    { external_id: 'u', events: [{ name: 'a' }, { name: 'b' }], purchase, session: ['page'] },
    { userData },
  );
  expect(body).toStrictEqual({
    events: ['a', 'b'].map((name) => ({
      ...{ external_id: 'u', name, time: NOON },
      properties: { page: 'https://shop.example.com/sale' },
    })),
    purchases: [{ external_id: 'u', ...purchase, time: NOON }],
    partner: 'pypestream',
  });
});

test('adds nothing to an event whose own properties reach Braze’s limits', () => {
  const full = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`p${index}`, 1]));
  const { body } = mapPayload(
    { external_id: 'u', event: { name: 'e', properties: full }, session: ['page'] },
    { userData },
  );
  expect(body?.events).toStrictEqual([{ external_id: 'u', name: 'e', time: NOON, properties: full }]);
});

test('parses user_data in linear time', () => {
  for (const text of ['x'.repeat(100_000), `https://${'a.'.repeat(50_000)}`, ' '.repeat(100_000)]) {
    const userData = { platform: text, user_browser: text, browser_language: text, last_viewed_url: text };
    expect(processorTime(() => mapSession(session, userData))).toBeLessThan(LINEAR_MS);
  }
});
