import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';

const pem = readFileSync(new URL('loopback.pem', import.meta.url), 'utf8');
/** Self-signed, for 127.0.0.1, valid from 2020 to 2120. */
export const CERTIFICATE = { key: pem, cert: pem };

export interface RawServer {
  readonly port: number;
  /** How many connections were made. */
  readonly connections: number;
  /** All that was written, over all connections. */
  readonly received: string;
  close(): Promise<void>;
}

export interface RawOptions {
  /** Called once for each whole request, counted from 1 over all connections. */
  readonly onRequest?: (socket: Socket, nth: number) => void;
  readonly onConnection?: (socket: Socket) => void;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const isWhole = (text: string): boolean => {
  const [head = '', body] = text.split('\r\n\r\n', 2);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return body !== undefined && Buffer.byteLength(body) >= length;
};

/** A server on a free loopback port that does only what it is told: for what no HTTP server would do. */
export const startRawServer = async ({ onRequest, onConnection, tls: secrets }: RawOptions): Promise<RawServer> => {
  const sockets = new Set<Socket>();
  let connections = 0;
  let received = '';
  let requests = 0;
  const listener = (socket: Socket) => {
    connections += 1;
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk;
      text += chunk;
      if (!isWhole(text)) return;
      text = '';
      requests += 1;
      onRequest?.(socket, requests);
    });
    onConnection?.(socket);
  };
  const server = secrets === undefined ? net.createServer(listener) : tls.createServer(secrets, listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    port: address.port,
    get connections() {
      return connections;
    },
    get received() {
      return received;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
};

/** An answer as it goes over the wire. */
export const answerText = (status: number, body: string, headers: readonly string[] = []): string =>
  [`HTTP/1.1 ${status} X`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers, '', body].join('\r\n');

/** Nobody listens there: no server that asks for any free port gets one below 1,024, as it may one that was just closed. */
export const CLOSED_URL = 'http://127.0.0.1:1';
