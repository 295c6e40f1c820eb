import { readdirSync, readFileSync } from 'node:fs';
import { parse, type ScalarTag } from 'yaml';

/** CloudFormation's short forms stay as they are written: what matters here is not what they stand for. */
const TAGS: readonly ScalarTag[] = ['!GetAtt', '!Sub', '!Ref'].map((tag) => ({
  tag,
  resolve: (text) => `${tag} ${text}`,
}));

/** A YAML file of the service. */
export const readYaml = (file: string): unknown =>
  parse(readFileSync(file, 'utf8'), { customTags: [...TAGS], logLevel: 'error' });

export interface Service {
  readonly service: string;
  readonly params: { readonly [stage: string]: { readonly [name: string]: unknown } };
  readonly provider: {
    readonly runtime: string;
    readonly timeout: number;
    readonly versionFunctions: boolean;
    readonly iam: { readonly role: string };
    readonly logs: { readonly httpApi: { readonly format: string } };
  };
  readonly custom: { readonly esbuild: { readonly [option: string]: unknown } };
  readonly functions: {
    readonly [name: string]: {
      readonly handler: string;
      readonly role?: string;
      readonly timeout?: number;
      readonly events?: readonly { readonly [kind: string]: unknown }[];
    };
  };
}

export const service = readYaml('serverless.yml') as Service;

const namesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted();

/** The names of the nodes, as the folder of handlers has them. */
export const nodes = namesIn('handlers', '.ts');
export const sampleEvents = namesIn('events', '.json');
