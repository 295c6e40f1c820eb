export interface FaultQueue<Fault> {
  /** Without a number of times the fault stays until it is cleared. */
  add(fault: Fault, times?: number): void;
  /** The fault for the next request, if there is one. */
  take(): Fault | undefined;
  clear(): void;
}

export const createFaultQueue = <Fault>(): FaultQueue<Fault> => {
  let queue: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault, times = Number.POSITIVE_INFINITY) => {
      queue.push({ fault, left: times });
    },
    take: () => {
      queue = queue.filter(({ left }) => left > 0);
      const [next] = queue;
      if (next) next.left -= 1;
      return next?.fault;
    },
    clear: () => {
      queue = [];
    },
  };
};
