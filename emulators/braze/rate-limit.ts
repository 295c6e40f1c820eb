import type { Rate } from './endpoint.ts';

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly reset: number;
  readonly exceeded: boolean;
}

/** Counts requests in windows that begin on the clock, as Braze's do. */
export const createRateLimits = (now: () => number) => {
  const windows = new Map<string, { readonly end: number; used: number }>();
  return (rate: Rate): RateState => {
    const end = (Math.floor(now() / rate.perMs) + 1) * rate.perMs;
    const current = windows.get(rate.pool);
    const window = current?.end === end ? current : { end, used: 0 };
    windows.set(rate.pool, window);
    window.used += 1;
    return {
      limit: rate.limit,
      remaining: Math.max(0, rate.limit - window.used),
      reset: Math.ceil(end / 1000),
      exceeded: window.used > rate.limit,
    };
  };
};

export const rateHeaders = ({ limit, remaining, reset }: Omit<RateState, 'exceeded'>) => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(reset),
});

/** All three present and empty, as recorded on a 401. */
export const EMPTY_RATE_HEADERS = { 'X-RateLimit-Limit': '', 'X-RateLimit-Remaining': '', 'X-RateLimit-Reset': '' };
