import { type Answer, type Received, startServer } from '../server.ts';
import { type Braze, type BrazeOptions, createBraze, MAX_BODY_BYTES } from './gateway.ts';

export interface BrazeEmulator extends Braze {
  readonly url: string;
  close(): Promise<void>;
}

/** What programs in other languages ask of the emulator, since they cannot call its functions. */
const control = (braze: Braze, { method, path }: Received): Answer | undefined => {
  const json = (value: unknown): Answer => ({
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  });
  switch (`${method} ${path}`) {
    case 'GET /_emulator/profiles':
      return json(braze.profiles);
    case 'GET /_emulator/requests':
      return json(braze.requests);
    case 'POST /_emulator/reset':
      braze.reset();
      return json({});
    default:
      return undefined;
  }
};

/** An emulated Braze on loopback, on a free port unless one is given. */
export const startBraze = async ({
  port,
  ...options
}: BrazeOptions & { readonly port?: number } = {}): Promise<BrazeEmulator> => {
  const braze = createBraze(options);
  const server = await startServer(
    MAX_BODY_BYTES,
    async ({ received, send, pause, reset, drip }) => {
      const controlled = control(braze, received);
      if (controlled) return send(controlled);
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
