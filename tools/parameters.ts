import {
  GetParametersCommand,
  type ParameterType,
  PutParameterCommand,
  paginateDescribeParameters,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { call, clientSettings, orStop } from './aws.ts';
import { Stop } from './cli.ts';
import { PARAMETERS, type Parameter, pathOf, type Stage } from './service.ts';

export interface StoredParameter {
  readonly type: ParameterType | undefined;
  readonly value: string;
}

const DESCRIPTIONS: Readonly<Record<Parameter, string>> = {
  braze_url: 'REST endpoint of the Braze workspace',
  braze_api_key: 'REST API key of the Braze workspace',
  node_secret: 'Secret of the signed HTTPS entry; two, separated by a comma, while one is being rotated',
};

/** The parameters of one stage in Parameter Store. */
export class StageParameters {
  readonly #stage: Stage;
  readonly #client: SSMClient;

  constructor(stage: Stage, region: string) {
    this.#stage = stage;
    this.#client = new SSMClient(clientSettings(region));
  }

  /** Throws whatever the SDK throws. */
  async find(parameters: readonly Parameter[], decrypt: boolean): Promise<ReadonlyMap<Parameter, StoredParameter>> {
    const names = new Map(parameters.map((parameter) => [pathOf(this.#stage, parameter), parameter]));
    const command = new GetParametersCommand({ Names: [...names.keys()], WithDecryption: decrypt });
    const { Parameters = [] } = await call((options) => this.#client.send(command, options));
    return new Map(
      Parameters.flatMap(({ Name = '', Type, Value = '' }) => {
        const parameter = names.get(Name);
        return parameter === undefined ? [] : [[parameter, { type: Type, value: Value }] as const];
      }),
    );
  }

  /** As `find`, but a failure ends the command. */
  read(parameters: readonly Parameter[], decrypt: boolean): Promise<ReadonlyMap<Parameter, StoredParameter>> {
    return orStop('ssm:GetParameters', this.find(parameters, decrypt));
  }

  /**
   * Writes a parameter. One that is there is only overwritten when the caller knows of it (`exists`), and stays
   * encrypted with its own key unless another is given: Parameter Store would silently fall back to `aws/ssm`.
   */
  async write(parameter: Parameter, value: string, exists: boolean, kmsKey: string | undefined): Promise<void> {
    const name = pathOf(this.#stage, parameter);
    const type = PARAMETERS[parameter];
    const key = type === 'SecureString' ? (kmsKey ?? (exists ? await this.#keyOf(name) : undefined)) : undefined;
    const command = new PutParameterCommand({
      Name: name,
      Value: value,
      Type: type,
      Description: DESCRIPTIONS[parameter],
      Overwrite: exists,
      ...(key !== undefined && { KeyId: key }),
    });
    const written = call((options) => this.#client.send(command, options));
    await orStop('ssm:PutParameter', written, ({ name: error, sentence }) => {
      if (error === 'ParameterAlreadyExists') return `${name} was made by someone else meanwhile; run this again.`;
      if (error === 'HierarchyTypeMismatchException') {
        return `${name} is not a ${type}, and a type cannot be changed: delete the parameter and run this again.`;
      }
      if (error === 'InvalidKeyId') return `${name} was not written: its KMS key does not exist or is not enabled.`;
      return `${name} was not written. ${sentence}`;
    });
  }

  async #keyOf(name: string): Promise<string | undefined> {
    const input = { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }] };
    const find = async (options: { readonly abortSignal: AbortSignal }) => {
      for await (const { Parameters = [] } of paginateDescribeParameters({ client: this.#client }, input, options)) {
        const found = Parameters.find(({ Name }) => Name === name);
        if (found !== undefined) return found.KeyId;
      }
      return undefined;
    };
    return orStop('ssm:DescribeParameters', call(find), ({ sentence }) =>
      [
        `${name} was not written: which KMS key it is encrypted with could not be found out. ${sentence}`,
        'Or say it with --kms-key; the default key is alias/aws/ssm.',
      ].join(' '),
    );
  }
}

/** The value of a parameter that must be there. */
export const required = (
  found: ReadonlyMap<Parameter, StoredParameter>,
  parameter: Parameter,
  stage: Stage,
): string => {
  const stored = found.get(parameter);
  if (stored !== undefined) return stored.value;
  throw new Stop(
    `The parameter ${pathOf(stage, parameter)} is missing. First run: npm run configure -- --stage ${stage}`,
  );
};
