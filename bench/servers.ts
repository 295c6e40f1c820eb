import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
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
  close(): void;
}

/** The embedded Braze and SSM, in a process of their own. */
export const startServers = async (): Promise<Servers> => {
  const script = fileURLToPath(new URL('servers-process.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? '{}');
  return {
    variables: await next(),
    received: () => {
      child.stdin.write('\n');
      return next();
    },
    close: () => child.stdin.end(),
  };
};
