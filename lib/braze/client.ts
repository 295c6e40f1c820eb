import { type HttpResult, postOnce } from '../http.ts';

/**
 * One request to Braze, one attempt, never a throw: JSON in the body, the key in `Authorization`, nothing in the query
 * string. `limit` milliseconds hold for all of it.
 */
export const post = (url: string, apiKey: string, json: string, limit: number): Promise<HttpResult> =>
  postOnce(url, { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }, json, limit);
