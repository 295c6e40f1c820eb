import { findApiKeyProblem, toBrazeUrl } from '../../../lib/braze/credentials.ts';

describe('a REST endpoint', () => {
  test.each([
    ['https://rest.iad-01.braze.com', 'https://rest.iad-01.braze.com'],
    ['https://rest.fra-02.braze.eu', 'https://rest.fra-02.braze.eu'],
    ['https://rest.us-10.braze.com', 'https://rest.us-10.braze.com'],
    ['rest.iad-01.braze.com', 'https://rest.iad-01.braze.com'],
    ['rest.iad-01.braze.com/', 'https://rest.iad-01.braze.com'],
    ['https://rest.iad-01.braze.com///', 'https://rest.iad-01.braze.com'],
    [' https://rest.iad-01.braze.com\n', 'https://rest.iad-01.braze.com'],
    ['HTTPS://REST.IAD-01.BRAZE.COM', 'https://rest.iad-01.braze.com'],
    ['https://rest.iad-01.braze.com:443', 'https://rest.iad-01.braze.com'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['http://127.0.0.1:4010/', 'http://127.0.0.1:4010'],
    ['http://127.1.2.3', 'http://127.1.2.3'],
    ['http://localhost:4010', 'http://localhost:4010'],
    ['http://[::1]:4010', 'http://[::1]:4010'],
    ['https://localhost:4010', 'https://localhost:4010'],
    ['localhost:4010', 'https://localhost:4010'],
  ])('accepts "%s" as %s', (text, origin) => {
    expect(toBrazeUrl(text)).toBe(origin);
  });

  test.each([
    '',
    ' ',
    '/',
    'https://',
    'http://rest.iad-01.braze.com',
    'ftp://127.0.0.1',
    'ws://127.0.0.1:4010',
    'file:///etc/passwd',
    'https://rest.iad-01.braze.com:8443',
    'https://rest.iad-01.braze.com/users/track',
    'https://rest.iad-01.braze.com?key=1',
    'https://rest.iad-01.braze.com#track',
    'https://ann@rest.iad-01.braze.com',
    'https://:secret@rest.iad-01.braze.com',
    'https://rest.iad-01.braze.com@evil.example',
    'https://rest.iad-01.braze.com.evil.example',
    'https://evil.example/rest.iad-01.braze.com',
    'https://rest.iad-01.evil.braze.com',
    'https://rest.iad-01.braze.org',
    'https://dashboard.braze.com',
    'https://sdk.iad-01.braze.com',
    'https://braze.com',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://10.0.0.1',
    'http://0.0.0.0',
    '"https://rest.iad-01.braze.com"',
    'https://rest iad-01.braze.com',
    'not a url',
  ])('rejects "%s"', (text) => {
    expect(toBrazeUrl(text)).toBeUndefined();
  });
});

test('a deployed function rejects an emulator without TLS', () => {
  expect(toBrazeUrl('http://127.0.0.1:4010', true)).toBeUndefined();
  expect(toBrazeUrl('https://127.0.0.1:4010', true)).toBe('https://127.0.0.1:4010');
  expect(toBrazeUrl('https://rest.fra-01.braze.eu', true)).toBe('https://rest.fra-01.braze.eu');
});

test.each([
  ['', 'is empty'],
  ['a-key ', 'has blanks around it'],
  ['“a-key”', 'has quotes around it'],
  ['a key', 'is not a key'],
  ['a-key', undefined],
])('the API key %j: %s', (key, problem) => {
  expect(findApiKeyProblem(key)).toBe(problem);
});
