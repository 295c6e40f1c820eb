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

/** Sends `{}`, which Braze refuses with a 400 after it has checked the key and the permission. */
export const probeBraze = async (url: string, path: string, apiKey: string): Promise<ProbeResult> => {
  try {
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: '{}',
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

export const judgeKey = (result: ProbeResult): KeyVerdict => {
  if (result.kind === 'not_reached') return 'unknown';
  if (result.status === 401) return 'unauthorized';
  if (result.status === 403) return 'forbidden';
  return result.status === 400 || result.status === 201 ? 'valid' : 'unknown';
};
