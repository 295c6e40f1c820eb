import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Fault } from '../../emulators/braze/faults.ts';
import { type BrazeEmulator, startBraze } from '../../emulators/braze/server.ts';
import { sleep } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http.ts';
import {
  answerText,
  CERTIFICATE,
  CLOSED_URL,
  type RawOptions,
  type RawServer,
  startRawServer,
} from '../support/raw-server.ts';
import { useVirtualTime } from '../support/virtual-time.ts';

useVirtualTime();

const KEY = 'the-key';
const HEADERS = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
const BODY = '{"attributes":[{"external_id":"ann","first_name":"Ann \u00e9"}]}';
const ACCEPTED = '{"message":"success","attributes_processed":1}';

let braze: BrazeEmulator;
let raw: RawServer | undefined;

beforeAll(async () => {
  braze = await startBraze({ apiKey: KEY });
});
beforeEach(() => braze.reset());
afterEach(async () => {
  jest.restoreAllMocks();
  await raw?.close();
  raw = undefined;
});
afterAll(() => braze.close());

const track = (limit = 2_000, url = braze.url) => sendOnce('POST', `${url}/users/track`, HEADERS, BODY, limit);
/** What became of a request that ended at once, and of the next one; and how many connections they needed. */
const trackAfterAnEndedRequest = async (url: string) => {
  const ended = await sendOnce('POST', url, HEADERS, BODY, 2_000, AbortSignal.abort());
  await sleep(50);
  return [ended.kind, (await track(2_000, url)).kind, raw?.connections];
};
const listen = async (options: RawOptions): Promise<string> => {
  raw = await startRawServer(options);
  return `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${raw.port}`;
};
const pending = (text: string) => listen({ onRequest: (socket) => socket.write(text) });

describe('a request', () => {
  test('reuses a connection that is kept alive', async () => {
    const url = await pending(answerText(201, ACCEPTED));
    await track(2_000, url);
    await track(2_000, url);
    expect(raw?.connections).toBe(1);
  });

  test('uses a new connection if the server has closed the last one', async () => {
    const url = await listen({ onRequest: (socket) => socket.end(answerText(201, ACCEPTED)) });
    expect(await track(2_000, url)).toMatchObject({ kind: 'response' });
    await sleep(20);
    expect(await track(2_000, url)).toMatchObject({ kind: 'response' });
    expect(raw?.connections).toBe(2);
  });

  test('uses a new connection if the last one was idle for more than 15 s', async () => {
    const url = await pending(answerText(201, ACCEPTED));
    await track(2_000, url);
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 14_000);
    await track(2_000, url);
    expect(raw?.connections).toBe(1);
    clock.mockReturnValue(now + 30_000);
    await track(2_000, url);
    expect(raw?.connections).toBe(2);
  });

  test('does not wait for others', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => track()));
    expect(replies.filter(({ kind }) => kind === 'response')).toHaveLength(20);
    expect(braze.requests).toHaveLength(20);
  });

  test('shares at most fifty connections', async () => {
    const url = await pending(answerText(201, ACCEPTED));
    const replies = await Promise.all(Array.from({ length: 60 }, () => track(2_000, url)));
    expect(replies.filter(({ kind }) => kind === 'response')).toHaveLength(60);
    expect(raw?.connections).toBe(50);
  });

  test('is sent completely if it is large', async () => {
    const json = JSON.stringify({ attributes: [{ external_id: 'ann', story: 'x'.repeat(3_000_000) }] });
    await sendOnce('POST', `${braze.url}/users/track`, HEADERS, json, 2_000);
    expect(braze.requests[0]?.body).toHaveLength(json.length);
  });
});

