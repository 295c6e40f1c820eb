import { startBraze } from '../../../emulators/braze/server.ts';
import { sendToBraze } from '../../../lib/braze/client.ts';
import { sendOnce } from '../../../lib/http.ts';

test('a request to Braze is one POST of JSON with the key in its header, and nothing in the query string', async () => {
  const braze = await startBraze({ apiKey: 'the-key' });
  const body = '{"attributes":[{"external_id":"ann","first_name":"Ann \u00e9"}]}';
  expect(
    await sendToBraze(sendOnce, { url: braze.url, apiKey: 'the-key' }, 'POST', 'users/track', body, 2_000),
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
