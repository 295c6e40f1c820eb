import { dirname } from 'node:path/posix';
import { styleText } from 'node:util';
import { startLocalStage } from '../../emulators/local-stage.ts';
import { toParameterPath } from '../service.ts';
import { Conversation, type UseCase } from './conversation.ts';
import { STAGE } from './invoke.ts';
import { insights } from './use-cases/insights.ts';
import { retargeting } from './use-cases/retargeting.ts';
import { targeting } from './use-cases/targeting.ts';

/** The use cases of Braze's partner page about Pypestream. */
export const USE_CASES = { retargeting, targeting, insights } as const satisfies { readonly [name: string]: UseCase };
export type UseCaseName = keyof typeof USE_CASES;

export const isUseCase = (name: string): name is UseCaseName => Object.hasOwn(USE_CASES, name);

/** Runs the conversation of a use case against the emulators, and returns it. */
export const runUseCase = async (name: UseCaseName, print: (line: string) => void): Promise<Conversation> => {
  const { title, stage: options, run } = USE_CASES[name];
  const parameterPath = dirname(toParameterPath(STAGE, 'braze_url'));
  const stage = await startLocalStage({ ...options, parameterPath });
  try {
    print(styleText('bold', title));
    const chat = new Conversation(stage, print);
    await run(chat);
    print(
      `\nThe flow's nodes, branches and texts: docs/use-cases.md. Braze, SSM and SQS were emulators on this machine.`,
    );
    return chat;
  } finally {
    await stage.close();
  }
};
