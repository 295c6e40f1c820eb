import { isArray, isObject, type JsonObject, parseJson } from '../json.ts';
import type { Call } from './endpoint.ts';

/** What Braze, or what stands in front of it, answers. */
export interface Result {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What happens to the connection of a request. */
export type Reaction =
  | { readonly kind: 'response'; readonly result: Result; readonly delayMs: number }
  /** Never answered; the connection stays open. */
  | { readonly kind: 'hang' }
  /** The connection is reset, as by a peer that died. */
  | { readonly kind: 'reset' }
  /** The answer comes byte by byte and never ends. */
  | { readonly kind: 'drip'; readonly result: Result };

type Status = '401' | '403' | '404' | '407' | '408' | '413' | '421' | '425' | '429' | '500' | '502' | '503' | '504';
/** Faults that process the request and change the answer. */
type Distortion = 'partial' | 'partial-text' | 'refused' | 'zero-counts' | 'odd-message' | 'queued' | 'redirect';
type Silence = 'hang' | 'reset' | 'drip' | 'html';
/** Faults that may also happen to a request that was processed. */
type Ambiguous = '500' | '502' | '504' | Silence;
/** How a 429 says when to come back. */
type RetryHint =
  | 'x-ratelimit-retry-after'
  | 'retry-after'
  | 'retry-after-date'
  | 'reset-epoch'
  | 'reset-delta'
  | 'empty'
  | 'none';

/** One word each, so that a command line or a header can name it; `429:retry-after:2` is a hint of two seconds. */
export type Fault =
  | Status
  | Distortion
  | Silence
  | `${Ambiguous}-after`
  | `429:${RetryHint}`
  | `429:${RetryHint}:${number}`
  | `slow:${number}`;

/** A request on its way through a fault. */
interface Faulted {
  readonly key: string;
  readonly now: number;
  /** Does what the request asks for, and returns what Braze would answer. */
  process(rejects?: Call['rejects']): Result;
}

type Effect = (request: Faulted) => Reaction;

const json = (status: number, body: JsonObject, headers: Record<string, string> = {}): Result => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A page as NGINX writes it. */
const html = (status: number, title: string): Result => ({
  status,
  headers: { 'Content-Type': 'text/html' },
  body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
});

const responseOf = (result: Result, delayMs = 0): Reaction => ({ kind: 'response', result, delayMs });

const resetHeaders = (reset: number): Record<string, string> => ({
  'X-RateLimit-Limit': '3000',
  'X-RateLimit-Remaining': '0',
  'X-RateLimit-Reset': String(reset),
});
const EMPTY_HEADERS = { 'X-RateLimit-Limit': '', 'X-RateLimit-Remaining': '', 'X-RateLimit-Reset': '' };

const hints: Record<RetryHint, (seconds: number, now: number) => Record<string, string>> = {
  'x-ratelimit-retry-after': (seconds) => ({ 'X-Ratelimit-Retry-After': String(seconds) }),
  'retry-after': (seconds) => ({ 'Retry-After': String(seconds) }),
  'retry-after-date': (seconds, now) => ({ 'Retry-After': new Date(now + seconds * 1000).toUTCString() }),
  'reset-epoch': (seconds, now) => resetHeaders(Math.ceil(now / 1000) + seconds),
  'reset-delta': (seconds) => resetHeaders(seconds),
  empty: () => EMPTY_HEADERS,
  none: () => ({}),
};

const isHint = (word: string): word is RetryHint => Object.hasOwn(hints, word);

const always =
  (result: Result): Effect =>
  () =>
    responseOf(result);

const plain = (status: number, message: string): Effect => always(json(status, { message }));

/** Processes, then changes what a success says. */
const distorted =
  (rejects: Call['rejects'], distort: (body: JsonObject) => Result): Effect =>
  ({ process }) => {
    const result = process(rejects);
    const body = parseJson(result.body);
    if (!isObject(body) || (result.status >= 300 && rejects !== 'all')) return responseOf(result);
    return responseOf({ ...distort(body), headers: result.headers });
  };

const errorsAsText = (body: JsonObject): JsonObject => {
  const errors = isArray(body.errors) ? body.errors.filter(isObject) : [];
  return { ...body, errors: errors.map(({ type = '' }) => type) };
};

const COUNTS = { attributes_processed: 0, events_processed: 0, purchases_processed: 0 };
const PAGE = '<html><head><title>Please wait</title></head><body>Checking your browser</body></html>';
const DRIPPING = { status: 201, headers: { 'Content-Type': 'application/json' }, body: '{"message":"success"' };

const effects = new Map<string, Effect>([
  // Braze's answer to a wrong key repeats the key.
  ['401', ({ key }) => responseOf(json(401, { message: `Invalid API key: ${key}` }, EMPTY_HEADERS))],
  ['403', plain(403, 'Access Denied')],
  ['404', plain(404, 'Not Found')],
  ['407', plain(407, 'Proxy Authentication Required')],
  ['408', plain(408, 'Request Timeout')],
  ['413', always(html(413, '413 Request Entity Too Large'))],
  ['421', plain(421, 'Misdirected Request')],
  ['425', plain(425, 'Too Early')],
  ['500', plain(500, 'Internal Server Error')],
  ['502', always(html(502, '502 Bad Gateway'))],
  ['503', always({ status: 503, headers: {}, body: '' })],
  ['504', always(html(504, '504 Gateway Time-out'))],
  ['hang', () => ({ kind: 'hang' })],
  ['reset', () => ({ kind: 'reset' })],
  ['drip', () => ({ kind: 'drip', result: DRIPPING })],
  ['html', always({ status: 200, headers: { 'Content-Type': 'text/html' }, body: PAGE })],
  ['redirect', always(json(302, { message: 'Found' }, { Location: '/elsewhere' }))],
  ['partial', ({ process }) => responseOf(process('first'))],
  ['partial-text', distorted('first', (body) => json(201, errorsAsText(body)))],
  ['refused', distorted('all', (body) => json(201, { ...body, message: 'success' }))],
  ['zero-counts', distorted('all', () => json(201, { message: 'success', ...COUNTS }))],
  ['odd-message', distorted('none', (body) => json(201, { ...body, message: 'weird' }))],
  ['queued', distorted('none', () => json(202, { message: 'queued' }))],
]);

const throttled =
  (hint: string, seconds: number): Effect =>
  ({ now }) =>
    responseOf(json(429, { message: 'Rate limit exceeded' }, isHint(hint) ? hints[hint](seconds, now) : {}));

const toEffect = (fault: string): Effect | undefined => {
  const [name = '', detail = '', seconds = '1'] = fault.split(':');
  if (name === '429') return throttled(detail || 'reset-epoch', Number(seconds));
  if (name === 'slow') return ({ process }) => responseOf(process(), Number(detail));
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
  return detail === undefined && toEffect(name) !== undefined;
};

/** Reads a fault from a command line or a header. */
export const parseFault = (word: string): Fault | undefined => (isFault(word) ? word : undefined);

export const applyFault = (fault: Fault, request: Faulted): Reaction =>
  toEffect(fault)?.(request) ?? responseOf(request.process());
