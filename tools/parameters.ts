import { randomBytes } from 'node:crypto';
import {
  GetParametersCommand,
  type ParameterType,
  PutParameterCommand,
  paginateDescribeParameters,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { MIN_SECRET_CHARACTERS } from '../lib/config/parameters.ts';
import { callAws, clientOptions } from './aws.ts';
import { CliError } from './cli.ts';
import { PARAMETERS, type Parameter, type Stage, toParameterPath } from './service.ts';

interface StoredParameter {
  readonly type: ParameterType | undefined;
  readonly value: string;
}

const DESCRIPTIONS: Readonly<Record<Parameter, string>> = {
  braze_url: 'REST endpoint of the Braze workspace',
  braze_api_key: 'REST API key of the Braze workspace',
  node_secret: 'Secret of the signed HTTPS entry; two, separated by a comma, while it is being rotated',
  link_secret: 'Secret of the links that prove who opened them; two, separated by a comma, while it is being rotated',
};

const READ_ERRORS = {
  InvalidKeyId:
    'The parameter cannot be decrypted: its KMS key is disabled or deleted. Run npm run configure with --kms-key.',
};

const WRITE_ERRORS = {
  ParameterAlreadyExists: 'The parameter was created by someone else meanwhile: run this again.',
  HierarchyTypeMismatchException: 'A type cannot be changed: delete the parameter and run this again.',
  InvalidKeyId: 'The KMS key does not exist or is not enabled.',
};

/** The parameters of one stage in Parameter Store. A call that fails throws `AwsError`. */
export class StageParameters {
  readonly #stage: Stage;
  readonly #client: SSMClient;

  constructor(stage: Stage, region: string) {
    this.#stage = stage;
    this.#client = new SSMClient(clientOptions(region));
  }

  /** Those that exist; without `decrypt`, the values of SecureStrings are ciphertexts. */
  async find(parameters: readonly Parameter[], decrypt: boolean): Promise<ReadonlyMap<Parameter, StoredParameter>> {
    const names = new Map(parameters.map((parameter) => [toParameterPath(this.#stage, parameter), parameter]));
    const command = new GetParametersCommand({ Names: [...names.keys()], WithDecryption: decrypt });
    const send = (options: object) => this.#client.send(command, options);
    const { Parameters = [] } = await callAws('ssm:GetParameters', send, { sentences: READ_ERRORS });
    return new Map(
      Parameters.flatMap(({ Name = '', Type, Value = '' }) => {
        const parameter = names.get(Name);
        return parameter === undefined ? [] : [[parameter, { type: Type, value: Value }] as const];
      }),
    );
  }

  /**
   * Writes a parameter. `exists` allows overwriting, which keeps the parameter's own KMS key unless another is given:
   * `PutParameter` without a key id would re-encrypt with `aws/ssm`.
   */
  async write(parameter: Parameter, value: string, exists: boolean, kmsKey: string | undefined): Promise<void> {
    const name = toParameterPath(this.#stage, parameter);
    const type = PARAMETERS[parameter];
    const isSecret = type === 'SecureString';
    const command = new PutParameterCommand({
      Name: name,
      Value: value,
      Type: type,
      Description: DESCRIPTIONS[parameter],
      Overwrite: exists,
      KeyId: isSecret ? (kmsKey ?? (exists ? await this.#findKmsKey(name) : undefined)) : undefined,
    });
    const context = { sentences: WRITE_ERRORS, advice: `${name} was not written.` };
    await callAws('ssm:PutParameter', (options) => this.#client.send(command, options), context);
  }

  #findKmsKey(name: string): Promise<string | undefined> {
    const filter = { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }] };
    const find = async (options: object) => {
      for await (const { Parameters = [] } of paginateDescribeParameters({ client: this.#client }, filter, options)) {
        const found = Parameters.find(({ Name }) => Name === name);
        if (found !== undefined) return found.KeyId;
      }
      return undefined;
    };
    const advice = `${name} was not written. You can name its KMS key with --kms-key; the default is alias/aws/ssm.`;
    return callAws('ssm:DescribeParameters', find, { advice });
  }
}

/** Ends a command that cannot go on without the parameter. */
export const missingParameter = (parameter: Parameter, stage: Stage): CliError => {
  const option = parameter === 'link_secret' ? ' --rotate-link-secret' : '';
  const path = toParameterPath(stage, parameter);
  return new CliError(
    `The parameter ${path} is missing or malformed. First run: npm run configure -- --stage ${stage}${option}`,
  );
};

export const makeSecret = (): string => randomBytes(32).toString('base64url');

/** What is wrong with one secret. */
export const findSecretProblem = (secret: string): string | undefined => {
  if (!/^[\x21-\x7e]*$/.test(secret) || /[,"'`]/.test(secret)) {
    return 'holds blanks, commas, quotes or characters outside ASCII';
  }
  return secret.length < MIN_SECRET_CHARACTERS ? `is shorter than ${MIN_SECRET_CHARACTERS} characters` : undefined;
};
