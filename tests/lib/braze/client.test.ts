import { startBraze } from '../../../emulators/braze/server.ts';
import { sendToBraze } from '../../../lib/braze/client.ts';
import { sendOnce } from '../../../lib/http.ts';

test('sends one POST of JSON with the key in its header and without a query', async () => {
  const braze = await startBraze({ apiKey: 'the-key' });
  const body = '{"attributes":[{"external_id":"ann","first_name":"Ann \u00e9"}]}';
  expect(
    await sendToBraze(
      sendOnce,
      { url: braze.url, apiKey: 'the-key' },
      { method: 'POST', path: 'users/track', json: body },
      2_000,
    ),
  ).toMatchObject({
    kind: 'response',
    status: 201,
    text: '{"message":"success","attributes_processed":1}',
  });
  expect(braze.requests).toMatchObject([
    {
      method: 'POST',
      path: '/users/track',
      query: '',
      body,
      headers: { authorization: 'Bearer the-key', 'content-type': 'application/json', 'content-length': '60' },
    },
  ]);
  await braze.close();
});

test('sends a GET without a body, with only its parameters in the query', async () => {
  const braze = await startBraze({ apiKey: 'the-key' });
  const query = 'subscription_group_id=0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11&phone=%2B14155550100';
  const outgoing = { method: 'GET', path: 'subscription/status/get', query, json: undefined } as const;
  expect(await sendToBraze(sendOnce, { url: braze.url, apiKey: 'the-key' }, outgoing, 2_000)).toMatchObject({
    kind: 'response',
    status: 200,
    text: '{"status":{"+14155550100":"Unknown"},"message":"success"}',
  });
  const [{ headers, ...request } = { headers: {} }] = braze.requests;
  expect(request).toMatchObject({ method: 'GET', path: '/subscription/status/get', query, body: '' });
  expect(Object.keys(headers).filter((name) => name.startsWith('content'))).toEqual([]);
  await braze.close();
});
