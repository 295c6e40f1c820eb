import type { BrazeEmulator, BrazeOptions } from '../../emulators/braze.ts';
import { KEY, NOW, post, startStill } from './support.ts';

let braze: BrazeEmulator;
const start = async (options?: BrazeOptions) => {
  braze = await startStill(options);
};
afterEach(() => braze.close());

const ann = { attributes: [{ external_id: 'ann', first_name: 'Ann' }] };
const NOTHING_VALID = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";

describe('the key', () => {
  test.each(['Bearer', 'bearer', 'BEARER'])('is taken after %s', async (word) => {
    await start();
    const { status } = await post(braze, '/users/track', ann, { Authorization: `${word} ${KEY}` });
    expect(status).toBe(201);
  });

  test.each([
    ['Bearer wrong', 'wrong'],
    [`Bearer "${KEY}"`, `"${KEY}"`],
    [KEY, KEY],
    ['', ''],
  ])('%j is unknown, and the answer repeats it with empty rate headers', async (Authorization, echoed) => {
    await start();
    const { status, json, headers } = await post(braze, '/users/track', ann, { Authorization });
    expect([status, json]).toEqual([401, { message: `Invalid API key: ${echoed}` }]);
    expect(headers.get('x-ratelimit-reset')).toBe('');
    expect(braze.profiles).toEqual([]);
    expect(braze.requests).toMatchObject([{ status: 401, processed: false }]);
  });

  test('may be changed while the emulator runs', async () => {
    await start();
    braze.apiKey = 'next';
    expect((await post(braze, '/users/track', ann)).status).toBe(401);
    expect((await post(braze, '/users/track', ann, { Authorization: 'Bearer next' })).status).toBe(201);
  });

  test('in the body or the query string authenticates nobody', async () => {
    await start();
    const body = { api_key: KEY, ...ann };
    const { status } = await post(braze, `/users/track?api_key=${KEY}`, body, { Authorization: 'Bearer no' });
    expect(status).toBe(401);
  });

  test('needs the permission of the endpoint', async () => {
    await start({ permissions: ['users.export.ids'] });
    const { status, json } = await post(braze, '/users/track', ann);
    expect([status, json]).toEqual([403, { message: 'Access Denied' }]);
  });

  test('is checked before the body: an empty one gives 400 with the right key only', async () => {
    await start();
    expect(await post(braze, '/users/track', '')).toMatchObject({ status: 400, json: { message: NOTHING_VALID } });
    expect((await post(braze, '/users/track', '', { Authorization: 'Bearer no' })).status).toBe(401);
  });
});

test.each(['/users/trak', '/', '/users'])('nobody is at %s', async (path) => {
  await start();
  const { status, headers } = await post(braze, path, ann);
  expect(status).toBe(404);
  expect(headers.get('x-ratelimit-limit')).toBe('250000');
});

test('only POST is answered', async () => {
  await start();
  const headers = { Authorization: `Bearer ${KEY}` };
  expect((await fetch(`${braze.url}/users/track`, { headers })).status).toBe(404);
});

describe('the body', () => {
  test.each(['{"attributes":[],}', "{'attributes':[]}", '{"a":1} // no', '\uFEFF{}', '{"attributes":'])(
    '%j is no strict JSON',
    async (body) => {
      await start();
      expect((await post(braze, '/users/track', body)).status).toBe(400);
    },
  );

  test('must be UTF-8', async () => {
    await start();
    const latin1 = Buffer.from('{"attributes":[{"external_id":"a","first_name":"René"}]}', 'latin1');
    expect((await post(braze, '/users/track', latin1)).status).toBe(400);
    expect(braze.profiles).toEqual([]);
  });

  test.each(['[]', '"text"', 'null', '{}', '{"attributes":[]}', '{"partner":"pypestream"}'])(
    '%s holds nothing valid',
    async (body) => {
      await start();
      expect(await post(braze, '/users/track', body)).toMatchObject({ status: 400, json: { message: NOTHING_VALID } });
    },
  );

  test('is not read unless it is said to be JSON', async () => {
    await start();
    const { status } = await post(braze, '/users/track', ann, { 'Content-Type': 'text/plain' });
    expect(status).toBe(400);
  });

  test('may have 4 MB and not a byte more', async () => {
    await start();
    const [head, tail] = ['{"attributes":[{"external_id":"a"}],"x":"', '"}'];
    const fill = 'x'.repeat(4 * 1024 * 1024 - head.length - tail.length);
    expect((await post(braze, '/users/track', head + fill + tail)).status).toBe(201);
    expect((await post(braze, '/users/track', `${head + fill}x${tail}`)).status).toBe(413);
  });

  test('may have keys Braze does not know, such as partner', async () => {
    await start();
    const { status, json } = await post(braze, '/users/track', { ...ann, partner: 'pypestream', else: [1] });
    expect([status, json]).toEqual([201, { message: 'success', attributes_processed: 1 }]);
  });
});

describe('rate limits', () => {
  test('every answer says what is left, and when the window on the clock ends', async () => {
    await start({ now: () => NOW + 1_200 });
    await post(braze, '/users/track', ann);
    const { headers } = await post(braze, '/users/track', {});
    expect([...headers].filter(([name]) => name.startsWith('x-'))).toEqual([
      ['x-ratelimit-limit', '3000'],
      ['x-ratelimit-remaining', '2998'],
      ['x-ratelimit-reset', String(NOW / 1000 + 3)],
    ]);
  });

  test('a request over the limit is not processed, one in the next window is', async () => {
    let now = NOW;
    await start({ trackLimit: 1, now: () => now });
    await post(braze, '/users/track', ann);
    expect(await post(braze, '/users/track', ann)).toMatchObject({
      status: 429,
      json: { message: 'Rate limit exceeded' },
    });
    expect(braze.requests.map(({ processed }) => processed)).toEqual([true, false]);
    now += 3_000;
    expect((await post(braze, '/users/track', ann)).status).toBe(201);
  });
});

test('requests are kept in order and as received', async () => {
  await start();
  await post(braze, '/users/track?x=1', ann, { 'X-Test': 'yes' });
  await post(braze, '/elsewhere', '{');
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

test('reset forgets people, requests and faults, and keeps the key', async () => {
  await start();
  await post(braze, '/users/track', ann);
  braze.fault('503');
  braze.reset();
  expect([braze.profiles, braze.requests]).toEqual([[], []]);
  expect((await post(braze, '/users/track', ann)).status).toBe(201);
});
