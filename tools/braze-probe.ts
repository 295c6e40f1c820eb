import { post } from '../lib/braze/client.ts';

/** What Braze answered to a request without content, which writes and sends nothing; its text is dropped here. */
export type Probe =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'unreached'; readonly reason: string };

const PROBE_LIMIT_MS = 8_000;

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
};

/** Why a request got no answer; only what is in the error's code, since a text may repeat what was sent. */
export const reasonOf = (error: unknown): string => {
  if (!Error.isError(error)) return 'no answer';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = REASONS[code];
  if (reason !== undefined) return reason;
  if (/CERT|TLS|SSL/.test(code)) return 'its certificate is not trusted';
  return error.cause === undefined ? 'no answer in time' : reasonOf(error.cause);
};

export const probe = async (url: string, path: string, apiKey: string): Promise<Probe> => {
  const reply = await post(`${url}/${path}`, apiKey, '{}', PROBE_LIMIT_MS);
  return reply.kind === 'response'
    ? { kind: 'answered', status: reply.status }
    : { kind: 'unreached', reason: reasonOf(reply.cause) };
};

export type KeyVerdict = 'good' | 'unknown key' | 'not permitted' | 'untold';

/** What an empty `users/track` says about the key: its 400 comes from behind the check of the key and its permission. */
export const verdictOf = (answer: Probe): KeyVerdict => {
  if (answer.kind === 'unreached') return 'untold';
  if (answer.status === 401) return 'unknown key';
  if (answer.status === 403) return 'not permitted';
  return answer.status === 400 || answer.status === 201 ? 'good' : 'untold';
};
