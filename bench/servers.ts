import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../emulators/braze/faults.ts';
import type { Variables } from './environment.ts';

/** What Braze and SSM have received since they were last asked. */
export interface Received {
  readonly requests: number;
  readonly objects: number;
  readonly refused: number;
  readonly reads: number;
}

export interface Servers {
  readonly variables: Variables;
  received(): Promise<Received>;
  /** Every request to Braze meets the fault, until the next call. */
  setFault(fault?: Fault): Promise<void>;
  close(): void;
}

/** The emulators of Braze, SSM and SQS, in a process of their own. */
export const startServers = async (): Promise<Servers> => {
  const script = fileURLToPath(new URL('servers-process.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? '{}');
  const ask = (line = ''): Promise<Received> => {
    child.stdin.write(`${line}\n`);
    return next();
  };
  return {
    variables: await next(),
    received: () => ask(),
    setFault: async (fault) => {
      await ask(fault);
    },
    close: () => child.stdin.end(),
  };
};
