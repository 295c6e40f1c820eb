import { getCatalogItem } from '../../../handlers/get-catalog-item.ts';
import { getProfile } from '../../../handlers/get-profile.ts';
import { identifyUser } from '../../../handlers/identify-user.ts';
import { trackUser } from '../../../handlers/track-user.ts';
import { createIdentityToken } from '../../../lib/entry/identity-token.ts';
import { createHandler } from '../../../lib/node/create-handler.ts';
import { SENT } from '../../support/invoke.ts';
import { startStage, type TestStage } from '../../support/stage.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

const SECRET = 'the link secret of the sandbox stage';
const FORMER = 'the former link secret of the sandbox';
const DAY_S = 86_400;

let stage: TestStage;
beforeAll(async () => {
  stage = await startStage({ catalogs: { trips: [{ id: 'paris-2', name: 'Paris' }] } });
});
beforeEach(() => {
  stage.reset();
  stage.setParameter('link_secret', SECRET);
});
afterAll(() => stage.close());

const tokenFor = (id: string, seconds = DAY_S, secret = SECRET) =>
  createIdentityToken(id, Math.floor(Date.now() / 1_000) + seconds, secret);

/** Everything that leaves the function: to the flow, to the log, to Braze and to the queues. */
const call = async (
  payload: object,
  user_data: object = {},
  handler: (event: unknown) => Promise<unknown> = createHandler(trackUser, stage.createRuntime()),
) => {
  const before = stage.braze.requests.length;
  const { result, text } = await stage.capture(() => handler({ payload, context: { env: 'sandbox', user_data } }));
  const requests = stage.braze.requests.slice(before);
  const kept = [...stage.undelivered.messages, ...stage.deadLetters.messages];
  return {
    answer: result as { readonly [key: string]: string },
    log: JSON.parse(text) as { readonly [key: string]: unknown },
    bodies: requests.map(({ json }) => json),
    everything: JSON.stringify([result, text, requests, kept]),
  };
};

const createPayload = (first_name = 'Ann') => ({ attributes: { first_name } });
const withName = (first_name: string, external_id: string) => [
  { attributes: [{ external_id, first_name }], partner: 'pypestream' },
];

describe('a valid signed_id', () => {
  test.each([
    ['as a token', (token: string) => ({ payload: { signed_id: token }, user_data: {} })],
    [
      'in a URL',
      (token: string) => ({ payload: { signed_id: `https://shop.example.com/?bz=${token}` }, user_data: {} }),
    ],
    [
      'in the address of the page',
      (token: string) => ({
        payload: { signed_id: 'page' },
        user_data: { last_viewed_url: `https://shop.example.com/chat?bz=${token}&x=1` },
      }),
    ],
  ])('%s is the identity, and is not sent', async (_, place) => {
    const token = tokenFor('customer.20417');
    const { payload, user_data } = place(token);
    const { answer, log, bodies, everything } = await call({ ...payload, ...createPayload() }, user_data);
    expect(answer).toEqual({ ...SENT, BRAZE_IDENTITY: 'verified' });
    expect(bodies).toEqual(withName('Ann', 'customer.20417'));
    expect(log).toMatchObject({ outcome: 'sent', identity: 'verified', invalid_fields: 0 });
    expect(everything).not.toContain(token.slice(-64));
  });

  test('makes another external_id that was typed invalid', async () => {
    const { answer, bodies } = await call({ signed_id: tokenFor('u1'), external_id: 'u2', ...createPayload() });
    expect(answer).toMatchObject({
      outcome: 'partial',
      BRAZE_INVALID_FIELDS: 'external_id',
      BRAZE_IDENTITY: 'verified',
    });
    expect(bodies).toEqual(withName('Ann', 'u1'));
  });

  test('agrees with the same external_id, typed as text or as a number', async () => {
    for (const external_id of ['20417', ' 20417 ', 20417]) {
      const { answer, bodies } = await call({ signed_id: tokenFor('20417'), external_id, ...createPayload() });
      expect(answer).toEqual({ ...SENT, BRAZE_IDENTITY: 'verified' });
      expect(bodies).toEqual(withName('Ann', '20417'));
    }
  });

  test('takes precedence over every other identifier', async () => {
    const { bodies } = await call({
      signed_id: tokenFor('u1'),
      user_alias: { alias_name: 'a', alias_label: 'b' },
      email: 'ann@example.com',
      ...createPayload(),
    });
    expect(bodies).toEqual([
      { attributes: [{ external_id: 'u1', first_name: 'Ann', email: 'ann@example.com' }], partner: 'pypestream' },
    ]);
  });

  test('is the external_id that identify-user gives a profile', async () => {
    const user_alias = { alias_name: 'visitor-7', alias_label: 'pypestream' };
    const { bodies } = await call(
      { signed_id: tokenFor('u1'), user_alias },
      {},
      createHandler(identifyUser, stage.createRuntime()),
    );
    expect(bodies).toEqual([{ aliases_to_identify: [{ external_id: 'u1', user_alias }] }]);
  });

  test('is valid with both secrets while one is being rotated', async () => {
    stage.setParameter('link_secret', `${SECRET},${FORMER}`);
    for (const secret of [SECRET, FORMER]) {
      const { answer } = await call({ signed_id: tokenFor('u1', DAY_S, secret), ...createPayload() });
      expect(answer).toEqual({ ...SENT, BRAZE_IDENTITY: 'verified' });
    }
  });

  test('is in no queued message, and the answer still says verified', async () => {
    stage.braze.fault('503', 9);
    const token = tokenFor('u1');
    const { answer, everything } = await call({ signed_id: token, ...createPayload() });
    expect(answer).toMatchObject({ outcome: 'queued', BRAZE_IDENTITY: 'verified' });
    expect(stage.undelivered.messages).toHaveLength(1);
    expect(everything).not.toContain(token.slice(-64));
  });

  test('satisfies a node that requires it', async () => {
    stage.environment({ VERIFIED_NODES: 'merge-user, get-profile' });
    await call({ external_id: 'u1', ...createPayload('Ada') });
    const payload = { signed_id: tokenFor('u1'), require_verified: 'true', fields: ['first_name'] };
    const { answer } = await call(payload, {}, createHandler(getProfile, stage.createRuntime()));
    expect(answer).toMatchObject({ outcome: 'found', BRAZE_FIRST_NAME: 'Ada', BRAZE_IDENTITY: 'verified' });
  });
});

