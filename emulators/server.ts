import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined when it was over the limit. */
  readonly body: Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: string;
}

export interface Exchange {
  readonly received: Received;
  send(answer: Answer): void;
  /** Resolves when the time is over; if the connection closes first, at once and false. */
  pause(ms: number): Promise<boolean>;
  /** Resets the connection, as a peer does that died. */
  reset(): void;
  /** Sends a status and then one byte after the other until the connection closes. */
  drip(answer: Answer): void;
}

export interface LoopbackServer {
  readonly url: string;
  /** Ends every connection, also those in the middle of an answer. */
  close(): Promise<void>;
}

const readBody = async (request: IncomingMessage, limit: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  // The rest is read, too: a client that is still writing would not see the answer.
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
};

const pause = (response: ServerResponse, ms: number): Promise<boolean> =>
  new Promise((resolve) => {
    const end = (inTime: boolean) => {
      clearTimeout(timer);
      response.off('close', closed);
      resolve(inTime);
    };
    const closed = () => end(false);
    const timer = setTimeout(() => end(true), ms);
    response.once('close', closed);
    if (response.destroyed) closed();
  });

const toExchange = (received: Received, response: ServerResponse): Exchange => ({
  received,
  send: ({ status, headers, body }) => {
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body);
  },
  pause: (ms) => pause(response, ms),
  reset: () => {
    response.socket?.resetAndDestroy();
  },
  drip: ({ status, headers, body }) => {
    response.writeHead(status, headers);
    let sent = 0;
    const timer = setInterval(() => {
      response.write(body[sent] ?? ' ');
      sent += 1;
    }, 20);
    response.once('close', () => clearInterval(timer));
  },
});

/** A server on 127.0.0.1, on a free port unless one is given, that hands every complete request to the listener. */
export const startServer = async (
  bodyLimit: number,
  listener: (exchange: Exchange) => Promise<void> | void,
  port = 0,
): Promise<LoopbackServer> => {
  const sockets = new Set<Socket>();

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const body = await readBody(request, bodyLimit);
    const received = { method: request.method ?? '', path, query, headers: request.headers, body };
    await listener(toExchange(received, response));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.destroyed || response.headersSent) return;
      response.writeHead(500).end(`The emulator itself failed: ${error instanceof Error ? error.stack : error}`);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
