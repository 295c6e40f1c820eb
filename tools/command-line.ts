import { misused, Stop } from './cli.ts';
import { isStage, type Stage } from './service.ts';

/** The options that every command has. */
export const COMMON = {
  stage: { type: 'string', short: 's' },
  region: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What `parse` makes of a command line. A wrong one is never repeated: it may hold a key that does not belong there. */
export const understood = <T>(parse: () => T, usage: string): T => {
  try {
    return parse();
  } catch {
    throw misused('The command line is not understood. Values are never taken from it.', usage);
  }
};

interface Common {
  readonly stage?: string | undefined;
  readonly region?: string | undefined;
  readonly help?: boolean | undefined;
}

const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

/** The stage and the region that are meant. */
export const scopeOf = ({ stage, region, help }: Common, usage: string) => {
  if (help === true) throw new Stop(usage, 0);
  if (!isStage(stage)) throw misused('Say which stage: --stage sandbox or --stage prod.', usage);
  if (region !== undefined && !REGION.test(region)) {
    throw misused('--region takes an AWS region, such as eu-central-1.', usage);
  }
  return { stage, region } satisfies { stage: Stage; region: string | undefined };
};
