import * as v from 'valibot';
import type { HttpResult } from '../http.ts';

/** The body of an answer, whose members are not parsed yet. */
export interface ResponseBody {
  readonly [key: string]: unknown;
}

/** An object of the request that Braze rejected; without a position if Braze did not report it. */
export interface ItemError {
  readonly input_array?: string | undefined;
  readonly index?: number | undefined;
}

/** Braze's answer to a request that it accepted. */
export interface AcceptedResponse {
  /** 2xx, or another status that the endpoint answers with. */
  readonly status: number;
  readonly errors: readonly ItemError[];
  /** Braze's counts by name, such as `events_processed`. */
  readonly processed: { readonly [count: string]: number };
  readonly body: ResponseBody;
}

/** What Braze did with a request, as far as its result shows. */
export type BrazeResponse =
  | { readonly kind: 'accepted'; readonly accepted: AcceptedResponse }
  /** Not processed, and not retryable: the request is invalid. */
  | { readonly kind: 'rejected' }
  /** Not processed: 401, the API key is wrong. */
  | { readonly kind: 'unauthorized' }
  /** Not processed: 403, 404, 407 or 3xx, the key lacks a permission, or the URL is wrong. */
  | { readonly kind: 'forbidden' }
  /** Not processed, and retryable, after `retryAfterMs` if a 429 has it. */
  | { readonly kind: 'busy'; readonly retryAfterMs?: number | undefined }
  /** Perhaps processed. */
  | { readonly kind: 'unknown' };

/** Whether a response is an answer of the endpoint to a request that it accepted. */
export type IsAnswer = (status: number, body: ResponseBody) => boolean;

export const isOk = (status: number): boolean => status >= 200 && status < 300;

/** Braze answers `queued` during maintenance. */
export const hasSuccessMessage: IsAnswer = (status, { message }) =>
  isOk(status) && typeof message === 'string' && /^(?:success|queued)$/i.test(message);

/** A 404 that is about what the request names, and not about its address. */
export const isMissing: IsAnswer = (status, { message }) => status === 404 && message !== 'Invalid URL';

const Body = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/^\ufeff/, '')),
  v.parseJson(),
  v.record(v.string(), v.unknown()),
);
/** A position or a count, as a number or as text. */
const Integer = v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))]);
const Item = v.object({
  input_array: v.fallback(v.optional(v.string()), undefined),
  index: v.fallback(v.optional(Integer), undefined),
});

/** Braze documents items of `errors` as objects and as text. */
const parseErrors = (errors: unknown): readonly ItemError[] => {
  if (!errors) return [];
  if (typeof errors === 'object' && Object.keys(errors).length === 0) return [];
  return (Array.isArray(errors) ? errors : [errors]).map((item) => {
    const { success, output } = v.safeParse(Item, item);
    return success ? output : {};
  });
};

/** `users/external_ids/rename` reports errors as pairs of an index and a text. */
const parseRenameErrors = (errors: unknown): readonly ItemError[] =>
  Array.isArray(errors)
    ? errors.map((item) => {
        const index = v.safeParse(Integer, Array.isArray(item) ? item[0] : undefined);
        return { input_array: 'external_id_renames', ...(index.success && { index: index.output }) };
      })
    : [];

const parseAccepted = (status: number, body: ResponseBody): AcceptedResponse => ({
  status,
  errors: [...parseErrors(body.errors), ...parseRenameErrors(body.rename_errors)],
  processed: Object.fromEntries(
    Object.entries(body).flatMap(([name, count]) => {
      const { success, output } = v.safeParse(Integer, count);
      return name.endsWith('_processed') && success ? [[name, Number(output)]] : [];
    }),
  ),
  body,
});

type Headers = { readonly [name: string]: string | readonly string[] | undefined };

/** Parses a number, because Braze also sends empty headers, and `Number('')` is 0. */
const parseSeconds = (header: Headers[string]): number | undefined =>
  typeof header === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(header) ? Number(header) : undefined;

/** Parses an HTTP date. `Date.parse` alone accepts `-1`, too. */
const parseHttpDate = (header: Headers[string]): number | undefined => {
  const date = typeof header === 'string' && /^[A-Z][a-z]+, .* GMT$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
};

/**
 * How long to wait after a 429, from the first of these headers: `X-Ratelimit-Retry-After` in seconds, `Retry-After` in
 * seconds or as a date, `X-RateLimit-Reset` as epoch seconds or as seconds. Braze sends the last with every response, so
 * it means nothing with other statuses. https://www.braze.com/docs/api/api_limits/
 */
