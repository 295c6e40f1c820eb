import type { HttpResult, SendOnce } from '../http.ts';
import type { BrazeCredentials } from './credentials.ts';
import type { Method } from './endpoint.ts';

/** One request to Braze, one attempt within `timeoutMs`, never a throw: the key goes into `Authorization`, and nowhere else. */
export const sendToBraze = (
  send: SendOnce,
  { url, apiKey }: BrazeCredentials,
  method: Method,
  path: string,
  json: string,
  timeoutMs: number,
): Promise<HttpResult> =>
  send(
    method,
    `${url}/${path}`,
    { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    json,
    timeoutMs,
  );
