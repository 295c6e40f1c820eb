import * as v from 'valibot';
import type { Answer } from '../answer.ts';

const HttpApiEvent = v.object({
  version: v.literal('2.0'),
  requestContext: v.object({ http: v.object({ method: v.string() }) }),
  headers: v.fallback(v.record(v.string(), v.string()), {}),
  body: v.fallback(v.string(), ''),
  isBase64Encoded: v.fallback(v.boolean(), false),
});

/** A call over HTTPS. Its body must not be parsed before its signature is verified. */
export interface SignedRequest {
  readonly signature: string;
  readonly body: Buffer;
}

/**
 * Parses the event of an HTTP API, payload format 2.0; `undefined` for a direct invocation.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const parseSignedRequest = (event: unknown): SignedRequest | undefined => {
  const { success, output } = v.safeParse(HttpApiEvent, event);
  if (!success) return undefined;
  const header = Object.entries(output.headers).find(([name]) => name.toLowerCase() === 'pypestream-signature');
  return { signature: header?.[1] ?? '', body: Buffer.from(output.body, output.isBase64Encoded ? 'base64' : 'utf8') };
};

/** What a function returns to an HTTP API. */
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
