import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sendOnce } from '../../lib/http.ts';

test('a request that cannot be written, because the connection was reset while nobody looked, was not processed', async () => {
  const isReset = new Int32Array(new SharedArrayBuffer(4));
  const server = new Worker(new URL('../support/resetting-server.mjs', import.meta.url), { workerData: isReset });
  const [port] = await once(server, 'message');
  const track = () => sendOnce('POST', `http://127.0.0.1:${port}`, {}, '{}', 60_000);
  expect(await track()).toMatchObject({ kind: 'response' });
  server.postMessage('reset');
  // As in an environment that is frozen: no event is seen meanwhile.
  Atomics.wait(isReset, 0, 0);
  expect(await track()).toMatchObject({ kind: 'not_sent', cause: { syscall: 'write' } });
  await server.terminate();
});
