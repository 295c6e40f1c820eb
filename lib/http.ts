import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { afterArrivals } from './clock.ts';

/** The result of one request. `text` may repeat an API key or a payload, so it must not reach a log or an answer. */
export type HttpResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly text: string;
      /** False if the response was cut off after its status; then `text` is empty. */
      readonly complete: boolean;
    }
  /** Not processed: the request was not sent completely. */
  | { readonly kind: 'not_sent'; readonly cause: unknown }
  /** Perhaps processed: the request was sent, and no complete response came. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

/**
 * A connection that was idle for longer is not used again: the server may have closed it while Lambda had the
 * environment frozen. Measured with `Date.now`, which continues during the freeze.
 */
const MAX_IDLE_MS = 15_000;
const MAX_RESPONSE_BYTES = 4 * 1_024 * 1_024;

const idleSince = new WeakMap<object, number>();
/** Node's `reusedSocket` is false for a request that waited for another request's connection, so it cannot be used. */
const connectedSockets = new WeakSet<object>();

/** A batch of `redeliver` must not open a hundred connections at once, because each costs a TLS handshake. */
const OPTIONS = { keepAlive: true, maxSockets: 50 };

/** A way to send requests that records which of its connections are connected, and since when they are idle. */
const createTransport = <R, A extends http.Agent>(request: R, agent: A, connectEvent: 'connect' | 'secureConnect') => {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = createConnection(...args);
    // Not at the request, because a request can end before its connection is connected.
    socket?.once(connectEvent, () => connectedSockets.add(socket));
    return socket;
  };
  agent.on('free', (socket: Socket) => idleSince.set(socket, Date.now()));
  return { request, agent, connectEvent };
};

// `node:https` instead of `fetch`: the first use of `fetch` loads undici, which adds half of a bare handler's time to a
// cold start (docs/performance.md), and `fetch` does not show whether a failed request was sent.
const transports = {
  'http:': createTransport(http.request, new http.Agent(OPTIONS), 'connect'),
  'https:': createTransport(https.request, new https.Agent(OPTIONS), 'secureConnect'),
} as const;

/** The connections that have been idle for longer. */
const findIdleSockets = (agent: http.Agent, idleMs: number) => {
  const limit = Date.now() - idleMs;
  const sockets = Object.values(agent.freeSockets).flatMap((free = []) => free);
  return sockets.filter((socket) => Number(idleSince.get(socket)) < limit);
};

/** A connection that was idle for longer may have been closed by the server while Node could not see it. */
const MIN_FREEZE_MS = 100;

/**
 * Lets Node see which idle connections the server has closed while Lambda had the environment frozen: a request on one
 * of them would be in doubt, although nobody got it.
 */
const detectClosedSockets = async (agent: http.Agent): Promise<void> => {
  if (findIdleSockets(agent, MIN_FREEZE_MS).length === 0) return;
  // The first turn reads the end of a connection, the second one closes it.
  await new Promise<void>((resolve) => afterArrivals(() => afterArrivals(resolve)));
};

/** A failed write means that the server got an incomplete request, which it cannot have processed. */
const isWriteError = (error: NodeJS.ErrnoException): boolean => error.syscall === 'write';

/**
 * Sends one request, once: no retry, no redirect. It never rejects. `timeoutMs` covers everything from the DNS look-up
 * to the last byte of the response; `signal` can end the request earlier.
 */
export type SendOnce = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
  timeoutMs: number,
  signal?: AbortSignal,
) => Promise<HttpResult>;

export const sendOnce: SendOnce = async (method, url, headers, body, timeoutMs, signal) => {
  const { request, agent, connectEvent } = transports[url.startsWith('http:') ? 'http:' : 'https:'];
  await detectClosedSockets(agent);
  return new Promise((resolve) => {
    for (const socket of findIdleSockets(agent, MAX_IDLE_MS)) socket.destroy();
    let requestSent = false;
    let answer: { readonly status: number; readonly headers: http.IncomingHttpHeaders } | undefined;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method, agent, headers: { ...headers, ...length }, signal });
    let isSettled = false;
    const abort = () => {
      if (isSettled) return;
      outgoing.destroy();
      fail(new DOMException('The response did not arrive in time.', 'TimeoutError'));
    };
    const timer = setTimeout(() => afterArrivals(abort), timeoutMs);
    const settle = (reply: HttpResult) => {
      isSettled = true;
      clearTimeout(timer);
      resolve(reply);
    };

    outgoing.on('socket', (socket) => {
      // Node buffers writes until the socket is connected.
      if (connectedSockets.has(socket)) requestSent = true;
      else {
        socket.once(connectEvent, () => {
          requestSent = true;
        });
      }
    });
    const fail = (cause: Error) => {
      // An error status is enough. The body of a success is needed: it lists rejected objects.
      if (answer !== undefined && answer.status >= 300)
        return settle({ kind: 'response', ...answer, text: '', complete: false });
      const mayBeProcessed = answer !== undefined || (requestSent && !isWriteError(cause));
      settle({ kind: mayBeProcessed ? 'unknown' : 'not_sent', cause });
    };
    // Either event can report a response that was cut off, and their order varies.
    outgoing.on('error', fail);
    outgoing.on('close', () => {
      if (answer === undefined) fail(new Error('The connection was closed before a response.'));
    });
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      answer = { status, headers };
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_RESPONSE_BYTES) incoming.destroy(new Error('The response is too large.'));
        else chunks.push(chunk);
      });
      incoming.on('end', () =>
        settle({ kind: 'response', status, headers, text: Buffer.concat(chunks).toString(), complete: true }),
      );
      incoming.on('error', fail);
    });
    outgoing.end(body);
  });
};
