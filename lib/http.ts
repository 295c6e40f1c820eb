import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** What came of one request. The text is the other side's own: it may repeat a key or what was sent, so it goes no further. */
export type HttpResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly text: string;
      /** False where the answer was cut off after its status; then there is no text. */
      readonly complete: boolean;
    }
  /** Surely not processed: the whole request never left. */
  | { readonly kind: 'not_sent'; readonly cause: unknown }
  /** Perhaps processed: it was sent, and no whole answer came. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

/**
 * A connection that has idled longer is not used again. This clock runs on while Lambda has the environment frozen, so
 * that nothing is written to a connection which the other side has closed meanwhile.
 */
const MAX_IDLE_MS = 15_000;
const MAX_RESPONSE_BYTES = 4 * 1_024 * 1_024;

const idleSince = new WeakMap<object, number>();
/** `reusedSocket` would not do: it is false where a request has waited for another one's connection. */
const connectedSockets = new WeakSet<object>();

/** So many connections a host: a batch of redeliver must not open a hundred at once, for each costs a TLS handshake. */
const OPTIONS = { keepAlive: true, maxSockets: 50 };

const trackIdleSince = <A extends http.Agent>(agent: A): A =>
  agent.on('free', (socket: Socket) => idleSince.set(socket, Date.now()));

// `node:https` and not `fetch`: the first use of the global `fetch` loads all of undici, which costs a cold start half
// of what a bare handler takes (docs/performance.md), and it does not tell whether a failed request had left.
const agents = {
  'http:': { request: http.request, agent: trackIdleSince(new http.Agent(OPTIONS)), connectEvent: 'connect' },
  'https:': { request: https.request, agent: trackIdleSince(new https.Agent(OPTIONS)), connectEvent: 'secureConnect' },
} as const;

const closeIdleSockets = (agent: http.Agent): void => {
  const limit = Date.now() - MAX_IDLE_MS;
  for (const socket of Object.values(agent.freeSockets).flat()) {
    if (socket !== undefined && Number(idleSince.get(socket)) < limit) socket.destroy();
  }
};

/** A write that failed means a request that is not whole, and nobody processes such. */
const isWriteError = (error: NodeJS.ErrnoException): boolean => error.syscall === 'write';

/**
 * One request, one attempt, never a throw: the body as it is, if there is one, and no redirect followed. `timeoutMs`
 * holds for all of it, from the name look-up to the last byte of the response; `signal` can end it earlier.
 */
export type SendOnce = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
  timeoutMs: number,
  signal?: AbortSignal,
) => Promise<HttpResult>;

export const sendOnce: SendOnce = (method, url, headers, body, timeoutMs, signal) =>
  new Promise((resolve) => {
    const { request, agent, connectEvent } = agents[url.startsWith('http:') ? 'http:' : 'https:'];
    closeIdleSockets(agent);
    let requestSent = false;
    let answer: { readonly status: number; readonly headers: http.IncomingHttpHeaders } | undefined;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method, agent, headers: { ...headers, ...length }, signal });
    const timer = setTimeout(() => {
      outgoing.destroy();
      fail(new DOMException('No answer in time.', 'TimeoutError'));
    }, timeoutMs);
    const settle = (reply: HttpResult) => {
      clearTimeout(timer);
      resolve(reply);
    };

    outgoing.on('socket', (socket) => {
      // A new connection holds back what is written to it until it stands.
      if (connectedSockets.has(socket)) requestSent = true;
      else
        socket.once(connectEvent, () => {
          connectedSockets.add(socket);
          requestSent = true;
        });
    });
    const fail = (cause: Error) => {
      // An error status says what matters; a success without its whole text might hide refused objects.
      if (answer !== undefined && answer.status >= 300)
        return settle({ kind: 'response', ...answer, text: '', complete: false });
      const mayBeProcessed = answer !== undefined || (requestSent && !isWriteError(cause));
      settle({ kind: mayBeProcessed ? 'unknown' : 'not_sent', cause });
    };
    // Either of the two tells of an answer that was cut off, and not always the same one first.
    outgoing.on('error', fail);
    outgoing.on('close', () => {
      if (answer === undefined) fail(new Error('closed without an answer'));
    });
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      answer = { status, headers };
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_RESPONSE_BYTES) incoming.destroy(new Error('answer too large'));
        else chunks.push(chunk);
      });
      incoming.on('end', () =>
        settle({ kind: 'response', status, headers, text: Buffer.concat(chunks).toString(), complete: true }),
      );
      incoming.on('error', fail);
    });
    outgoing.end(body);
  });
