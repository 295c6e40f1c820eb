import { startServer } from '../../emulators/server.ts';
import type { TestStage } from './stage.ts';

interface GivenAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Runs something while the Braze of the stage gives every request one and the same answer. */
export const whileBrazeAnswers = async <T>(
  stage: TestStage,
  answer: GivenAnswer,
  run: () => Promise<T>,
): Promise<T> => {
  const server = await startServer(100_000, ({ send }) => send(answer));
  stage.setParameter('braze_url', server.url);
  try {
    return await run();
  } finally {
    await server.close();
  }
};
