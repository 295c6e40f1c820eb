import * as v from 'valibot';
import type { Answer } from '../answer.ts';

const HttpApiEvent = v.object({
  version: v.literal('2.0'),
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
  headers: v.fallback(v.record(v.string(), v.string()), {}),
  body: v.fallback(v.string(), ''),
  isBase64Encoded: v.fallback(v.boolean(), false),
});

/** A call over HTTPS: nothing of it is looked into before its signature is checked. */
export interface SignedRequest {
  readonly signature: string;
  readonly body: Buffer;
}

/** The event of an HTTP API (payload format 2.0) → the call; `undefined` for a direct invocation. */
export const parseSignedRequest = (event: unknown): SignedRequest | undefined => {
  const { success, output } = v.safeParse(HttpApiEvent, event);
  if (!success) return undefined;
  const named = Object.entries(output.headers).find(([name]) => name.toLowerCase() === 'pypestream-signature');
  return { signature: named?.[1] ?? '', body: Buffer.from(output.body, output.isBase64Encoded ? 'base64' : 'utf8') };
};

/** What an HTTP API makes its response of. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: { readonly 'content-type': 'application/json' };
  readonly body: string;
}

export const toHttpResponse = (statusCode: number, answer: Answer): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(answer),
});
