import type { HttpResult, SendOnce } from '../http.ts';
import type { BrazeCredentials } from './credentials.ts';
import type { Method } from './endpoint.ts';

/** A request as it goes over the wire. */
export interface OutgoingRequest {
  readonly method: Method;
  /** Below the REST endpoint, with its parameters filled in: `users/track`. */
  readonly path: string;
  readonly query?: string;
  readonly json: string | undefined;
}

/** Sends one request to Braze, once, within `timeoutMs`. It never rejects. */
export const sendToBraze = (
  send: SendOnce,
  { url, apiKey }: BrazeCredentials,
  { method, path, query = '', json }: OutgoingRequest,
  timeoutMs: number,
): Promise<HttpResult> =>
  send(
    method,
    `${url}/${path}${query === '' ? '' : `?${query}`}`,
    // The only place that the API key is sent to.
    { authorization: `Bearer ${apiKey}`, ...(json !== undefined && { 'content-type': 'application/json' }) },
    json,
    timeoutMs,
  );