describe('a signed_id that proves nothing', () => {
  const bad = () => [
    ['expired', tokenFor('u1', -1)],
    ['signed with another secret', tokenFor('u1', DAY_S, FORMER)],
    ['too far ahead', tokenFor('u1', 31 * DAY_S)],
    ['of 100 KB', 'x'.repeat(100_000)],
    ['page without a token', 'page'],
    ['unfilled', '{SIGNED_ID}'],
    ['null', null],
    ['a number', 7],
  ];

  test.each(bad().map(([name]) => name))('%s leaves the typed identifier in effect', async (name) => {
    const [, signed_id] = bad().find(([other]) => other === name) ?? [];
    const { answer, log, bodies } = await call({ signed_id, external_id: 'u2', ...createPayload() });
    expect(answer).toEqual({ ...SENT, BRAZE_IDENTITY: 'typed' });
    expect(bodies).toEqual(withName('Ann', 'u2'));
    expect(log).toMatchObject({ identity: 'typed', invalid_fields: 0, invalid_reasons: { not_verified: 1 } });
  });

  test.each(bad().map(([name]) => name))('%s sends nothing if a verified identity is required', async (name) => {
    const [, signed_id] = bad().find(([other]) => other === name) ?? [];
    const { answer, log, bodies } = await call({
      signed_id,
      external_id: 'u2',
      require_verified: 'yes',
      ...createPayload(),
    });
    expect(answer).toEqual({
      success: 'false',
      outcome: 'unverified',
      detail: 'The identity must be verified, and it is not.',
      BRAZE_IDENTITY: 'typed',
    });
    expect(bodies).toEqual([]);
    expect(log).toMatchObject({ outcome: 'unverified', level: 'WARN' });
  });

  test('is not an identifier', async () => {
    const { answer } = await call({ signed_id: tokenFor('u1', -1), ...createPayload() });
    expect(answer).toMatchObject({
      outcome: 'invalid',
      BRAZE_INVALID_FIELDS: 'external_id',
      BRAZE_IDENTITY: 'typed',
    });
  });

  test('is reported in every answer, whatever goes wrong', async () => {
    const signed_id = tokenFor('u1', -1);
    stage.environment({ STAGE: 'prod' });
    expect((await call({ signed_id, external_id: 'u2', ...createPayload() })).answer).toMatchObject({
      outcome: 'misconfigured',
      BRAZE_IDENTITY: 'typed',
    });
    stage.environment();
    const broken = createHandler(
      {
        ...trackUser,
        toRequest: () => {
          throw new Error('a bug');
        },
      },
      stage.createRuntime(),
    );
    expect((await call({ signed_id, external_id: 'u2', ...createPayload() }, {}, broken)).answer).toMatchObject({
      outcome: 'unavailable',
      BRAZE_IDENTITY: 'typed',
    });
  });
});

