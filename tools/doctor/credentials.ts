import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { call, clientSettings, failureOf } from '../aws.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** Who this run is for AWS. Fails only where no other AWS call could work either. */
export const checkCredentials = async (region: string): Promise<Check> => {
  const check = 'credentials';
  const client = new STSClient(clientSettings(region));
  try {
    const { Account, Arn } = await call((options) => client.send(new GetCallerIdentityCommand({}), options));
    return ok(check, `Account ${Account} in ${region}, as ${Arn}.`);
  } catch (error) {
    const { kind, sentence } = failureOf(error, 'sts:GetCallerIdentity');
    return kind === 'credentials' ? fail(check, sentence) : warn(check, sentence);
  }
};
