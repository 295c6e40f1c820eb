import type { HttpResult, SendOnce } from '../http.ts';
import type { BrazeCredentials } from './credentials.ts';
import type { Method } from './endpoint.ts';

/** A request as it goes over the wire. */
export interface Outgoing {
  readonly method: Method;
  /** Below the REST endpoint, with its parameters filled in: `users/track`. */
  readonly path: string;
  readonly query?: string;
  readonly json: string | undefined;
}

/** One request to Braze, without a body where `json` is undefined. One attempt within `timeoutMs`, never a throw. */
export const sendToBraze = (
  send: SendOnce,
  { url, apiKey }: BrazeCredentials,
  { method, path, query = '', json }: Outgoing,
  timeoutMs: number,
): Promise<HttpResult> =>
  send(
    method,
    `${url}/${path}${query === '' ? '' : `?${query}`}`,
    // The key goes into this header, and nowhere else.
    { authorization: `Bearer ${apiKey}`, ...(json !== undefined && { 'content-type': 'application/json' }) },
    json,
    timeoutMs,
  );
