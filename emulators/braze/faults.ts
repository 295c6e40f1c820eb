import { isArray, isObject, type JsonObject, parseJson } from '../json.ts';
import {
  type Call,
  EMPTY_RATE_HEADERS,
  RATE_LIMIT_EXCEEDED,
  type Reaction,
  type Result,
  TOO_LARGE,
  toHtml,
  toJson,
  toRateHeaders,
  toUnauthorized,
} from './endpoint.ts';

type Status = '401' | '403' | '404' | '407' | '408' | '413' | '421' | '425' | '429' | '500' | '502' | '503' | '504';
/** Faults that process the request and change the answer, and a redirect. */
type Distortion = 'partial' | 'partial-text' | 'refused' | 'zero-counts' | 'odd-message' | 'queued' | 'redirect';
type Silence = 'hang' | 'reset' | 'drip' | 'html';
/** Faults that may also happen to a request that was processed. */
type Ambiguous = '500' | '502' | '504' | Silence;
/** In which header a 429 gives the time to wait. */
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

const toResponse = (result: Result, delayMs = 0): Reaction => ({ kind: 'response', result, delayMs });

const hints: Record<RetryHint, (seconds: number, now: number) => Record<string, string>> = {
  'x-ratelimit-retry-after': (seconds) => ({ 'X-Ratelimit-Retry-After': String(seconds) }),
  'retry-after': (seconds) => ({ 'Retry-After': String(seconds) }),
  'retry-after-date': (seconds, now) => ({ 'Retry-After': new Date(now + seconds * 1000).toUTCString() }),
  'reset-epoch': (seconds, now) => toRateHeaders(3_000, 0, Math.ceil(now / 1000) + seconds),
  'reset-delta': (seconds) => toRateHeaders(3_000, 0, seconds),
  empty: () => EMPTY_RATE_HEADERS,
  none: () => ({}),
};

const isHint = (word: string): word is RetryHint => Object.hasOwn(hints, word);

const always =
  (result: Result): Effect =>
  () =>
    toResponse(result);

const plain = (status: number, message: string): Effect => always(toJson(status, { message }));

/** Processes the request, then changes the body of a success. */
const distorted =
  (rejects: Call['rejects'], distort: (body: JsonObject) => Result): Effect =>
  ({ process }) => {
    const result = process(rejects);
    const body = parseJson(result.body);
    if (!isObject(body) || (result.status >= 300 && rejects !== 'all')) return toResponse(result);
    return toResponse({ ...distort(body), headers: result.headers });
  };

const errorsAsText = (body: JsonObject): JsonObject => {
  const errors = isArray(body.errors) ? body.errors.filter(isObject) : [];
  return { ...body, errors: errors.map(({ type = '' }) => type) };
};

const COUNTS = { attributes_processed: 0, events_processed: 0, purchases_processed: 0 };
const PAGE = '<html><head><title>Please wait</title></head><body>Checking your browser</body></html>';
const DRIPPING = { status: 201, headers: { 'Content-Type': 'application/json' }, body: '{"message":"success"' };

const effects = new Map<string, Effect>([
  ['401', ({ key }) => toResponse(toUnauthorized(key))],
  ['403', plain(403, 'Access Denied')],
  ['404', plain(404, 'Invalid URL')],
  ['407', plain(407, 'Proxy Authentication Required')],
  ['408', plain(408, 'Request Timeout')],
  ['413', always(TOO_LARGE)],
  ['421', plain(421, 'Misdirected Request')],
  ['425', plain(425, 'Too Early')],
  ['500', plain(500, 'Internal Server Error')],
  ['502', always(toHtml(502, '502 Bad Gateway'))],
  ['503', always({ status: 503, headers: {}, body: '' })],
  ['504', always(toHtml(504, '504 Gateway Time-out'))],
  ['hang', () => ({ kind: 'hang' })],
  ['reset', () => ({ kind: 'reset' })],
  ['drip', () => ({ kind: 'drip', result: DRIPPING })],
  ['html', always({ status: 200, headers: { 'Content-Type': 'text/html' }, body: PAGE })],
  ['redirect', always(toJson(302, { message: 'Found' }, { Location: '/elsewhere' }))],
  ['partial', ({ process }) => toResponse(process('first'))],
  ['partial-text', distorted('first', (body) => toJson(201, errorsAsText(body)))],
  ['refused', distorted('all', (body) => toJson(201, { ...body, message: 'success' }))],
  ['zero-counts', distorted('all', () => toJson(201, { message: 'success', ...COUNTS }))],
  ['odd-message', distorted('none', (body) => toJson(201, { ...body, message: 'weird' }))],
  ['queued', distorted('none', () => toJson(202, { message: 'queued' }))],
]);

const throttled =
  (hint: string, seconds: number): Effect =>
  ({ now }) =>
    toResponse(toJson(429, RATE_LIMIT_EXCEEDED, isHint(hint) ? hints[hint](seconds, now) : {}));

const toEffect = (fault: string): Effect | undefined => {
  const [name = '', detail = '', seconds = '1'] = fault.split(':');
  if (name === '429') return throttled(detail || 'reset-epoch', Number(seconds));
  if (name === 'slow') return ({ process }) => toResponse(process(), Number(detail));
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
  toEffect(fault)?.(request) ?? toResponse(request.process());
