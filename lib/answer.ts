/** The values of `success`, on which flows branch; `false` is a negative result, such as `not_found`. */
export type Success = 'true' | 'false' | 'error';

/** The outcomes that every node can have, each with its value of `success`. */
export const SUCCESS_BY_OUTCOME = {
  sent: 'true',
  partial: 'true',
  queued: 'true',
  invalid: 'error',
  unverified: 'false',
  rejected: 'error',
  misconfigured: 'error',
  in_doubt: 'error',
  unavailable: 'error',
} as const satisfies { readonly [outcome: string]: Success };

export type Outcome = keyof typeof SUCCESS_BY_OUTCOME;

/** What a node returns to the flow: always a flat object of strings, because that is all a flow can store. */
export interface Answer {
  readonly success: string;
  readonly outcome: string;
  readonly detail: string;
  readonly [key: string]: string;
}

/** The parts of an answer; `invalid` maps payload paths, spelled as the designer wrote them, to reasons. */
export interface AnswerParts {
  readonly success: Success;
  readonly outcome: string;
  readonly detail: string;
  readonly values?: { readonly [key: string]: string } | undefined;
  readonly invalid?: ReadonlyMap<string, string>;
  /** Only with a `signed_id`: whether it proved the identity. */
  readonly identity?: 'verified' | 'typed' | undefined;
}

/** Adds `BRAZE_INVALID_FIELDS` only if a field is invalid, and `BRAZE_IDENTITY` only if there was a `signed_id`. */
export const toAnswer = ({ success, outcome, detail, values, invalid = new Map(), identity }: AnswerParts): Answer => ({
  ...values,
  success,
  outcome,
  detail,
  ...(invalid.size > 0 && { BRAZE_INVALID_FIELDS: [...invalid.keys()].join(',') }),
  ...(identity !== undefined && { BRAZE_IDENTITY: identity }),
});
