// A server in a thread of its own, for a test that stops its own event loop: asked to, it resets the connections that were
// kept alive, and sets the number that the test waits for.
import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const sockets = new Set();
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"message":"success"}'));
});
server.on('connection', (socket) => sockets.add(socket));
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
parentPort.on('message', () => {
  for (const socket of sockets) {
    socket.once('close', () => {
      Atomics.store(workerData, 0, 1);
      Atomics.notify(workerData, 0);
    });
    socket.resetAndDestroy();
  }
});