describe('a verified identity that is required', () => {
  test('is missing without a signed_id, whatever identifier was typed and whatever else is wrong', async () => {
    for (const payload of [{ external_id: 'u1', ...createPayload() }, { external_id: 'u1' }, {}]) {
      const { answer, bodies } = await call({ ...payload, require_verified: 'true' });
      expect(answer).toEqual({
        success: 'false',
        outcome: 'unverified',
        detail: 'The identity must be verified, and it is not.',
      });
      expect(bodies).toEqual([]);
    }
  });

  test('can be required for a whole node by the stage, whatever the payload says', async () => {
    stage.environment({ VERIFIED_NODES: 'Get-Profile, track-user' });
    const { answer } = await call({ external_id: 'u1', require_verified: 'false', ...createPayload() });
    expect(answer).toMatchObject({ outcome: 'unverified' });
    stage.environment({ VERIFIED_NODES: 'get-profile' });
    expect((await call({ external_id: 'u1', ...createPayload() })).answer).toEqual(SENT);
  });

  test('is misconfigured in a stage without a link_secret', async () => {
    stage.setParameter('link_secret');
    for (const payload of [{ signed_id: tokenFor('u1') }, { external_id: 'u1' }]) {
      const { answer, bodies } = await call({ ...payload, require_verified: 'true', ...createPayload() });
      expect(answer).toMatchObject({
        success: 'error',
        outcome: 'misconfigured',
        detail: 'The parameter /a-brand/sandbox/link_secret is missing or too short. The request was not kept.',
      });
      expect(bodies).toEqual([]);
    }
    const { answer } = await call({ signed_id: tokenFor('u1'), external_id: 'u2', ...createPayload() });
    expect(answer).toEqual({ ...SENT, BRAZE_IDENTITY: 'typed' });
  });

  test('is required even if the value is neither yes nor no', async () => {
    expect((await call({ external_id: 'u1', require_verified: 'perhaps', ...createPayload() })).answer).toMatchObject({
      outcome: 'unverified',
    });
    const { answer } = await call({ signed_id: tokenFor('u1'), require_verified: 'perhaps', ...createPayload() });
    expect(answer).toMatchObject({ outcome: 'partial', BRAZE_INVALID_FIELDS: 'require_verified' });
  });
});

describe('while SSM is down', () => {
  beforeEach(() => {
    stage.environment({ TIME_BUDGET_MS: '300' });
    stage.ssm.fault('down', 99);
  });

  test('a token that cannot be verified identifies no one, and its person is not replaced by another', async () => {
    const { answer, bodies } = await call({ signed_id: tokenFor('u1'), external_id: 'u2', ...createPayload() });
    expect(answer).toMatchObject({ outcome: 'unavailable', BRAZE_IDENTITY: 'typed' });
    expect([bodies, stage.undelivered.messages]).toEqual([[], []]);
  });

  test('a call without a token is queued as usual', async () => {
    const { answer } = await call({ signed_id: 'page', external_id: 'u2', ...createPayload() });
    expect(answer).toMatchObject({ outcome: 'queued', BRAZE_IDENTITY: 'typed' });
  });
});

test('session data do not contain the token', async () => {
  const token = tokenFor('u1');
  const send = (last_viewed_url: string) =>
    call(
      { signed_id: 'page', external_id: 'u1', event: { name: 'came' }, session: ['page', 'utm'] },
      { last_viewed_url },
    );
  const { bodies } = await send(`https://shop.example.com/chat?bz=${token}&utm_source=braze#bz=${token}`);
  expect(bodies).toMatchObject([
    { events: [{ external_id: 'u1', properties: { page: 'https://shop.example.com/chat', utm_source: 'braze' } }] },
  ]);
  for (const url of [
    `https://shop.example.com/chat&bz=${token}`,
    `https://shop.example.com/?utm_content=${encodeURIComponent(`https://shop.example.com/?bz=${token}`)}&bz=${token}`,
    `https://shop.example.com/?utm_term=${token}&bz=${token}`,
  ]) {
    expect((await send(url)).everything).not.toContain(token.slice(-64));
  }
});

