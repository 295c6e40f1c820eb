import { isObject, type JsonObject, parseJson } from '../json.ts';
import type { Received } from '../server.ts';
import { html, type Result, reply } from './answer.ts';
import { type Call, type Endpoint, SHARED } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { EMPTY_RATE_HEADERS, type RateState, rateHeaders } from './rate-limit.ts';
import { RequestRefused } from './refusal.ts';

/** Four megabytes. */
export const BODY_LIMIT = 4 * 1024 * 1024;

/** The key as sent; without the word Bearer it is no key, but it is echoed all the same. */
export const keyOf = ({ headers }: Received): { readonly key: string; readonly isBearer: boolean } => {
  const authorization = headers.authorization ?? '';
  const key = /^bearer +(.*)$/i.exec(authorization)?.[1];
  return { key: key ?? authorization, isBearer: key !== undefined };
};

const textOf = (body: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
};

/** Undefined when it is not strict JSON in UTF-8. A body that is not said to be JSON isn't read. */
const bodyOf = ({ headers, body }: Received): JsonObject | undefined => {
  const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '');
  if (!isJson || !body || body.length === 0) return {};
  const text = textOf(body);
  const json = text === undefined ? undefined : parseJson(text);
  if (json === undefined) return undefined;
  return isObject(json) ? json : {};
};

const endpointOf = ({ method, path }: Received): Endpoint | undefined =>
  method === 'POST' ? endpoints.get(path.replace(/\/$/, '')) : undefined;

const answerOf = (endpoint: Endpoint, call: Call): Result => {
  try {
    const { status, body } = endpoint.answer(call);
    return reply(status, body);
  } catch (error) {
    if (error instanceof RequestRefused) return reply(400, { message: error.message });
    throw error;
  }
};

export interface Gateway {
  readonly apiKey: string;
  readonly count: (rate: typeof SHARED) => RateState;
  readonly call: Omit<Call, 'body'>;
}

const limited = (received: Received, endpoint: Endpoint, { call }: Gateway, { exceeded }: RateState): Result => {
  if (!call.settings.permissions.includes(endpoint.permission)) return reply(403, { message: 'Access Denied' });
  if (exceeded) return reply(429, { message: 'Rate limit exceeded' });
  if (!received.body) return html(413, '413 Request Entity Too Large');
  const body = bodyOf(received);
  return body ? answerOf(endpoint, { ...call, body }) : reply(400, { message: 'The request body is not valid JSON' });
};

/** What Braze answers to a request, and all that it does about it. */
export const processRequest = (received: Received, gateway: Gateway): Result => {
  const endpoint = endpointOf(received);
  if (!endpoint) return reply(404, { message: 'Not Found' }, rateHeaders(gateway.count(SHARED)));
  const { key, isBearer } = keyOf(received);
  if (!isBearer || key !== gateway.apiKey) {
    return reply(401, { message: `Invalid API key: ${key}` }, EMPTY_RATE_HEADERS);
  }
  const isTrack = endpoint.rate.pool === 'users/track';
  const limit = isTrack ? gateway.call.settings.trackLimit : endpoint.rate.limit;
  const rate = gateway.count({ ...endpoint.rate, limit });
  const result = limited(received, endpoint, gateway, rate);
  return { ...result, headers: { ...result.headers, ...rateHeaders(rate) } };
};
