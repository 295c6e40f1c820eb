import { randomBytes } from 'node:crypto';
import {
  GetParametersCommand,
  type ParameterType,
  PutParameterCommand,
  paginateDescribeParameters,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { MIN_SECRET_CHARACTERS } from '../lib/config/parameters.ts';
import { callAws, clientOptions, orExit } from './aws.ts';
import { CliError } from './cli.ts';
import { PARAMETERS, type Parameter, type Stage, toParameterPath } from './service.ts';

export interface StoredParameter {
  readonly type: ParameterType | undefined;
  readonly value: string;
}

const DESCRIPTIONS: Readonly<Record<Parameter, string>> = {
  braze_url: 'REST endpoint of the Braze workspace',
  braze_api_key: 'REST API key of the Braze workspace',
  node_secret: 'Secret of the signed HTTPS entry; two, separated by a comma, while it is being rotated',
  link_secret: 'Secret of the links that prove who opened them; two, separated by a comma, while it is being rotated',
};

/** The parameters of one stage in Parameter Store. */
export class StageParameters {
  readonly #stage: Stage;
  readonly #client: SSMClient;

  constructor(stage: Stage, region: string) {
    this.#stage = stage;
    this.#client = new SSMClient(clientOptions(region));
  }

  /** Throws what the SDK throws. */
  async find(parameters: readonly Parameter[], decrypt: boolean): Promise<ReadonlyMap<Parameter, StoredParameter>> {
    const names = new Map(parameters.map((parameter) => [toParameterPath(this.#stage, parameter), parameter]));
    const command = new GetParametersCommand({ Names: [...names.keys()], WithDecryption: decrypt });
    const { Parameters = [] } = await callAws((options) => this.#client.send(command, options));
    return new Map(
      Parameters.flatMap(({ Name = '', Type, Value = '' }) => {
        const parameter = names.get(Name);
        return parameter === undefined ? [] : [[parameter, { type: Type, value: Value }] as const];
      }),
    );
  }

  /** As `find`, but a failure ends the command. */
  read(parameters: readonly Parameter[], decrypt: boolean): Promise<ReadonlyMap<Parameter, StoredParameter>> {
    return orExit('ssm:GetParameters', this.find(parameters, decrypt));
  }

  /**
   * Writes a parameter. `exists` allows overwriting, which keeps the parameter's own KMS key unless another is given:
   * `PutParameter` without a key id would re-encrypt with `aws/ssm`.
   */
  async write(parameter: Parameter, value: string, exists: boolean, kmsKey: string | undefined): Promise<void> {
    const name = toParameterPath(this.#stage, parameter);
    const type = PARAMETERS[parameter];
    const key = type === 'SecureString' ? (kmsKey ?? (exists ? await this.#findKmsKey(name) : undefined)) : undefined;
    const command = new PutParameterCommand({
      Name: name,
      Value: value,
      Type: type,
      Description: DESCRIPTIONS[parameter],
      Overwrite: exists,
      ...(key !== undefined && { KeyId: key }),
    });
    const written = callAws((options) => this.#client.send(command, options));
    await orExit('ssm:PutParameter', written, ({ name: error, sentence }) => {
      if (error === 'ParameterAlreadyExists') return `${name} was created by someone else meanwhile; run this again.`;
      if (error === 'HierarchyTypeMismatchException') {
        return `${name} is not a ${type}, and a type cannot be changed: delete the parameter and run this again.`;
      }
      if (error === 'InvalidKeyId') return `${name} was not written: its KMS key does not exist or is not enabled.`;
      return `${name} was not written. ${sentence}`;
    });
  }

  async #findKmsKey(name: string): Promise<string | undefined> {
    const filter = { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }] };
    const find = async (options: { readonly abortSignal: AbortSignal }) => {
      for await (const { Parameters = [] } of paginateDescribeParameters({ client: this.#client }, filter, options)) {
        const found = Parameters.find(({ Name }) => Name === name);
        if (found !== undefined) return found.KeyId;
      }
      return undefined;
    };
    return orExit(
      'ssm:DescribeParameters',
      callAws(find),
      ({ sentence }) =>
        `${name} was not written, since its KMS key is unknown. ${sentence} Or name the key with --kms-key; the default is alias/aws/ssm.`,
    );
  }
}

/** The value of a parameter without which the command cannot go on. */
export const requireParameter = (
  found: ReadonlyMap<Parameter, StoredParameter>,
  parameter: Parameter,
  stage: Stage,
): string => {
  const stored = found.get(parameter);
  if (stored !== undefined) return stored.value;
  throw new CliError(
    `The parameter ${toParameterPath(stage, parameter)} is missing. First run: npm run configure -- --stage ${stage}`,
  );
};

export const makeSecret = (): string => randomBytes(32).toString('base64url');

/** What is wrong with one secret. */
export const findSecretFault = (secret: string): string | undefined => {
  if (!/^[\x21-\x7e]+$/.test(secret) || /[,"'`]/.test(secret)) {
    return 'holds blanks, commas, quotes or characters outside ASCII';
  }
  return secret.length < MIN_SECRET_CHARACTERS ? `is shorter than ${MIN_SECRET_CHARACTERS} characters` : undefined;
};
