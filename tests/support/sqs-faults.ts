import { type LoopbackServer, startServer } from '../../emulators/server.ts';

export interface FaultySqs extends LoopbackServer {
  /** How many requests came. */
  readonly requests: number;
}

/** An SQS that answers everything with 500, or with nothing at all. */
export const startFaultySqs = async (fault: 'fails' | 'hangs'): Promise<FaultySqs> => {
  let requests = 0;
  const server = await startServer(2_000_000, (exchange) => {
    requests += 1;
    if (fault === 'fails') exchange.send({ status: 500, body: '{"__type":"InternalFailure"}' });
  });
  return {
    ...server,
    get requests() {
      return requests;
    },
  };
};
