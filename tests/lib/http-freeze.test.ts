import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { sendOnce } from '../../lib/http.ts';

/** A server in another thread, because this one stands still: it closes each connection 100 ms after a response. */
const SERVER = `
const net = require('node:net');
const { parentPort } = require('node:worker_threads');
let requests = 0;
const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => {
    requests += 1;
    socket.write('HTTP/1.1 201 X\\r\\nContent-Length: 2\\r\\n\\r\\n{}');
    setTimeout(() => socket.destroy(), 100);
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
parentPort.on('message', () => parentPort.postMessage(requests));
`;

test('a request after a freeze does not use a connection that the server has closed meanwhile', async () => {
  const worker = new Worker(SERVER, { eval: true });
  const [port] = await once(worker, 'message');
  const send = () => sendOnce('POST', `http://127.0.0.1:${port}/`, {}, '{}', 5_000);
  expect(await send()).toMatchObject({ kind: 'response' });
  await sleep(20);
  // Blocks the thread, as Lambda stops a frozen environment.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
  const { kind } = await send();
  worker.postMessage('count');
  const [requests] = await once(worker, 'message');
  await worker.terminate();
  expect([kind, requests]).toEqual(['response', 2]);
});
