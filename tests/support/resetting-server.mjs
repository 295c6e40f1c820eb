// A server in a process of its own, for a test that stops its own event loop: it answers one request, and after 50 ms
// resets the connection that was kept alive.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.end('{"message":"success"}');
    setTimeout(() => request.socket.resetAndDestroy(), 50);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
