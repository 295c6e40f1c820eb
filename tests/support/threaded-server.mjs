// A server in a thread of its own, for tests that stop their own event loop. It counts in the shared number that it is
// given: each answer it has written, and each connection that it has reset because it was asked to.
import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const count = () => {
  Atomics.add(workerData, 0, 1);
  Atomics.notify(workerData, 0);
};

const sockets = new Set();
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"message":"success"}', count));
});
server.on('connection', (socket) => sockets.add(socket.once('close', count)));
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
parentPort.on('message', () => {
  for (const socket of sockets) socket.resetAndDestroy();
});
