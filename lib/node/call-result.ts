import { type AnswerParts, type Outcome, SUCCESS_BY_OUTCOME } from '../answer.ts';
import type { BrazeRequest } from '../braze/endpoint.ts';
import { locateRejected } from '../braze/response.ts';
import type { DeliveryResult } from '../delivery/send-or-queue.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { InvalidReason } from '../payload/invalid-reason.ts';

export type InvalidFields = ReadonlyMap<string, InvalidReason>;

/** The result of a call: the answer to the flow, and details for the log line. */
export interface CallResult extends AnswerParts {
  readonly invalid?: InvalidFields;
  readonly delivery?: DeliveryResult;
  readonly cause?: unknown;
  /** Whether it is the answer that the same call got before. */
  readonly isRepeated?: boolean;
  /** Whether Braze's answer came from the cache. */
  readonly isCached?: boolean;
  /** Only of an HTTPS call that was rejected before its payload was parsed. */
  readonly httpStatus?: 400 | 401 | 413;
}

/** The result of one step of a call: a value for the next step, or the result that ends the call. */
export type Step<T> =
  | { readonly kind: 'continue'; readonly value: T }
  | { readonly kind: 'end'; readonly result: CallResult };

/** Creates a result with one of the common outcomes. */
export const createResult = (outcome: Outcome, detail: string, more: Partial<CallResult> = {}): CallResult => ({
  success: SUCCESS_BY_OUTCOME[outcome],
  outcome,
  detail,
  ...more,
});

/** Creates the last step of a call, with one of the common outcomes. */
export const endWith = (outcome: Outcome, detail: string, more?: Partial<CallResult>): Step<never> => ({
  kind: 'end',
  result: createResult(outcome, detail, more),
});

/** Describes whether the request of a failed call still exists. */
export const describeQueueing = (isQueued: boolean): string =>
  isQueued ? 'The request waits in the dead-letter queue.' : 'The request was not kept.';

/** Converts Braze's answer to a request that it accepted, with the payload paths of the objects that it rejected. */
const acceptedToResult = (
  delivery: DeliveryResult & { readonly kind: 'accepted' },
  { paths = {} }: BrazeRequest,
  invalid: InvalidFields,
): CallResult => {
  const { extent, positions } = locateRejected(delivery.accepted, paths);
  const rejected = Object.entries(paths).flatMap(([name, list]) =>
    list.filter((_, at) => positions.some(({ array, index }) => array === name && index === at)),
  );
  const all = new Map([...invalid, ...rejected.map((path) => [path, 'refused_by_braze'] as const)]);
  const details = { delivery, invalid: all };
  if (extent === 'all') return createResult('rejected', 'Braze rejected every object of the request.', details);
  if (all.size === 0 && extent === 'none') return createResult('sent', 'Braze accepted everything.', details);
  return createResult('partial', 'Braze accepted the request, but some fields or objects were left out.', details);
};

/** Converts the result of a delivery to the outcome that the flow branches on. */
export const deliveryToResult = (
  delivery: DeliveryResult,
  request: BrazeRequest,
  invalid: InvalidFields,
): CallResult => {
  const details = { delivery, invalid, cause: delivery.cause };
  switch (delivery.kind) {
    case 'accepted':
      return acceptedToResult(delivery, request, invalid);
    case 'rejected':
      return createResult('rejected', `Braze rejected the request (${delivery.exchange.status}).`, details);
    case 'queued':
      return createResult('queued', 'Braze cannot take the request now. It is stored and will be sent again.', details);
    case 'misconfigured':
      return createResult('misconfigured', `${delivery.problem} ${describeQueueing(delivery.isDeadLettered)}`, details);
    case 'in_doubt':
      return createResult('in_doubt', `Braze may have processed the request. ${describeQueueing(true)}`, details);
    case 'unavailable':
      return createResult('unavailable', 'Braze could not take the request, and no queue stored it.', details);
  }
};

/** Converts an error to a result. Any error of another class is a bug. */
export const errorToResult = (cause: unknown): CallResult => {
  if (cause instanceof ConfigurationError) {
    return createResult('misconfigured', `${cause.message} ${describeQueueing(false)}`, { cause });
  }
  const isKnown = cause instanceof ParametersUnavailableError;
  return createResult('unavailable', isKnown ? cause.message : 'An internal error. The log line has its name.', {
    cause,
  });
};
