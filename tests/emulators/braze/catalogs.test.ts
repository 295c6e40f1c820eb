import type { Method } from '../../../emulators/braze/endpoint.ts';
import type { Braze } from '../../../emulators/braze/gateway.ts';
import { createStill, NOW, send } from './support.ts';

const OYSTERS = { id: 'oysters', Name: 'Oysters', Price: 12, Tags: ['sea', 'raw'] };

let braze: Braze;
let now: number;
beforeEach(() => {
  now = NOW;
  braze = createStill({ catalogs: { dishes: [OYSTERS, { id: 'bread', Name: 'Bread' }] }, now: () => now });
});

const call = (method: Method, item: string, body?: object) => {
  const { status, json } = send(braze, method, `/catalogs/dishes/items/${item}`, body);
  return { status, json };
};
const item = (id: string) => call('GET', id).json;
const failed = (status: number, id: string, message: string, parameters: Record<string, unknown> = {}) => ({
  status,
  json: {
    message: 'Invalid Request',
    errors: [{ id, message, parameters: Object.keys(parameters), parameter_values: Object.values(parameters) }],
  },
});

test('an item is read', () => {
  expect(call('GET', 'oysters')).toEqual({ status: 200, json: { items: [OYSTERS], message: 'success' } });
});

test.each(['GET', 'PATCH', 'DELETE'] as const)(
  '%s answers 404 for an item or a catalog that is not there',
  (method) => {
    const body = { items: [{ Name: 'Crab' }] };
    expect(call(method, 'crab', body)).toEqual(
      failed(404, 'item-not-found', 'Could not find item', { item_id: 'crab' }),
    );
    const { status, json } = send(braze, method, '/catalogs/drinks/items/crab', body);
    expect({ status, json }).toEqual(
      failed(404, 'catalog-not-found', 'Could not find catalog', { catalog_name: 'drinks' }),
    );
  },
);

test('PATCH changes the fields that are given, and adds to arrays and removes from them', () => {
  const items = [{ Price: 14, Tags: { $add: ['new'], $remove: ['raw'] } }];
  expect(call('PATCH', 'oysters', { items })).toEqual({ status: 200, json: { message: 'success' } });
  expect(item('oysters')).toMatchObject({
    items: [{ id: 'oysters', Name: 'Oysters', Price: 14, Tags: ['sea', 'new'] }],
  });
  call('PATCH', 'bread', { items: [{ Tags: { $add: ['warm'] } }] });
  expect(item('bread')).toMatchObject({ items: [{ id: 'bread', Name: 'Bread', Tags: ['warm'] }] });
});

test('PUT replaces an item, or creates it', () => {
  expect(call('PUT', 'oysters', { items: [{ Name: 'Clams' }] })).toEqual({ status: 200, json: { message: 'success' } });
  expect(call('PUT', 'crab', { items: [{ Name: 'Crab' }] }).status).toBe(200);
  expect(item('oysters')).toMatchObject({ items: [{ id: 'oysters', Name: 'Clams' }] });
  expect(item('crab')).toMatchObject({ items: [{ id: 'crab', Name: 'Crab' }] });
});

test('DELETE removes an item', () => {
  expect(call('DELETE', 'bread')).toEqual({ status: 202, json: { message: 'success' } });
  expect(call('GET', 'bread').status).toBe(404);
});

test.each<[string, object, string, Record<string, unknown>]>([
  ['oysters', {}, 'item-array-invalid', {}],
  ['oysters', { items: ['a'] }, 'item-array-invalid', {}],
  ['oysters', { items: [] }, 'request-includes-too-many-items', {}],
  ['oysters', { items: [{}, {}] }, 'request-includes-too-many-items', {}],
  ['oysters', { items: [{ id: 'oysters' }] }, 'id-in-body', { id: 'oysters' }],
  ['oysters', { items: [{ Colour: 'grey' }] }, 'invalid-fields', { Colour: 'grey' }],
])('case %#: an item that is wrong is refused', (id, body, error, parameters) => {
  for (const method of ['PATCH', 'PUT'] as const) {
    expect(call(method, id, body)).toEqual(failed(400, error, expect.any(String), parameters));
  }
  expect(item('oysters')).toMatchObject({ items: [OYSTERS] });
});

test('an item gets no id with other characters, and none that is too long', () => {
  const body = { items: [{ Name: 'X' }] };
  expect(call('PUT', 'a%20b', body)).toMatchObject({ status: 400, json: { errors: [{ id: 'invalid-ids' }] } });
  expect(call('PUT', 'x'.repeat(251), body)).toMatchObject({
    status: 400,
    json: { errors: [{ id: 'ids-too-large' }] },
  });
});

test('all endpoints of items share 50 requests a minute', () => {
  for (let request = 0; request < 25; request += 1) {
    expect(call('GET', 'oysters').status).toBe(200);
    expect(call('PATCH', 'oysters', { items: [{ Price: request }] }).status).toBe(200);
  }
  expect(call('GET', 'oysters')).toEqual({ status: 429, json: { message: 'Rate limit exceeded' } });
  now += 60_000;
  expect(call('GET', 'oysters').status).toBe(200);
});

test('a reset brings the catalogs back as they were', () => {
  call('DELETE', 'oysters');
  braze.reset();
  expect(call('GET', 'oysters').status).toBe(200);
});
