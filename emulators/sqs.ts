import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface SqsEmulator {
  /** For `AWS_ENDPOINT_URL_SQS`; queues are made and read with the SDK, as at AWS. */
  readonly url: string;
  close(): Promise<void>;
}

/** A local SQS (fauxqs) on a free port of this machine. */
export const startSqs = async (): Promise<SqsEmulator> => {
  const script = fileURLToPath(new URL('sqs-process.mjs', import.meta.url));
  const server = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout, 'data');
  return {
    url: String(line).trim(),
    close: async () => {
      server.stdin.end();
      await once(server, 'exit');
    },
  };
};
