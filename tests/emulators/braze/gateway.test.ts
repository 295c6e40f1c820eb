import { type Braze, type BrazeOptions, ENDPOINTS } from '../../../emulators/braze/gateway.ts';
import { createStill, KEY, NOW, post, send } from './support.ts';

let braze: Braze;
const start = (options?: BrazeOptions) => {
  braze = createStill(options);
};

const ann = { attributes: [{ external_id: 'ann', first_name: 'Ann' }] };
const NOTHING_VALID = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";

describe('the key', () => {
  test.each(['Bearer', 'bearer', 'BEARER'])('is taken after %s', (word) => {
    start();
    const { status } = post(braze, '/users/track', ann, { authorization: `${word} ${KEY}` });
    expect(status).toBe(201);
  });

  test.each([
    ['Bearer wrong', 'wrong'],
    [`Bearer "${KEY}"`, `"${KEY}"`],
    [KEY, KEY],
    ['', ''],
  ])('%j is unknown, and the answer repeats it with empty rate headers', (authorization, echoed) => {
    start();
    const { status, json, headers } = post(braze, '/users/track', ann, { authorization });
    expect([status, json]).toEqual([401, { message: `Invalid API key: ${echoed}` }]);
    expect(headers['x-ratelimit-reset']).toBe('');
    expect(braze.profiles).toEqual([]);
    expect(braze.requests).toMatchObject([{ status: 401, processed: false }]);
  });

  test('may be changed while the emulator runs', () => {
    start();
    braze.apiKey = 'next';
    expect(post(braze, '/users/track', ann).status).toBe(401);
    expect(post(braze, '/users/track', ann, { authorization: 'Bearer next' }).status).toBe(201);
  });

  test('in the body or the query string does not authenticate', () => {
    start();
    const body = { api_key: KEY, ...ann };
    const { status } = post(braze, `/users/track?api_key=${KEY}`, body, { authorization: 'Bearer no' });
    expect(status).toBe(401);
  });

  test('needs the permission of the endpoint', () => {
    start({ permissions: ['users.export.ids'] });
    const { status, json } = post(braze, '/users/track', ann);
    expect([status, json]).toEqual([403, { message: 'Access Denied' }]);
  });

  test('is checked before the body: an empty one gives 400 with the right key only', () => {
    start();
    expect(post(braze, '/users/track', '')).toMatchObject({ status: 400, json: { message: NOTHING_VALID } });
    expect(post(braze, '/users/track', '', { authorization: 'Bearer no' }).status).toBe(401);
  });
});

describe('an endpoint that the emulator does not know', () => {
  test.each(['/users/trak', '/', '/users', '/catalogs/a/items', '/catalogs//items/b', '/catalogs/a/items/%zz'])(
    'gets the answer that the emulator does not know it: %s',
    (path) => {
      start();
      expect(post(braze, path, ann)).toMatchObject({
        status: 404,
        json: { message: `The emulator does not know the endpoint POST ${path}.` },
      });
    },
  );

  test('is one with another method, and the answer names the methods that are known', () => {
    start();
    expect(send(braze, 'GET', '/users/track').json).toEqual({
      message: 'The emulator does not know the endpoint GET /users/track. It knows this path with POST.',
    });
    expect(post(braze, '/catalogs/a/items/b', {}).json).toEqual({
      message:
        'The emulator does not know the endpoint POST /catalogs/a/items/b. It knows this path with GET, PATCH, PUT, DELETE.',
    });
  });
});

test.each(ENDPOINTS.map(({ method, path, permission }) => [method, path, permission] as const))(
  '%s %s needs the permission %s',
  (method, path, permission) => {
    const target = `/${path.replaceAll(/\{\w+\}/g, 'x')}`;
    start({ permissions: ['another.permission'] });
    expect(send(braze, method, target, {})).toMatchObject({ status: 403, json: { message: 'Access Denied' } });
    start({ permissions: [permission] });
    expect([400, 404]).toContain(send(braze, method, target, {}).status);
  },
);

