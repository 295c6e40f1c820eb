import type { JsonObject } from '../json.ts';

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

export const toJson = (status: number, body: JsonObject, headers: Readonly<Record<string, string>> = {}): Result => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A page as NGINX writes it. */
export const toHtml = (status: number, title: string): Result => ({
  status,
  headers: { 'Content-Type': 'text/html' },
  body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
});

/** https://www.braze.com/docs/api/api_limits/ */
export const toRateHeaders = (limit: number, remaining: number, reset: number): Readonly<Record<string, string>> => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(reset),
});

/** All three present and empty, as recorded on a 401. */
export const EMPTY_RATE_HEADERS = { 'X-RateLimit-Limit': '', 'X-RateLimit-Remaining': '', 'X-RateLimit-Reset': '' };

/** Braze's answer to a wrong key repeats the key. */
export const toUnauthorized = (key: string): Result =>
  toJson(401, { message: `Invalid API key: ${key}` }, EMPTY_RATE_HEADERS);

export const RATE_LIMIT_EXCEEDED = { message: 'Rate limit exceeded' };
export const TOO_LARGE = toHtml(413, '413 Request Entity Too Large');
