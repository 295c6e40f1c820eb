import { toAwsFailure } from '../aws.ts';

/** `fail`: the stage is not ready. `warn`: it works, but look at it. `skipped`: it could not be checked. */
export type Status = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Check {
  readonly check: string;
  readonly status: Status;
  /** A sentence that a person can act on: no key, no secret, nothing of Braze's answer but its status. */
  readonly detail: string;
}

const toCheck =
  (status: Status) =>
  (check: string, detail: string): Check => ({ check, status, detail });

export const ok = toCheck('ok');
export const warn = toCheck('warn');
export const fail = toCheck('fail');
export const skipped = toCheck('skipped');

/** A check whose AWS call failed: `skipped` where these credentials may not look, or AWS does not answer now. */
export const toFailedCheck = (check: string, error: unknown, action: string): Check => {
  const { kind, sentence } = toAwsFailure(error, action);
  return { check, status: kind === 'denied' || kind === 'retryable' ? 'skipped' : 'fail', detail: sentence };
};

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
