import type { OutgoingHttpHeaders } from 'node:http';
import { isArray, isObject, type JsonObject } from '../json.ts';
import type { Exchange } from '../server.ts';
import { html, type Result, reply } from './answer.ts';
import type { Refusing } from './endpoint.ts';
import { EMPTY_RATE_HEADERS, rateHeaders } from './rate-limit.ts';

type Status = '401' | '403' | '404' | '413' | '429' | '500' | '502' | '503' | '504';
type Twist = 'partial' | 'partial-text' | 'refused' | 'odd-message' | 'queued' | 'redirect';
type Silence = 'hang' | 'reset' | 'drip' | 'html';
/** Faults that may also happen to a request that was processed. */
type Ambiguous = '500' | '502' | '504' | Silence;
/** How a 429 says when to come back. */
export type RetryHint =
  | 'x-ratelimit-retry-after'
  | 'retry-after'
  | 'retry-after-date'
  | 'reset-epoch'
  | 'reset-delta'
  | 'empty'
  | 'none';

/** One word each, so that a command line can say it; `429:retry-after:2` is a hint of two seconds. */
export type Fault =
  | Status
  | Twist
  | Silence
  | `${Ambiguous}-after`
  | `429:${RetryHint}`
  | `429:${RetryHint}:${number}`
  | `slow:${number}`;

/** A request on its way through a fault. */
export interface Faulted {
  readonly exchange: Exchange;
  readonly now: number;
  readonly key: string;
  /** Does what the request asks for and says what Braze would answer. */
  process(refusing?: Refusing): Result;
  answer(result: Result): Promise<void> | void;
}

type Effect = (request: Faulted) => Promise<void> | void;

const hints: Record<RetryHint, (seconds: number, now: number) => OutgoingHttpHeaders> = {
  'x-ratelimit-retry-after': (seconds) => ({ 'X-Ratelimit-Retry-After': String(seconds) }),
  'retry-after': (seconds) => ({ 'Retry-After': String(seconds) }),
  'retry-after-date': (seconds, now) => ({ 'Retry-After': new Date(now + seconds * 1000).toUTCString() }),
  'reset-epoch': (seconds, now) => rateHeaders({ limit: 3_000, remaining: 0, reset: Math.ceil(now / 1000) + seconds }),
  'reset-delta': (seconds) => rateHeaders({ limit: 3_000, remaining: 0, reset: seconds }),
  empty: () => EMPTY_RATE_HEADERS,
  none: () => ({}),
};

const isHint = (word: string): word is RetryHint => Object.hasOwn(hints, word);

const always =
  (result: Result): Effect =>
  ({ answer }) =>
    answer(result);

/** Processes, then changes what a success says. */
const twisted =
  (refusing: Refusing, twist: (body: JsonObject) => Result): Effect =>
  ({ process, answer }) => {
    const result = process(refusing);
    const isOurs = isObject(result.body) && (result.status < 300 || refusing === 'all');
    return answer(isOurs && isObject(result.body) ? { ...twist(result.body), headers: result.headers } : result);
  };

const asText = (body: JsonObject): JsonObject => {
  const errors = isArray(body.errors) ? body.errors.filter(isObject) : [];
  return { ...body, errors: errors.map(({ type = '' }) => type) };
};

const PAGE = '<html><head><title>Please wait</title></head><body>Checking your browser</body></html>';
const DRIPPING = { status: 201, headers: { 'Content-Type': 'application/json' }, body: '{"message":"success"' };

const effects = new Map<string, Effect>([
  ['401', ({ key, answer }) => answer(reply(401, { message: `Invalid API key: ${key}` }, EMPTY_RATE_HEADERS))],
  ['403', always(reply(403, { message: 'Access Denied' }))],
  ['404', always(reply(404, { message: 'Not Found' }))],
  ['413', always(html(413, '413 Request Entity Too Large'))],
  ['500', always(reply(500, { message: 'Internal Server Error' }))],
  ['502', always(html(502, '502 Bad Gateway'))],
  ['503', always({ status: 503, headers: {}, body: '' })],
  ['504', always(html(504, '504 Gateway Time-out'))],
  ['hang', () => {}],
  ['reset', ({ exchange }) => exchange.reset()],
  ['drip', ({ exchange }) => exchange.drip(DRIPPING)],
  ['html', always({ status: 200, headers: { 'Content-Type': 'text/html' }, body: PAGE })],
  ['redirect', always(reply(302, { message: 'Found' }, { Location: '/elsewhere' }))],
  ['partial', ({ process, answer }) => answer(process('first'))],
  ['partial-text', twisted('first', (body) => reply(201, asText(body)))],
  ['refused', twisted('all', (body) => reply(201, { ...body, message: 'success' }))],
  ['odd-message', twisted('nothing', (body) => reply(201, { ...body, message: 'weird' }))],
  ['queued', twisted('nothing', () => reply(202, { message: 'queued' }))],
]);

const throttled =
  (hint: string, seconds: number): Effect =>
  ({ now, answer }) => {
    const headers = isHint(hint) ? hints[hint](seconds, now) : {};
    return answer(reply(429, { message: 'Rate limit exceeded' }, headers));
  };

const effectOf = (fault: string): Effect | undefined => {
  const [name = '', detail = '', seconds = '1'] = fault.split(':');
  if (name === '429') return throttled(detail || 'reset-epoch', Number(seconds));
  if (name === 'slow') {
    return async ({ exchange, process, answer }) => {
      const result = process();
      if (await exchange.pause(Number(detail))) await answer(result);
    };
  }
  const isAfter = /^(?:500|502|504|hang|reset|drip|html)-after$/.test(name);
  const effect = effects.get(isAfter ? name.replace('-after', '') : name);
  if (!effect || !isAfter) return effect;
  return (request) => {
    request.process();
    return effect(request);
  };
};

export const isFault = (word: string): word is Fault => {
  const [name = '', detail, seconds = '1', ...rest] = word.split(':');
  const areNumbers = /^\d+$/.test(seconds) && rest.length === 0;
  if (name === 'slow') return detail !== undefined && /^\d+$/.test(detail) && word.split(':').length === 2;
  if (name === '429') return areNumbers && (detail === undefined || isHint(detail));
  return detail === undefined && effectOf(name) !== undefined;
};

/** Reads a fault from a command line. */
export const parseFault = (word: string): Fault | undefined => (isFault(word) ? word : undefined);

export const applyFault = async (fault: Fault, request: Faulted): Promise<void> => {
  await effectOf(fault)?.(request);
};