export const parseRetryAfterMs = (headers: Headers, now: number): number | undefined => {
  const delay = parseSeconds(headers['x-ratelimit-retry-after']) ?? parseSeconds(headers['retry-after']);
  if (delay !== undefined) return delay * 1_000;
  const date = parseHttpDate(headers['retry-after']);
  if (date !== undefined) return Math.max(0, date - now);
  const reset = parseSeconds(headers['x-ratelimit-reset']);
  if (reset === undefined) return undefined;
  return Math.max(0, reset > 1e9 ? reset * 1_000 - now : reset * 1_000);
};

/** Statuses that mean something else than others of their class. */
const KIND_BY_STATUS: ReadonlyMap<number, 'unauthorized' | 'forbidden' | 'busy'> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'forbidden'],
  [407, 'forbidden'],
  [408, 'busy'],
  [421, 'busy'],
  [425, 'busy'],
  [503, 'busy'],
]);

/** By status, unless it is an answer of the endpoint: proxies in front of Braze send HTML or an empty body. */
export const classifyResponse = (
  result: HttpResult,
  now: number,
  isAnswer: IsAnswer = hasSuccessMessage,
): BrazeResponse => {
  if (result.kind === 'not_sent') return { kind: 'busy' };
  if (result.kind === 'unknown') return { kind: 'unknown' };
  const { status, headers, text } = result;
  const body = v.safeParse(Body, text);
  if (body.success && isAnswer(status, body.output))
    return { kind: 'accepted', accepted: parseAccepted(status, body.output) };
  if (status === 429) return { kind: 'busy', retryAfterMs: parseRetryAfterMs(headers, now) };
  const kind = KIND_BY_STATUS.get(status);
  if (kind !== undefined) return { kind };
  if (status >= 300 && status < 400) return { kind: 'forbidden' };
  return { kind: status >= 400 && status < 500 ? 'rejected' : 'unknown' };
};

/**
 * Whether Braze accepted a request and did nothing: the item does not exist (404), the Canvas or campaign is paused or
 * archived (Braze adds a `notice`), or no profile was found (a count of 0).
 */
export const hadNoEffect = ({ status, body, processed }: AcceptedResponse): boolean =>
  status >= 400 || Boolean(body.notice) || Object.values(processed).includes(0);

/** How many objects Braze did not process, by its counts. Arrays without a count are taken as processed. */
const countMissing = (
  processed: AcceptedResponse['processed'],
  sizes: readonly (readonly [string, number])[],
): number => {
  const counted = sizes.filter(([array]) => `${array}_processed` in processed);
  if (counted.length > 0) {
    return counted.reduce((sum, [array, size]) => sum + Math.max(0, size - Number(processed[`${array}_processed`])), 0);
  }
  // The names can differ: `users/identify` reports `user_identifiers` in `errors`, and counts `aliases_processed`.
  const counts = Object.values(processed);
  const sent = sizes.reduce((sum, [, size]) => sum + size, 0);
  return counts.length === 0 ? 0 : Math.max(0, sent - counts.reduce((sum, count) => sum + count));
};

/** The objects of an accepted request that Braze rejected. */
export interface RejectedObjects {
  readonly extent: 'none' | 'some' | 'all';
  /** The objects whose positions Braze reported. */
  readonly positions: readonly { readonly array: string; readonly index: number }[];
  /** Whether `positions` has all rejected objects. */
  readonly isComplete: boolean;
}

/** Finds the rejected objects of a request; `objects` are its objects by the name of their array. */
export const locateRejected = (
  { errors, processed }: AcceptedResponse,
  objects: { readonly [array: string]: readonly unknown[] },
): RejectedObjects => {
  const sizes = Object.entries(objects).map(([array, list]) => [array, list.length] as const);
  const sent = sizes.reduce((sum, [, size]) => sum + size, 0);
  const missing = countMissing(processed, sizes);
  if (errors.length === 0 && missing === 0) return { extent: 'none', positions: [], isComplete: true };
  const positions = sizes.flatMap(([array, size]) =>
    Array.from({ length: size }, (_, index) => ({ array, index })).filter(
      ({ index }) =>
        processed[`${array}_processed`] === 0 ||
        errors.some((error) => error.input_array === array && error.index === index),
    ),
  );
  const isPlaced = ({ input_array, index }: ItemError) =>
    positions.some((position) => position.array === input_array && position.index === index);
  const nothingProcessed = Object.values(processed).every((count) => count === 0);
  const unplaced = errors.filter((error) => !isPlaced(error)).length;
  const isAll =
    positions.length >= sent || (nothingProcessed && Math.max(positions.length + unplaced, missing) >= sent);
  return {
    extent: isAll ? 'all' : 'some',
    positions,
    isComplete: unplaced === 0 && missing <= positions.length,
  };
};