describe('a response', () => {
  test('has status, headers and text', async () => {
    braze.fault('401');
    expect(await track()).toEqual({
      kind: 'response',
      status: 401,
      complete: true,
      headers: expect.objectContaining({ 'x-ratelimit-limit': '', 'x-ratelimit-reset': '' }),
      text: '{"message":"Invalid API key: the-key"}',
    });
  });

  test.each<[Fault, number]>([
    ['403', 403],
    ['404', 404],
    ['413', 413],
    ['429', 429],
    ['500', 500],
    ['502', 502],
    ['503', 503],
    ['504', 504],
  ])('can have the status %s', async (fault, status) => {
    braze.fault(fault);
    expect(await track()).toMatchObject({ kind: 'response', status });
  });

  test('can redirect, which is not followed', async () => {
    braze.fault('redirect');
    expect(await track()).toMatchObject({ kind: 'response', status: 302 });
    expect(braze.requests).toHaveLength(1);
  });

  test('can arrive before the request is complete', async () => {
    const url = await listen({ onConnection: (socket) => socket.write(answerText(413, 'too large')) });
    expect(await track(2_000, url)).toMatchObject({ kind: 'response', status: 413, text: 'too large' });
  });

  test('ends with its connection if it has no length', async () => {
    const url = await listen({ onRequest: (socket) => socket.end(`HTTP/1.1 201 X\r\n\r\n${ACCEPTED}`) });
    expect(await track(2_000, url)).toMatchObject({ kind: 'response', status: 201, text: ACCEPTED });
  });

  test('can follow an informational response', async () => {
    const url = await pending(`HTTP/1.1 103 Early Hints\r\n\r\n${answerText(201, ACCEPTED)}`);
    expect(await track(2_000, url)).toMatchObject({ kind: 'response', status: 201, text: ACCEPTED });
  });
});

describe('a response that is cut off', () => {
  const half = (status: number) => `HTTP/1.1 ${status} X\r\nContent-Length: 100\r\n\r\n{"message":"success"`;

  test.each([
    ['ends', (socket: Socket, text: string) => socket.end(text)],
    [
      'is reset',
      (socket: Socket, text: string) => socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    ],
    ['stalls', (socket: Socket, text: string) => socket.write(text)],
  ])('is unknown after a success status, and enough after an error status (it %s)', async (_, cut) => {
    const success = await listen({ onRequest: (socket) => cut(socket, half(201)) });
    expect(await track(100, success)).toMatchObject({ kind: 'unknown' });
    await raw?.close();
    for (const status of [400, 429, 503]) {
      const error = await listen({ onRequest: (socket) => cut(socket, half(status)) });
      expect(await track(100, error)).toMatchObject({ kind: 'response', status, text: '' });
      await raw?.close();
    }
    raw = undefined;
  });

  test.each([
    [201, { kind: 'unknown' }],
    [400, { kind: 'response', status: 400 }],
  ])('counts as cut off if it is too large, with %d', async (status, expected) => {
    const url = await pending(answerText(status, 'x'.repeat(5_000_000)));
    expect(await track(2_000, url)).toMatchObject(expected);
  });
});

