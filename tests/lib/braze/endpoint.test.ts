import fc from 'fast-check';
import { fillTarget, isPath, isPathTemplate, isRequestTo, toJsonBody } from '../../../lib/braze/endpoint.ts';

const TEMPLATE = 'catalogs/{catalog_name}/items/{item_id}';

describe('a path template', () => {
  test.each([
    'users/track',
    'v2/subscription/status/set',
    'users/external_ids/rename',
    'campaigns/trigger/schedule/create',
    'preference_center/v1/{preference_center_id}/url/{external_id}',
    TEMPLATE,
  ])('can be %s', (path) => {
    expect(isPathTemplate(path)).toBe(true);
  });

  test.each([
    '',
    '/users/track',
    'users/track/',
    'users//track',
    'users/../delete',
    'users/./delete',
    'users/track?a=b',
    'users/track#a',
    'users/tr ack',
    'users/%2e%2e/delete',
    'catalogs/{}/items',
    'catalogs/{Name}/items',
    'catalogs/x{name}/items',
    'https://example.com',
  ])('cannot be %j', (path) => {
    expect(isPathTemplate(path)).toBe(false);
  });
});

describe('a path with its parameters filled in', () => {
  const fill = (parameters: { readonly [name: string]: string }) => fillTarget({ path: TEMPLATE }, parameters);

  test('contains them percent-encoded', () => {
    expect(fill({ catalog_name: 'games', item_id: 'café / 1?#%' })).toEqual({
      ...{ kind: 'filled', query: '' },
      path: 'catalogs/games/items/caf%C3%A9%20%2F%201%3F%23%25',
    });
    expect(fillTarget({ path: 'users/track' })).toEqual({ kind: 'filled', path: 'users/track', query: '' });
  });

  test.each(['', '.', '..', '\ud800', '../../users/delete', 'a/../b', 'a\\..\\b', './a', 'a/.'])(
    'cannot contain %j',
    (item_id) => {
      const target = { kind: 'invalid', names: ['item_id'], reason: 'not_in_a_path' };
      expect(fill({ catalog_name: 'games', item_id })).toEqual(target);
    },
  );

  test('cannot be made if one is missing', () => {
    expect(fill({ catalog_name: 'games' })).toMatchObject({ names: ['item_id'] });
  });

  test('has the declared query parameters, percent-encoded, and no others', () => {
    const endpoint = { path: 'subscription/status/get', query: ['subscription_group_id', 'email', 'phone'] };
    expect(fillTarget(endpoint, { email: 'a+b&c=d@example.com', subscription_group_id: 'g', other: 'x' })).toEqual({
      kind: 'filled',
      path: 'subscription/status/get',
      query: 'email=a%2Bb%26c%3Dd%40example.com&subscription_group_id=g',
    });
  });

  test('reports the longest parameter if the path and query are longer than servers must accept', () => {
    const endpoint = { path: 'a/{one}', query: ['two'] };
    const longest = { one: 'x'.repeat(3_000), two: 'y'.repeat(4_993) };
    expect(fillTarget(endpoint, longest)).toMatchObject({ kind: 'filled' });
    expect(fillTarget(endpoint, { ...longest, two: `${longest.two}y` })).toEqual({
      ...{ kind: 'invalid', names: ['two'], reason: 'too_long' },
    });
    expect(fillTarget({ path: 'a'.repeat(8_000) })).toMatchObject({ names: [] });
  });

  test('stays within its endpoint, whatever the parameters are', () => {
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '.', '/', '\\', '%2e', '?', '#', '@'));
    const value = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(value, value, value, (catalog_name, item_id, email) => {
        const target = fillTarget({ path: TEMPLATE, query: ['email'] }, { catalog_name, item_id, email });
        if (target.kind === 'invalid') return;
        const { path, query } = target;
        expect(isPath(path)).toBe(true);
        expect(isRequestTo({ path: TEMPLATE }, { method: 'POST', path })).toBe(true);
        const { pathname, searchParams, hash, host } = new URL(`https://rest.example.com/${path}?${query}`);
        expect({ pathname, hash, host, query: [...searchParams] }).toEqual({
          ...{ pathname: `/${path}`, hash: '', host: 'rest.example.com' },
          query: [['email', email.toWellFormed()]],
        });
        // As seen by a proxy that decodes slashes.
        const decoded = new URL(`https://rest.example.com/${path.replaceAll(/%2f|%5c/gi, '/')}`).pathname;
        expect(decoded.startsWith('/catalogs/')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['', '/', 'a//b', '..', 'a/../b', 'a/%2e%2e/b', 'a/%2F/%', 'a/%2f/b', 'a?b', 'a#b', 'a b', 'a/%ff'])(
    'cannot be %j',
    (path) => {
      expect(isPath(path)).toBe(false);
    },
  );
});

describe('a request', () => {
  test.each([
    ['POST', 'users/track', { path: 'users/track' }],
    ['GET', 'catalogs/games/items/1', { method: 'GET' as const, path: TEMPLATE }],
  ] as const)('with %s to %s is one to the endpoint', (method, path, endpoint) => {
    expect(isRequestTo(endpoint, { method, path })).toBe(true);
  });

  test.each([
    ['DELETE', 'users/track', { path: 'users/track' }],
    ['POST', 'users/delete', { path: 'users/track' }],
    ['POST', 'users/track/sync', { path: 'users/track' }],
    ['GET', 'catalogs/games/items', { method: 'GET' as const, path: TEMPLATE }],
    ['GET', 'catalogs/games/items/..', { method: 'GET' as const, path: TEMPLATE }],
    ['GET', 'catalogs/games/items/', { method: 'GET' as const, path: TEMPLATE }],
  ] as const)('with %s to %s is none', (method, path, endpoint) => {
    expect(isRequestTo(endpoint, { method, path })).toBe(false);
  });
});

test.each([
  ['GET', { a: 1 }, undefined],
  ['DELETE', {}, undefined],
  ['DELETE', { items: [] }, '{"items":[]}'],
  ['POST', {}, '{}'],
  ['PATCH', { a: 1 }, '{"a":1}'],
] as const)('a request with %s and the body %j is sent with the text %j', (method, body, text) => {
  expect(toJsonBody(method, body)).toBe(text);
});
