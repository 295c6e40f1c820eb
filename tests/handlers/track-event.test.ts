import { trackEvent } from '../../handlers/track-event.ts';
import { invoke, LEFT_OUT, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const time = '2026-05-01T10:00:00.000Z';

test('sends one event with its properties', async () => {
  const payload = { external_id: 'ann', name: ' chat ended ', time: '1777629600', properties: { rating: '5' } };
  const { answer, requests } = await invoke(local.stage, trackEvent, payload);
  expect(answer).toEqual(SENT);
  expect(requests).toEqual([
    {
      path: '/users/track',
      body: {
        events: [{ external_id: 'ann', name: 'chat ended', time, properties: { rating: '5' } }],
        partner: 'pypestream',
      },
    },
  ]);
});

test('adds the data of the session', async () => {
  const payload = { external_id: 'ann', name: 'came', time, session: ['operating_system', 'page'] };
  const { requests } = await invoke(local.stage, trackEvent, payload, {
    platform: 'Windows NT 10.0',
    last_viewed_url: 'https://shop.example.com/cart?token=secret',
  });
  expect(requests[0]?.body).toEqual({
    attributes: [{ external_id: 'ann', operating_system: 'Windows' }],
    events: [{ external_id: 'ann', name: 'came', time, properties: { page: 'https://shop.example.com/cart' } }],
    partner: 'pypestream',
  });
});

test('leaves out a reserved property', async () => {
  const { answer } = await invoke(local.stage, trackEvent, {
    external_id: 'ann',
    name: 'came',
    properties: { time: 'x' },
  });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'properties.time' });
});

test.each([
  ['no name', {}, 'name'],
  ['a name that Braze keeps for itself', { name: '$came' }, 'name'],
  ['a time that is none', { name: 'came', time: 'yesterday' }, 'time'],
  [
    'an order without its total',
    {
      name: 'ecommerce.order_placed',
      properties: {
        ...{ order_id: 'A-1', currency: 'EUR', source: 'chat' },
        products: [{ product_id: 'p', product_name: 'P', variant_id: 'v', quantity: '1', price: '2.50' }],
      },
    },
    'properties.total_value',
  ],
])('is invalid with %s, and sends nothing', async (_case, payload, BRAZE_INVALID_FIELDS) => {
  const { answer, requests } = await invoke(local.stage, trackEvent, { external_id: 'ann', ...payload });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS });
  expect(requests).toEqual([]);
});

test('turns the numbers of an order into numbers', async () => {
  const properties = {
    ...{ order_id: 'A-1', total_value: '2.50', currency: 'eur', source: 'chat' },
    products: [{ product_id: 'p', product_name: 'P', variant_id: 'v', quantity: '1', price: '2.50' }],
  };
  const { answer, requests } = await invoke(local.stage, trackEvent, {
    ...{ external_id: 'ann', name: 'ecommerce.order_placed', time, properties },
  });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body.events).toEqual([
    {
      ...{ external_id: 'ann', name: 'ecommerce.order_placed', time },
      properties: {
        ...{ order_id: 'A-1', total_value: 2.5, currency: 'EUR', source: 'chat' },
        products: [{ product_id: 'p', product_name: 'P', variant_id: 'v', quantity: 1, price: 2.5 }],
      },
    },
  ]);
});

test('reports the event that Braze rejects', async () => {
  local.stage.braze.fault('refused');
  const { answer } = await invoke(local.stage, trackEvent, { external_id: 'ann', name: 'came' });
  expect(answer).toMatchObject({ outcome: 'rejected', BRAZE_INVALID_FIELDS: 'event' });
});
