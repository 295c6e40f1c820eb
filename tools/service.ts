import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

const SERVERLESS_YML = join(import.meta.dirname, '../serverless.yml');

/** The service's name, of which `serverless.yml` is the only place; the names of its AWS resources follow from it. */
export const SERVICE = v.parse(
  v.object({ service: v.string() }),
  parse(readFileSync(SERVERLESS_YML, 'utf8'), { logLevel: 'error' }),
).service;

export const STAGES = ['sandbox', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

/** The parameters of a stage and their types in Parameter Store. */
export const PARAMETERS = {
  braze_url: 'String',
  braze_api_key: 'SecureString',
  node_secret: 'SecureString',
  link_secret: 'SecureString',
} as const;
export type Parameter = keyof typeof PARAMETERS;

export const toParameterPath = (stage: Stage, parameter: Parameter): string => `/${SERVICE}/${stage}/${parameter}`;

/** The CloudFormation stack's name, with which the names of its functions begin, too. */
export const toStackName = (stage: Stage): string => `${SERVICE}-${stage}`;
