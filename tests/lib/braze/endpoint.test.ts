import fc from 'fast-check';
import { fillPath, isPath, isPathTemplate, isRequestTo } from '../../../lib/braze/endpoint.ts';

const TEMPLATE = 'catalogs/{catalog_name}/items/{item_id}';

describe('the path of an endpoint', () => {
  test.each([
    'users/track',
    'v2/subscription/status/set',
    'users/external_ids/rename',
    'campaigns/trigger/schedule/create',
    'preference_center/v1/{preference_center_id}/url/{external_id}',
    TEMPLATE,
  ])('may be %s', (path) => {
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
  ])('is not %j', (path) => {
    expect(isPathTemplate(path)).toBe(false);
  });
});

describe('a path with its parameters filled in', () => {
  test('holds them percent-encoded', () => {
    expect(fillPath(TEMPLATE, { catalog_name: 'games', item_id: 'café / 1?' })).toBe(
      'catalogs/games/items/caf%C3%A9%20%2F%201%3F',
    );
    expect(fillPath('users/track', {})).toBe('users/track');
  });

  test.each(['', '.', '..', '\ud800'])('cannot be made of %j', (item_id) => {
    expect(fillPath(TEMPLATE, { catalog_name: 'games', item_id })).toBeUndefined();
  });

  test('cannot be made where one is missing', () => {
    expect(fillPath(TEMPLATE, { catalog_name: 'games' })).toBeUndefined();
  });

  test('never leaves its endpoint, whatever the parameters are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (catalog_name, item_id) => {
        const path = fillPath(TEMPLATE, { catalog_name, item_id });
        if (path === undefined) return;
        expect(isPath(path)).toBe(true);
        expect(isRequestTo({ path: TEMPLATE }, { method: 'POST', path })).toBe(true);
        const { pathname, search, hash, host } = new URL(`https://rest.example.com/${path}`);
        expect({ pathname, search, hash, host }).toEqual({
          pathname: `/${path}`,
          search: '',
          hash: '',
          host: 'rest.example.com',
        });
      }),
    );
  });

  test.each(['', '/', 'a//b', '..', 'a/../b', 'a/%2e%2e/b', 'a/%2F/%', 'a/%2f/b', 'a?b', 'a#b', 'a b', 'a/%ff'])(
    'is not %j',
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
