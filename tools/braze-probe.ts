import { getSystemErrorMap } from 'node:util';
import type { Endpoint } from '../lib/braze/endpoint.ts';

const TIMEOUT_MS = 8_000;

/** Why a request got no answer, by the error's number or code: its text may repeat what was sent. */
export const describeNetworkError = (error: unknown): string => {
  if (!Error.isError(error)) return 'no answer in time';
  const systemError = 'errno' in error ? getSystemErrorMap().get(Number(error.errno)) : undefined;
  if (systemError !== undefined) return systemError.join(', ');
  return 'code' in error && typeof error.code === 'string' ? error.code : describeNetworkError(error.cause);
};

/** An endpoint, as far as its permission can be asked for. */
export type ProbedEndpoint = Pick<Endpoint, 'method' | 'path' | 'permission' | 'refusesEmptyBody'>;

/** Whether asking for the permission changes nothing: the request only reads, or Braze is known to refuse it. */
export const isHarmless = ({ method, refusesEmptyBody = false }: ProbedEndpoint): boolean =>
  method === 'GET' || refusesEmptyBody;

/** What Braze says about a key, in a sentence of ours: the text of its answer is dropped. */
export interface Probe {
  readonly kind: 'valid' | 'unauthorized' | 'forbidden' | 'throttled' | 'unknown' | 'not_reached';
  readonly sentence: string;
  /** The HTTP status, if there is an answer. */
  readonly status?: number;
}

const judgeStatus = (status: number, { method, permission }: ProbedEndpoint): readonly [Probe['kind'], string] => {
  const accepted = method === 'GET' ? [200, 400, 404] : [201, 400];
  if (accepted.includes(status)) return ['valid', `The key has the permission ${permission}.`];
  if (status === 401) return ['unauthorized', 'The key is wrong, deleted or from another instance (401).'];
  if (status === 403) return ['forbidden', `The key lacks ${permission} or its IP allowlist lacks this machine (403).`];
  if (status === 429) return ['throttled', 'Braze limits the rate right now (429): try again later.'];
  return ['unknown', `Braze did not say whether the key is valid (status ${status}).`];
};

/** Asks a harmless endpoint with nothing: an empty body, and a value for each parameter of its path that nothing has. */
export const probeBraze = async (url: string, endpoint: ProbedEndpoint, apiKey: string): Promise<Probe> => {
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
    const [kind, sentence] = judgeStatus(response.status, endpoint);
    return { kind, sentence, status: response.status };
  } catch (error) {
    return { kind: 'not_reached', sentence: `Braze is not reachable from here: ${describeNetworkError(error)}.` };
  }
};
