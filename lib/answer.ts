/** What the partner page's flows branch on; `false` is a look-up node's "no". */
export type Success = 'true' | 'false' | 'error';

/** The words a flow can branch on, and what `success` says with each (contract, section 3). */
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

/** What a node gives the flow: a flat object of strings, whatever happens. */
export interface Answer {
  readonly success: string;
  readonly outcome: string;
  readonly detail: string;
  readonly [key: string]: string;
}

/** What an answer is made of; `invalid` holds payload paths as the designer wrote them, and why each is invalid. */
export interface AnswerParts {
  readonly success: Success;
  readonly outcome: string;
  readonly detail: string;
  readonly values?: { readonly [key: string]: string } | undefined;
  readonly invalid?: ReadonlyMap<string, string>;
  /** Of a payload with a `signed_id`: whether it proved who it is about. */
  readonly identity?: 'verified' | 'typed' | undefined;
}

/** `BRAZE_INVALID_FIELDS` and `BRAZE_IDENTITY` are only there where they say something. */
export const toAnswer = ({ success, outcome, detail, values, invalid = new Map(), identity }: AnswerParts): Answer => ({
  ...values,
  success,
  outcome,
  detail,
  ...(invalid.size > 0 && { BRAZE_INVALID_FIELDS: [...invalid.keys()].join(',') }),
  ...(identity !== undefined && { BRAZE_IDENTITY: identity }),
});
