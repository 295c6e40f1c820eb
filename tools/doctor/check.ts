import { failureOf } from '../aws.ts';

/**
 * `fail`: the stage is not ready. `warn`: it works, and someone should look. `skipped`: it was not checked, because
 * something before it failed or these credentials may not look.
 */
export type Status = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Check {
  readonly check: string;
  readonly status: Status;
  /** A sentence that a person can act on. No key, no secret, nothing of what Braze answered but its status. */
  readonly detail: string;
}

const as =
  (status: Status) =>
  (check: string, detail: string): Check => ({ check, status, detail });

export const ok = as('ok');
export const warn = as('warn');
export const fail = as('fail');
export const skipped = as('skipped');

/** A check whose AWS call failed: what these credentials may not see, or AWS does not tell now, was not checked. */
export const unanswered = (check: string, error: unknown, action: string): Check => {
  const { kind, sentence } = failureOf(error, action);
  return { check, status: kind === 'denied' || kind === 'passing' ? 'skipped' : 'fail', detail: sentence };
};

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
