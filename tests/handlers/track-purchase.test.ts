import { trackPurchase } from '../../handlers/track-purchase.ts';
import { invoke, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const time = '2026-05-01T10:00:00.000Z';
const TRAIN = { external_id: 'ann', product_id: 'Night train', currency: 'eur', price: '59.90', time };

test('sends one purchase, its numbers as numbers', async () => {
  const { answer, requests } = await invoke(local.stage, trackPurchase, {
    ...TRAIN,
    quantity: '2',
    properties: { class: '1' },
  });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body).toEqual({
    purchases: [
      {
        ...{ external_id: 'ann', product_id: 'Night train', currency: 'EUR', price: 59.9, quantity: 2 },
        ...{ properties: { class: '1' }, time },
      },
    ],
    partner: 'pypestream',
  });
});

test.each([0, -12.5])('accepts the price %d', async (price) => {
  const { answer, requests } = await invoke(local.stage, trackPurchase, { ...TRAIN, price });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body.purchases).toMatchObject([{ price }]);
});

test.each([
  ['quantity', '101'],
  ['quantity', 'two'],
  ['product_id', 'None'],
  ['currency', 'Euro'],
  ['price', '1,250'],
  ['time', '2026-05-01T10:00:00'],
])('is invalid with an invalid %s, and sends nothing', async (name, value) => {
  const { answer, requests } = await invoke(local.stage, trackPurchase, { ...TRAIN, [name]: value });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: name });
  expect(requests).toEqual([]);
});

test('reports the purchase that Braze rejects', async () => {
  local.stage.braze.fault('refused');
  const { answer } = await invoke(local.stage, trackPurchase, TRAIN);
  expect(answer).toMatchObject({ outcome: 'rejected', BRAZE_INVALID_FIELDS: 'purchase' });
});