describe('a request that was not processed', () => {
  test('went to a closed port', async () => {
    expect(await track(2_000, CLOSED_URL)).toMatchObject({
      kind: 'not_sent',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  test('went to an unknown host name', async () => {
    expect(await track(2_000, `https://${'a'.repeat(64)}.invalid`)).toMatchObject({ kind: 'not_sent' });
  });

  test('went to a server with an untrusted certificate', async () => {
    const url = await listen({
      tls: CERTIFICATE,
      onRequest: (socket) => socket.write(answerText(201, ACCEPTED)),
    });
    expect(await track(2_000, url)).toMatchObject({
      kind: 'not_sent',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    expect(raw?.received).toBe('');
  });

  test('went to a server without TLS', async () => {
    const url = await listen({ onConnection: (socket) => socket.end('SSH-2.0-OpenSSH\r\n') });
    expect(await track(2_000, url.replace('http', 'https'))).toMatchObject({ kind: 'not_sent' });
  });

  test('went to a server that does not answer the handshake', async () => {
    const url = await listen({});
    expect(await track(100, url.replace('http', 'https'))).toMatchObject({ kind: 'not_sent' });
  });
});

describe('a request that may have been processed', () => {
  test.each<Fault>(['hang', 'hang-after', 'drip', 'drip-after'])('met the fault %s', async (fault) => {
    braze.fault(fault);
    expect(await track(100)).toMatchObject({ kind: 'unknown', cause: { name: 'TimeoutError' } });
  });

  test.each<Fault>(['reset', 'reset-after'])('met the fault %s', async (fault) => {
    braze.fault(fault);
    expect(await track()).toMatchObject({ kind: 'unknown', cause: { code: 'ECONNRESET' } });
  });

  test('was followed by the end of the connection', async () => {
    const url = await listen({ onRequest: (socket) => socket.end() });
    expect(await track(2_000, url)).toMatchObject({ kind: 'unknown', cause: { code: 'ECONNRESET' } });
  });

  test('used a connection that was kept alive and then reset', async () => {
    const url = await listen({
      onRequest: (socket, nth) => (nth === 1 ? socket.write(answerText(201, ACCEPTED)) : socket.resetAndDestroy()),
    });
    await track(2_000, url);
    expect(await track(2_000, url)).toMatchObject({ kind: 'unknown', cause: { code: 'ECONNRESET' } });
    expect(raw?.connections).toBe(1);
  });

  test('used a connection that was made for a request that had ended before', async () => {
    const url = await listen({ onRequest: (socket) => socket.destroy() });
    expect(await trackAfterAnEndedRequest(url)).toEqual(['not_sent', 'unknown', 1]);
  });

  test('waited for another request’s connection, which then broke', async () => {
    const served = new Set<object>();
    const url = await listen({
      onRequest: (socket) => {
        if (served.has(socket)) socket.destroy();
        else socket.write(answerText(201, ACCEPTED));
        served.add(socket);
      },
    });
    const replies = await Promise.all(Array.from({ length: 60 }, () => track(2_000, url)));
    expect(new Set(replies.map(({ kind }) => kind))).toEqual(new Set(['response', 'unknown']));
  });

  test('got a response that is not HTTP', async () => {
    const url = await pending('SSH-2.0-OpenSSH\r\n\r\n');
    expect(await track(2_000, url)).toMatchObject({ kind: 'unknown' });
  });

  test('got headers byte by byte', async () => {
    const url = await listen({
      onRequest: (socket) => {
        const timer = setInterval(() => socket.write('X'), 10);
        socket.once('close', () => clearInterval(timer));
        socket.write('HTTP/1.1 201 X\r\nX-Slow: ');
      },
    });
    expect(await track(100, url)).toMatchObject({ kind: 'unknown', cause: { name: 'TimeoutError' } });
  });
});

describe('over TLS', () => {
  const trusted = tls.getCACertificates('default');
  beforeAll(() => tls.setDefaultCACertificates([...trusted, CERTIFICATE.cert]));
  afterAll(() => tls.setDefaultCACertificates(trusted));

  test('a response is the same as without', async () => {
    const url = await listen({ tls: CERTIFICATE, onRequest: (socket) => socket.write(answerText(201, ACCEPTED)) });
    expect(await track(2_000, url)).toMatchObject({ kind: 'response', status: 201, text: ACCEPTED });
    expect(raw?.received).toContain('authorization: Bearer the-key\r\n');
  });

  test('a request may have been processed whose connection was made for one that had ended before', async () => {
    const url = await listen({ tls: CERTIFICATE, onRequest: (socket) => socket.destroy() });
    expect(await trackAfterAnEndedRequest(url)).toEqual(['not_sent', 'unknown', 1]);
  });

  test('a request that was sent and got no response may have been processed', async () => {
    const url = await listen({ tls: CERTIFICATE });
    expect(await track(150, url)).toMatchObject({ kind: 'unknown' });
    expect(raw?.received).toContain(BODY);
  });
});

test('leaves nothing that would keep the process alive', async () => {
  const url = await pending(answerText(201, ACCEPTED));
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await track(60_000, url);
  expect(timers()).toBeLessThanOrEqual(before);
});

test('no error contains the key', async () => {
  const url = await listen({ onRequest: (socket) => socket.end(`${KEY} is no key\r\n\r\n`) });
  const reply = await track(2_000, url);
  expect(reply.kind).toBe('unknown');
  expect(JSON.stringify(reply, Object.getOwnPropertyNames(Object(Reflect.get(reply, 'cause'))))).not.toContain(KEY);
  expect(String(Reflect.get(Object(Reflect.get(reply, 'cause')), 'stack'))).not.toContain(KEY);
});