test('a key that contains the token is left out, and reported without it', async () => {
  const token = tokenFor('u1');
  const { answer, log, bodies, everything } = await call({
    signed_id: token,
    [token]: 'page',
    attributes: { first_name: 'Ann', [token]: 'page' },
  });
  expect(answer).toMatchObject({ outcome: 'partial', BRAZE_INVALID_FIELDS: '…,attributes.…' });
  expect(log).toMatchObject({ invalid_reasons: { identity_token: 2 } });
  expect(bodies).toEqual([{ attributes: [{ external_id: 'u1', first_name: 'Ann' }], partner: 'pypestream' }]);
  expect(everything).not.toContain(token.slice(-64));
});

test('any other value that contains the token is left out, and reported', async () => {
  const token = tokenFor('u1');
  const link = `https://shop.example.com/?bz=${token}`;
  const { answer, log, bodies, everything } = await call({
    signed_id: token,
    attributes: { first_name: 'Ann', came_from: link, links: ['a', link], deep: { link } },
    event: { name: 'came', properties: { page_url: link } },
  });
  expect(answer).toMatchObject({
    outcome: 'partial',
    BRAZE_INVALID_FIELDS: 'attributes.came_from,attributes.links.1,attributes.deep.link,event.properties.page_url',
  });
  expect(log).toMatchObject({ invalid_reasons: { identity_token: 4 } });
  expect(bodies).toMatchObject([
    { attributes: [{ external_id: 'u1', first_name: 'Ann' }], events: [{ name: 'came' }] },
  ]);
  expect(everything).not.toContain(token.slice(-64));
});

test.each([
  ['full-width dots', (token: string) => token.replaceAll('.', '．')],
  ['percent-encoded dots', (token: string) => token.replaceAll('.', '%2E')],
  ['a joiner that free text may have', (token: string) => `${token.slice(0, -9)}\u200d${token.slice(-9)}`],
  ['an icon inside', (token: string) => `${token.slice(0, -9)}<<fa-x>>${token.slice(-9)}`],
])('a text that contains the token with %s is left out', async (_, spell) => {
  const token = tokenFor('u1');
  const { answer, everything } = await call({
    signed_id: token,
    attributes: { first_name: 'Ann', note: spell(token) },
  });
  expect(answer).toMatchObject({ outcome: 'partial', BRAZE_INVALID_FIELDS: 'attributes.note' });
  expect(everything).not.toContain(token.slice(-9));
});

describe('a node whose requests are not about a person', () => {
  const ITEM = { catalog_name: 'trips', item_id: 'paris-2', fields: ['name'] };
  const FOUND = { success: 'true', outcome: 'found', detail: 'Braze has the item.', BRAZE_NAME: 'Paris' };

  const lookUp = async (payload: object) => {
    const called = await call({ ...ITEM, ...payload }, {}, createHandler(getCatalogItem, stage.createRuntime()));
    return { ...called, requests: stage.braze.requests.map(({ path, query }) => [path, query]) };
  };

  test('sends the same request with a signed_id as without', async () => {
    const token = tokenFor('customer-20417');
    const { answer, log, requests, everything } = await lookUp({ signed_id: token });
    expect(answer).toEqual({ ...FOUND, BRAZE_IDENTITY: 'verified' });
    expect(log).toMatchObject({ identity: 'verified', invalid_fields: 0 });
    expect(requests).toEqual([['/catalogs/trips/items/paris-2', '']]);
    expect(everything).not.toMatch(/external_id|customer-20417/);
    expect(everything).not.toContain(token.slice(-64));
  });

  test('has the same answer if the signed_id proves nothing', async () => {
    const { answer } = await lookUp({ signed_id: tokenFor('customer-20417', -1) });
    expect(answer).toEqual({ ...FOUND, BRAZE_IDENTITY: 'typed' });
  });

  test('still sends nothing if a verified identity is required', async () => {
    expect((await lookUp({ require_verified: 'true' })).answer).toMatchObject({ outcome: 'unverified' });
    stage.environment({ VERIFIED_NODES: 'get-catalog-item' });
    const { answer, requests } = await lookUp({ signed_id: tokenFor('customer-20417', -1) });
    expect(answer).toMatchObject({ outcome: 'unverified' });
    expect(requests).toEqual([]);
    expect((await lookUp({ signed_id: tokenFor('customer-20417') })).answer).toMatchObject({ outcome: 'found' });
  });
});

test('a payload without signed_id has no BRAZE_IDENTITY', async () => {
  const { answer, log } = await call({ external_id: 'u1', ...createPayload() });
  expect(answer).toEqual(SENT);
  expect(log).not.toHaveProperty('identity');
});