test('every endpoint names the page of its rules', () => {
  for (const { page } of ENDPOINTS) {
    expect(page).toMatch(/^https:\/\/www\.braze\.com\/docs\/api\/endpoints\/[\w/-]+\/$/);
  }
});

describe('the body', () => {
  test.each(['{"attributes":[],}', "{'attributes':[]}", '{"a":1} // no', '\uFEFF{}', '{"attributes":'])(
    '%j is no strict JSON',
    (body) => {
      start();
      expect(post(braze, '/users/track', body).status).toBe(400);
    },
  );

  test('must be UTF-8', () => {
    start();
    const latin1 = Buffer.from('{"attributes":[{"external_id":"a","first_name":"René"}]}', 'latin1');
    expect(post(braze, '/users/track', latin1).status).toBe(400);
    expect(braze.profiles).toEqual([]);
  });

  test.each(['[]', '"text"', 'null', '{}', '{"attributes":[]}', '{"partner":"pypestream"}'])(
    '%s holds nothing valid',
    (body) => {
      start();
      expect(post(braze, '/users/track', body)).toMatchObject({ status: 400, json: { message: NOTHING_VALID } });
    },
  );

  test('is not read without the content type of JSON', () => {
    start();
    const { status } = post(braze, '/users/track', ann, { 'content-type': 'text/plain' });
    expect(status).toBe(400);
  });

  test('may have 4 MB and not a byte more', () => {
    start();
    const [head, tail] = ['{"attributes":[{"external_id":"a"}],"x":"', '"}'];
    const fill = 'x'.repeat(4 * 1024 * 1024 - head.length - tail.length);
    expect(post(braze, '/users/track', head + fill + tail).status).toBe(201);
    expect(post(braze, '/users/track', `${head + fill}x${tail}`).status).toBe(413);
  });

  test('may have keys Braze does not know, such as partner', () => {
    start();
    const { status, json } = post(braze, '/users/track', { ...ann, partner: 'pypestream', else: [1] });
    expect([status, json]).toEqual([201, { message: 'success', attributes_processed: 1 }]);
  });
});

describe('rate limits', () => {
  test('every answer has what is left and when the window on the clock ends', () => {
    start({ now: () => NOW + 1_200 });
    post(braze, '/users/track', ann);
    const { headers } = post(braze, '/users/track', {});
    expect(Object.entries(headers).filter(([name]) => name.startsWith('x-'))).toEqual([
      ['x-ratelimit-limit', '3000'],
      ['x-ratelimit-remaining', '2998'],
      ['x-ratelimit-reset', String(NOW / 1000 + 3)],
    ]);
  });

  test('a request over the limit is not processed, one in the next window is', () => {
    let now = NOW;
    start({ trackLimit: 1, now: () => now });
    post(braze, '/users/track', ann);
    expect(post(braze, '/users/track', ann)).toMatchObject({
      status: 429,
      json: { message: 'Rate limit exceeded' },
    });
    expect(braze.requests.map(({ processed }) => processed)).toEqual([true, false]);
    now += 3_000;
    expect(post(braze, '/users/track', ann).status).toBe(201);
  });
});

test('requests are kept in order and as received', () => {
  start();
  post(braze, '/users/track?x=1', ann, { 'x-test': 'yes' });
  post(braze, '/elsewhere', '{');
  expect(braze.requests).toMatchObject([
    {
      method: 'POST',
      path: '/users/track',
      query: 'x=1',
      headers: { 'x-test': 'yes', authorization: `Bearer ${KEY}` },
      body: JSON.stringify(ann),
      json: ann,
      at: NOW,
      status: 201,
      processed: true,
      dropped: [],
    },
    { path: '/elsewhere', body: '{', json: undefined, status: 404, processed: false },
  ]);
});

test('reset forgets people, requests and faults, and keeps the key', () => {
  start();
  post(braze, '/users/track', ann);
  braze.fault('503');
  braze.reset();
  expect([braze.profiles, braze.requests]).toEqual([[], []]);
  expect(post(braze, '/users/track', ann).status).toBe(201);
});
