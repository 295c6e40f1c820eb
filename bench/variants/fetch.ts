// In place of lib/http.ts: the same request by the global fetch.
import type { HttpResult } from '../../lib/http.ts';

export const sendOnce = async (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  limit: number,
): Promise<HttpResult> => {
  const { host: _, ...others } = headers;
  const signal = AbortSignal.timeout(Math.ceil(limit));
  try {
    const response = await fetch(url, { method, headers: others, body, signal, redirect: 'manual' });
    const text = await response.text();
    return {
      kind: 'response',
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text,
      complete: true,
    };
  } catch (cause) {
    return { kind: 'unknown', cause };
  }
};
