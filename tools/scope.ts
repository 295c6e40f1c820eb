import type { Arguments } from './cli.ts';
import { lookUpRegion } from './region.ts';
import { STAGES, type Stage } from './service.ts';

/** The options of every tool that works on a stage. */
export const SCOPE_OPTIONS = { stage: { type: 'string', short: 's' }, region: { type: 'string' } } as const;

export const SCOPE_USAGE = `  --stage sandbox|prod   the stage
  --region REGION        default: AWS_REGION, else AWS_DEFAULT_REGION, else the AWS profile's, else us-east-1`;

const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

/** The stage and the region that a tool works on, and the line that it prints first. */
export type Scope = { readonly stage: Stage; readonly region: string; readonly line: string };

/** Reads `--stage` and `--region`; the region is looked up as in serverless.yml where it is not given. */
export const readScope = async ({ values, usageError }: Arguments<typeof SCOPE_OPTIONS>): Promise<Scope> => {
  const stage = STAGES.find((name) => name === values.stage);
  if (stage === undefined) throw usageError('A stage is needed: --stage sandbox or --stage prod.');
  if (values.region !== undefined && !REGION.test(values.region)) {
    throw usageError('--region takes an AWS region, such as eu-central-1.');
  }
  const { name, source } = values.region ? { name: values.region, source: '--region' } : await lookUpRegion();
  return { stage, region: name, line: `Region ${name} (from ${source}), stage ${stage}.` };
};
