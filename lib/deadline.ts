/** How long the conversation can still wait, on a clock that no one sets. */
export interface Budget {
  /** Milliseconds left; never negative. */
  left(): number;
  /** The part of this budget that ends `reserve` milliseconds earlier, so that something can follow. */
  less(reserve: number): Budget;
}

/** Node fires a timer that is longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const budgetOf = (milliseconds: number): Budget => {
  const end = performance.now() + Math.min(milliseconds, LONGEST_TIMER_MS);
  return {
    left: () => Math.max(0, end - performance.now()),
    less: (reserve) => budgetOf(end - performance.now() - reserve),
  };
};

/** What Lambda needs to hand the answer on before its own limit. */
const LAMBDA_MARGIN_MS = 500;

/** Until shortly before Lambda ends the invocation, but at most so many milliseconds. */
export const budgetOfInvocation = (
  lambda: { readonly getRemainingTimeInMillis?: () => number } | undefined,
  most: number,
): Budget =>
  budgetOf(Math.min(most, (lambda?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY) - LAMBDA_MARGIN_MS));

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The promise's value, or what `late` gives if the budget ends first. The promise itself runs on. */
export const within = async <T, L>(budget: Budget, promise: Promise<T>, late: () => L): Promise<T | L> => {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<L>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, budget.left());
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
};

/** A wait that spreads callers evenly: anything up to a bound that doubles with each failure ("full jitter"). */
export const fullJitter = (failures: number, base: number, most: number): number =>
  Math.random() * Math.min(most, base * 2 ** (failures - 1));
