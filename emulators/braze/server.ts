import { startServer } from '../server.ts';
import { type Braze, type BrazeOptions, createBraze, MAX_BODY_BYTES } from './gateway.ts';

export interface BrazeEmulator extends Braze {
  readonly url: string;
  close(): Promise<void>;
}

/** An emulated Braze on loopback, on a free port unless one is given. */
export const startBraze = async ({
  port,
  ...options
}: BrazeOptions & { readonly port?: number } = {}): Promise<BrazeEmulator> => {
  const braze = createBraze(options);
  const server = await startServer(
    MAX_BODY_BYTES,
    async ({ received, send, pause, reset, drip }) => {
      const reaction = braze.receive(received);
      switch (reaction.kind) {
        case 'response':
          if (reaction.delayMs === 0 || (await pause(reaction.delayMs))) send(reaction.result);
          return;
        case 'drip':
          return drip(reaction.result);
        case 'reset':
          return reset();
        case 'hang':
          return;
      }
    },
    port,
  );
  return Object.assign(braze, { url: server.url, close: server.close });
};
