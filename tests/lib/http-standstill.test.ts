import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createDeadline, withDeadline } from '../../lib/deadline.ts';
import { sendOnce } from '../../lib/http.ts';

let counted: Int32Array;
let server: Worker;
let url: string;

/** Stops the event loop of this thread, as Lambda does, until the server has counted to a number: no event is seen meanwhile. */
const standStillUntil = (count: number) => {
  for (let seen = 0; seen < count; seen = Atomics.load(counted, 0)) Atomics.wait(counted, 0, seen, 60_000);
};
const track = (timeoutMs: number) => sendOnce('POST', url, {}, '{}', timeoutMs);

beforeEach(async () => {
  counted = new Int32Array(new SharedArrayBuffer(4));
  server = new Worker(new URL('../support/threaded-server.mjs', import.meta.url), { workerData: counted });
  const [port] = await once(server, 'message');
  url = `http://127.0.0.1:${port}`;
  expect(await track(60_000)).toMatchObject({ kind: 'response' });
});
afterEach(async () => {
  jest.useRealTimers();
  await server.terminate();
});

describe('after the process was suspended', () => {
  test('a request that cannot be written, because the connection was reset meanwhile, was not processed', async () => {
    server.postMessage('reset');
    standStillUntil(2);
    expect(await track(60_000)).toMatchObject({ kind: 'not_sent', cause: { syscall: 'write' } });
  });

  test('a response that arrived meanwhile counts, although its timeout and the deadline have passed', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    const answering = withDeadline(createDeadline(100), track(100), () => 'late');
    await new Promise((resolve) => setImmediate(resolve));
    standStillUntil(2);
    jest.advanceTimersByTime(100);
    expect(await answering).toMatchObject({ kind: 'response', text: '{"message":"success"}' });
  });
});
