import type { Endpoint } from '../lib/braze/endpoint.ts';
import { USERS_TRACK } from '../lib/braze/users-track.ts';

/** What Braze answered to a request with an empty body, which changes nothing; its text is dropped here. */
export type ProbeResult =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'not_reached'; readonly reason: string };

const TIMEOUT_MS = 8_000;

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
};

/** Why a request got no answer, by the error's code: its text may repeat what was sent. */
export const describeNetworkError = (error: unknown): string => {
  if (!Error.isError(error)) return 'no answer';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = REASONS[code];
  if (reason !== undefined) return reason;
  if (/CERT|TLS|SSL/.test(code)) return 'its certificate is not trusted';
  return error.cause === undefined ? 'no answer in time' : describeNetworkError(error.cause);
};

/** An endpoint, as far as its permission can be asked for. */
export type ProbedEndpoint = Pick<Endpoint, 'method' | 'path' | 'permission' | 'refusesEmptyBody'>;

/** Whether asking for the permission changes nothing: the request only reads, or Braze is known to refuse it. */
export const isHarmless = ({ method, refusesEmptyBody = false }: ProbedEndpoint): boolean =>
  method === 'GET' || refusesEmptyBody;

/** Asks a harmless endpoint with nothing: an empty body, and a value for each parameter of its path that nothing has. */
export const probeBraze = async (url: string, endpoint: ProbedEndpoint, apiKey: string): Promise<ProbeResult> => {
  const { method = 'POST', path } = endpoint;
  try {
    const response = await fetch(`${url}/${path.replaceAll(/\{\w+\}/g, 'permission-check')}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: '{}' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return { kind: 'answered', status: response.status };
  } catch (error) {
    return { kind: 'not_reached', reason: describeNetworkError(error) };
  }
};

export type KeyVerdict = 'valid' | 'unauthorized' | 'forbidden' | 'unknown';

/** What the answer says about the key. */
export const judgeKey = (result: ProbeResult, { method }: ProbedEndpoint = USERS_TRACK): KeyVerdict => {
  if (result.kind === 'not_reached') return 'unknown';
  if (result.status === 401) return 'unauthorized';
  if (result.status === 403) return 'forbidden';
  const statuses = method === 'GET' ? [200, 400, 404] : [201, 400];
  return statuses.includes(result.status) ? 'valid' : 'unknown';
};
