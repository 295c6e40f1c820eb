import { getCatalogItem } from '../../handlers/get-catalog-item.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { whileBrazeAnswers } from '../support/answering-braze.ts';
import { invoke, invokeAgain, REQUIRED, stageForTests } from '../support/invoke.ts';

const PARIS = {
  id: 'paris-2',
  name: 'Paris by night',
  price: 49.5,
  on_sale: false,
  hotel: { stars: 3 },
  tags: ['city'],
};
const local = stageForTests({ catalogs: { trips: [PARIS, { id: '7', name: 'Rome' }] } });
const fields = ['name', 'price'];

const ask = (payload: object) => invoke(local.stage, getCatalogItem, { catalog_name: 'trips', fields, ...payload });

test('returns the fields that the flow asks for, as text', async () => {
  const { answer, targets } = await ask({
    item_id: ' <<far fa-train>> paris-2 ',
    fields: [...fields, 'on_sale', 'hotel', 'hotel.stars', 'tags', 'id', 'no such'],
  });
  expect(targets).toEqual(['GET /catalogs/trips/items/paris-2']);
  expect(answer).toEqual({
    ...{ success: 'true', outcome: 'found', detail: 'Braze has the item.' },
    ...{ BRAZE_NAME: 'Paris by night', BRAZE_PRICE: '49.5', BRAZE_ON_SALE: 'false', BRAZE_HOTEL: '{"stars":3}' },
    ...{ BRAZE_HOTEL_STARS: '3', BRAZE_TAGS: '["city"]', BRAZE_ID: 'paris-2', BRAZE_NO_SUCH: '' },
  });
});

test('takes an id that is a number', async () => {
  expect((await ask({ item_id: 7 })).answer).toMatchObject({ outcome: 'found', BRAZE_NAME: 'Rome', BRAZE_PRICE: '' });
});

test.each([
  ['item', { item_id: 'paris-3' }],
  ['catalog', { item_id: 'paris-2', catalog_name: 'hotels' }],
])('answers not_found if there is no such %s', async (_what, payload) => {
  expect((await ask(payload)).answer).toEqual({
    ...{ success: 'false', outcome: 'not_found', detail: 'Braze has no such item, or no such catalog.' },
  });
});

test('needs no identifier, and reports one as an unknown key', async () => {
  const { answer } = await ask({ item_id: 'paris-2', external_id: 'ann', email: 'ann@example.com', strict: 'no' });
  expect(answer).toMatchObject({ outcome: 'found', BRAZE_INVALID_FIELDS: 'external_id,email' });
  const strict = await ask({ item_id: 'paris-2', external_id: 'ann', strict: 'yes' });
  expect(strict.answer).toMatchObject({ outcome: 'invalid' });
  expect(strict.targets).toEqual([]);
});

test.each([
  ['item_id', { item_id: undefined }],
  ['item_id', { item_id: 'x'.repeat(256) }],
  ['catalog_name', { item_id: 'paris-2', catalog_name: '{CATALOG}' }],
  ['fields', { item_id: 'paris-2', fields: undefined }],
])('is invalid without a valid %s, and sends no request', async (name, payload) => {
  const { answer, targets } = await ask(payload);
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: name });
  expect(targets).toEqual([]);
});

test.each(['..', '.', '../../users/delete', 'x/../../../users/track'])(
  'an id %j reaches no other endpoint: it is invalid',
  async (item_id) => {
    const { answer, targets } = await ask({ item_id });
    expect(answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: 'item_id' });
    expect(targets).toEqual([]);
  },
);

test.each(['a/b', 'x?y=1', 'x#y', '%2e%2e', 'http://evil.example/', '@evil.example'])(
  'sends the id %j as one segment of the path',
  async (item_id) => {
    const { answer, targets } = await ask({ item_id });
    expect(targets).toEqual([`GET /catalogs/trips/items/${encodeURIComponent(item_id)}`]);
    expect(answer).toMatchObject({ outcome: 'not_found' });
  },
);

test('reports a field whose key every answer has for itself', async () => {
  const payload = { item_id: 'paris-2', fields: ['identity', 'invalid_fields', 'name', 'NAME', '', { a: 1 }] };
  expect((await ask(payload)).answer).toEqual({
    ...{ success: 'true', outcome: 'found', detail: 'Braze has the item.' },
    ...{ BRAZE_NAME: 'Paris by night', BRAZE_INVALID_FIELDS: 'fields.0,fields.1,fields.5,fields.3' },
  });
});

test('caches an answer for a minute, whichever of its fields is asked for', async () => {
  const node = createHandler(getCatalogItem, local.stage.createRuntime());
  const again = (payload: object) => invokeAgain(local.stage, node, { catalog_name: 'trips', fields, ...payload });
  expect((await again({ item_id: 'paris-2' })).targets).toHaveLength(1);
  const { answer, targets } = await again({ item_id: 'paris-2', fields: ['on_sale'] });
  expect(answer).toMatchObject({ outcome: 'found', BRAZE_ON_SALE: 'false' });
  expect(targets).toEqual([]);
  expect((await again({ item_id: 'rome' })).targets).toHaveLength(1);
  expect((await again({ item_id: 'rome' })).answer).toMatchObject({ outcome: 'not_found' });
  const { text } = await local.stage.capture(() =>
    node({ payload: { catalog_name: 'trips', item_id: 'rome', fields } }),
  );
  expect(JSON.parse(text)).toMatchObject({ outcome: 'not_found', cached: true, attempts: 0 });
  expect(text).not.toMatch(/rome|trips/);

  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now + 61_000);
  try {
    expect((await again({ item_id: 'paris-2' })).targets).toHaveLength(1);
  } finally {
    jest.restoreAllMocks();
  }
});

test('does not cache a failure', async () => {
  const node = createHandler(getCatalogItem, local.stage.createRuntime());
  const again = () => invokeAgain(local.stage, node, { catalog_name: 'trips', item_id: 'paris-2', fields });
  for (const fault of ['503', 'html', '413', '404'] as const) {
    local.stage.braze.fault(fault);
    expect((await again()).answer.success).toBe('error');
    local.stage.braze.clearFaults();
  }
  expect((await again()).answer).toMatchObject({ outcome: 'found' });
  expect([...local.stage.undelivered.messages, ...local.stage.deadLetters.messages]).toEqual([]);
});

test.each([
  ['no items', 200, '{"message":"success"}', 'unavailable'],
  ['an empty list', 200, '{"message":"success","items":[]}', 'unavailable'],
  ['no object', 200, '{"message":"success","items":["paris-2"]}', 'unavailable'],
  ['no JSON', 200, 'Paris', 'unavailable'],
  ['more than anybody reads', 200, `{"message":"success","items":[{"id":"${'x'.repeat(5_000_000)}"}]}`, 'unavailable'],
  ['another 404', 404, '{"message":"Invalid URL"}', 'misconfigured'],
  ['a 404 of another kind', 404, '{"errors":[{"id":"something-else"}]}', 'misconfigured'],
])('if Braze answers with %s, the outcome is %4$s', async (_what, status, body, outcome) => {
  const answers = await whileBrazeAnswers(local.stage, { status, body }, () => ask({ item_id: 'paris-2' }));
  expect(answers.answer).toMatchObject({ success: 'error', outcome });
});
