// In place of lib/http.ts: the same POST by the global fetch.
import type { Reply } from '../../lib/http.ts';

export const send = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  limit: number,
): Promise<Reply> => {
  const { host: _, ...others } = headers;
  const signal = AbortSignal.timeout(Math.ceil(limit));
  try {
    const response = await fetch(url, { method: 'POST', headers: others, body, signal, redirect: 'manual' });
    const text = await response.text();
    return {
      kind: 'answered',
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text,
      isWhole: true,
    };
  } catch (cause) {
    return { kind: 'unclear', cause };
  }
};
