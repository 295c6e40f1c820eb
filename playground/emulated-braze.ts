import type { Braze } from '../emulators/braze/gateway.ts';
import { sleep } from '../lib/clock.ts';
import type { HttpResult, SendOnce } from '../lib/http.ts';

/** An emulated Braze at the other end of the connection, or nobody. */
export type Peer = Braze | 'down';

const timeOut = async (timeoutMs: number): Promise<HttpResult> => {
  await sleep(timeoutMs);
  return { kind: 'unknown', cause: new DOMException('No answer in time.', 'TimeoutError') };
};

/** Sends requests to an emulated Braze in memory, never to a network. Those that find nobody go to `onRefused`. */
export const connectTo =
  (findPeer: () => Peer, onRefused: (method: string, path: string, body: string | undefined) => void): SendOnce =>
  async (method, url, headers, body, timeoutMs) => {
    const peer = findPeer();
    const { pathname, search } = new URL(url);
    if (peer === 'down') {
      onRefused(method, pathname + search, body);
      return { kind: 'not_sent', cause: new Error('The connection was refused.') };
    }
    const reaction = peer.receive({
      method,
      path: pathname,
      query: search.slice(1),
      headers,
      body: new TextEncoder().encode(body),
    });
    switch (reaction.kind) {
      case 'response': {
        if (reaction.delayMs > timeoutMs) return timeOut(timeoutMs);
        await sleep(reaction.delayMs);
        const { status, headers: given, body: text } = reaction.result;
        const lowerCase = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
        return { kind: 'response', status, headers: lowerCase, text, complete: true };
      }
      case 'reset':
        return { kind: 'unknown', cause: new Error('The connection was reset.') };
      case 'hang':
      case 'drip':
        return timeOut(timeoutMs);
    }
  };
