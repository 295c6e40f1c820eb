import * as v from 'valibot';
import type { HttpResult } from '../http.ts';

/** What Braze counts and complains of in an answer with status 2xx. */
export interface Receipt {
  /** The objects left out, each by its position in the request; without one where Braze did not say which. */
  readonly errors: readonly { readonly input_array?: string | undefined; readonly index?: number | undefined }[];
  /** How many objects were taken, over all kinds; 0 where Braze does not count. */
  readonly processed: number;
  /** The whole answer, for endpoints that answer with data. */
  readonly answer: { readonly [key: string]: unknown };
}

/** What a reply means for the request (contract, section 6). */
export type Verdict =
  | { readonly verdict: 'accepted'; readonly receipt: Receipt }
  /** Refused for good, and nothing processed. */
  | { readonly verdict: 'rejected' }
  /** 401: it is the key. */
  | { readonly verdict: 'unauthorized' }
  /** 403, 404, 3xx: it is the key's permission or the address. Nothing processed. */
  | { readonly verdict: 'forbidden' }
  /** Surely not processed, and worth another try: after `waitMs`, where a 429 said so. */
  | { readonly verdict: 'busy'; readonly waitMs?: number | undefined }
  /** Perhaps processed. */
  | { readonly verdict: 'unclear' };

const Accepted = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ message: v.pipe(v.string(), v.toLowerCase(), v.picklist(['success', 'queued'])) }),
);
const ItemError = v.object({
  input_array: v.fallback(v.optional(v.string()), undefined),
  index: v.fallback(v.optional(v.number()), undefined),
});

/** Braze's templates show an item of `errors` once with braces and once without, so text is an item too. */
const itemsOf = (errors: unknown): Receipt['errors'] => {
  if (errors === undefined || errors === null || errors === '') return [];
  return (Array.isArray(errors) ? errors : [errors]).map((item) => {
    const { success, output } = v.safeParse(ItemError, item);
    return success ? output : {};
  });
};

const receiptOf = (text: string): Receipt | undefined => {
  const { success, output } = v.safeParse(Accepted, text);
  if (!success) return undefined;
  const processed = Object.entries(output).reduce(
    (sum, [key, value]) => (key.endsWith('_processed') && typeof value === 'number' ? sum + value : sum),
    0,
  );
  return { errors: itemsOf(output.errors), processed, answer: output };
};

type Headers = { readonly [name: string]: string | readonly string[] | undefined };

/** A header's number; they come empty, too, and `Number('')` would be 0. */
const seconds = (header: Headers[string]): number | undefined =>
  typeof header === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(header) ? Number(header) : undefined;

/** An HTTP date; `Date.parse` alone reads one into `-1`, too. */
const dateOf = (header: Headers[string]): number | undefined => {
  const date = typeof header === 'string' && /^[A-Z][a-z]+, .* GMT$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
};

/**
 * How long a 429 asks us to wait, in milliseconds (Braze, "API rate limits"): `X-Ratelimit-Retry-After` in seconds,
 * `Retry-After` in seconds or as a date, `X-RateLimit-Reset` as the epoch second or as the seconds left. Only a 429
 * asks: the last of them comes with every answer.
 */
export const waitOf = (headers: Headers, now: number): number | undefined => {
  const told = seconds(headers['x-ratelimit-retry-after']) ?? seconds(headers['retry-after']);
  if (told !== undefined) return told * 1_000;
  const date = dateOf(headers['retry-after']);
  if (date !== undefined) return Math.max(0, date - now);
  const reset = seconds(headers['x-ratelimit-reset']);
  if (reset === undefined) return undefined;
  return Math.max(0, reset > 1e9 ? reset * 1_000 - now : reset * 1_000);
};

/** Statuses whose meaning does not follow from their class. */
const OF_STATUS: ReadonlyMap<number, 'unauthorized' | 'forbidden' | 'busy'> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'forbidden'],
  [503, 'busy'],
]);

/** Reads a reply by its status first: what stands in front of Braze answers in HTML, or with nothing. */
export const verdictOf = (reply: HttpResult, now: number): Verdict => {
  if (reply.kind === 'not_sent') return { verdict: 'busy' };
  if (reply.kind === 'unknown') return { verdict: 'unclear' };
  const { status, headers, text } = reply;
  const known = OF_STATUS.get(status);
  if (status === 429) return { verdict: 'busy', waitMs: waitOf(headers, now) };
  if (known !== undefined) return { verdict: known };
  if (status >= 300 && status < 400) return { verdict: 'forbidden' };
  if (status >= 400 && status < 500) return { verdict: 'rejected' };
  const receipt = status >= 200 && status < 300 ? receiptOf(text) : undefined;
  return receipt === undefined ? { verdict: 'unclear' } : { verdict: 'accepted', receipt };
};

/**
 * Whether Braze took a request and did nothing: a paused or archived Canvas (it answers with a `notice`), or nobody to
 * identify (`…_processed` is 0). Not for `users/track`, which says so in `errors`.
 */
export const didNothing = (answer: Receipt['answer']): boolean =>
  Boolean(answer.notice) || Object.entries(answer).some(([key, count]) => key.endsWith('_processed') && count === 0);

/** Which of a request's objects Braze left out: `paths` is the designer's name of each object, by array. */
export const leftOut = (
  { errors, processed }: Receipt,
  paths: { readonly [array: string]: readonly string[] },
): { readonly paths: readonly string[]; readonly everything: boolean } => {
  const named = new Set(
    errors.flatMap(({ input_array = '', index = -1 }) =>
      Object.hasOwn(paths, input_array) ? (paths[input_array]?.[index] ?? []) : [],
    ),
  );
  const objects = Object.values(paths).reduce((sum, list) => sum + list.length, 0);
  return {
    paths: [...named],
    everything: errors.length > 0 && (named.size >= objects || (processed === 0 && errors.length >= objects)),
  };
};
