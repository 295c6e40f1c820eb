import { AwsError } from '../aws.ts';

/** `fail`: the stage is not ready. `warn`: it works, but look at it. `skipped`: it could not be checked. */
export const STATUSES = ['ok', 'warn', 'fail', 'skipped'] as const;
export type Status = (typeof STATUSES)[number];

/** What a check found. */
export interface Finding {
  readonly status: Status;
  /** A sentence that a person can act on: no key, no secret, nothing of Braze's answer but its status. */
  readonly detail: string;
}

/** What several checks found, each by its name. */
export type Findings = Readonly<Record<string, Finding>>;

const toFinding =
  (status: Status) =>
  (detail: string): Finding => ({ status, detail });

export const ok = toFinding('ok');
export const warn = toFinding('warn');
export const fail = toFinding('fail');
export const skipped = toFinding('skipped');

/** What checks start from, or the finding of each of them where it could not be read. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unread'; readonly finding: Finding };

/** Awaits an AWS call: `skipped` where these credentials may not make it, or AWS does not answer now. */
export const read = async <T>(call: Promise<T>): Promise<Read<T>> => {
  try {
    return { kind: 'read', value: await call };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const isUnseen = error.kind === 'denied' || error.kind === 'unavailable';
    return { kind: 'unread', finding: (isUnseen ? skipped : fail)(error.message) };
  }
};

export const judge = <T>(found: Read<T>, judgeValue: (value: T) => Finding): Finding =>
  found.kind === 'read' ? judgeValue(found.value) : found.finding;
