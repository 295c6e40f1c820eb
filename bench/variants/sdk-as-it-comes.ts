// In place of lib/config/ssm-client.ts: the client without options, as most functions create it.
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { GetParameters } from '../../lib/config/parameters.ts';

export const createGetParameters = (): GetParameters => {
  const client = new SSMClient({});
  return async (path, names) => {
    const command = new GetParametersCommand({ Names: names.map((name) => `${path}/${name}`), WithDecryption: true });
    const { Parameters = [] } = await client.send(command);
    return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name.slice(path.length + 1), Value]));
  };
};
