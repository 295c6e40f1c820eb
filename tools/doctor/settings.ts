import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { parseNodeNames } from '../../lib/config/env.ts';
import { parseOptionalSettings } from '../../lib/config/optional-settings.ts';
import { callAws, clientOptions } from '../aws.ts';
import { type Stage, toStackName } from '../service.ts';
import type { ProbedNode } from './braze.ts';
import { type Finding, fail, ok, type Read, read, skipped, warn } from './check.ts';

export type Variables = Readonly<Record<string, string>>;

/** The deployed settings, in the environment of one function: all functions of a stage have the same. */
export const readVariables = async (stage: Stage, region: string): Promise<Read<Variables>> => {
  const client = new LambdaClient(clientOptions(region));
  const command = new GetFunctionConfigurationCommand({ FunctionName: `${toStackName(stage)}-track-user` });
  const sentences = { ResourceNotFoundException: 'There is no function track-user in this stage: deploy again.' };
  const send = async (options: object) => (await client.send(command, options)).Environment?.Variables ?? {};
  const variables = await read(callAws('lambda:GetFunctionConfiguration', send, { sentences }));
  return variables.kind === 'read' ? variables : { kind: 'unread', finding: skipped(variables.finding.detail) };
};

/** Whether the functions can read their settings. */
export const judgeSettings = (variables: Variables): Finding => {
  const { values, ignored } = parseOptionalSettings(variables);
  if (ignored.length > 0) {
    const names = ignored.join(', ');
    return warn(`settings_ignored: ${names} cannot be read and counts as unset. Correct its param and deploy.`);
  }
  return values.DATE_ORDER === undefined
    ? warn(
        'DATE_ORDER is unset: a birth date such as 03/04/1980 is left out. Deploy with --param="dateOrder=DMY" or MDY.',
      )
    : ok(`All readable, DATE_ORDER is ${values.DATE_ORDER}.`);
};

/** Lists the nodes that act on typed identifiers, and checks whether the others can verify an identity. */
export const judgeIdentities = (
  { VERIFIED_NODES = '' }: Variables,
  nodes: readonly ProbedNode[],
  hasLinkSecret: boolean,
): Finding => {
  const verified = parseNodeNames(VERIFIED_NODES);
  if (verified.length > 0 && !hasLinkSecret) {
    const advice = 'run npm run configure with --rotate-link-secret';
    return fail(`Without a link_secret ${verified.join(', ')} answer misconfigured: ${advice}.`);
  }
  const typed = nodes.filter(({ name, identifiers }) => identifiers?.length !== 0 && !verified.includes(name));
  const names = typed.map(({ name }) => name).join(', ');
  return ok(
    typed.length === 0
      ? 'Every node that is about a person requires a verified identity.'
      : `Unless a payload has require_verified, these act on identities that anybody can type (docs/trust.md): ${names}.`,
  );
};
