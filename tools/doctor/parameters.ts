import { findApiKeyProblem, toBrazeUrl } from '../../lib/braze/credentials.ts';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { toAwsFailure } from '../aws.ts';
import { findInstance, isLoopback } from '../braze-instances.ts';
import { findSecretFault, StageParameters, type StoredParameter } from '../parameters.ts';
import { PARAMETERS, type Parameter, type Stage, toParameterPath } from '../service.ts';
import { type Check, fail, ok, toFailedCheck, warn } from './check.ts';

/** The values of the parameters that are well-formed. */
export interface Configured {
  readonly url?: string;
  readonly apiKey?: string;
  readonly secrets?: readonly string[];
  readonly linkSecrets?: readonly string[];
}

interface Judgement {
  readonly check: Check;
  readonly configured: Configured;
}

const judgeUrl = (check: string, value: string): Judgement => {
  const url = toBrazeUrl(value);
  if (url === undefined) {
    const detail = 'It is not a Braze REST endpoint (https://rest.….braze.com or .eu): run npm run configure.';
    return { check: fail(check, detail), configured: {} };
  }
  if (isLoopback(url)) {
    const detail = 'It is a loopback address, which is good for tests: no function in AWS reaches Braze there.';
    return { check: warn(check, detail), configured: { url } };
  }
  const instance = findInstance(url);
  const detail =
    instance === undefined
      ? 'Well-formed, but not a known Braze instance: check for a typing mistake.'
      : `Braze instance ${instance}.`;
  return { check: ok(check, detail), configured: { url } };
};

const WELL_FORMED = 'Present, decryptable and well-formed.';

const judgeApiKey = (check: string, apiKey: string): Judgement => {
  const fault = findApiKeyProblem(apiKey);
  return fault === undefined
    ? { check: ok(check, WELL_FORMED), configured: { apiKey } }
    : { check: fail(check, `The key ${fault}: run npm run configure with --rotate-key.`), configured: {} };
};

const judgeSecrets = (check: string, secrets: readonly string[], option: string): Check => {
  const fault = secrets.map(findSecretFault).find((found) => found !== undefined);
  if (fault !== undefined)
    return fail(check, `A secret ${fault}, so it opens nothing: run npm run configure with ${option}.`);
  return secrets.length > 1
    ? warn(check, `It holds ${secrets.length} secrets: finish the rotation with npm run configure, ${option} --finish.`)
    : ok(check, WELL_FORMED);
};

const judgeNodeSecret = (check: string, value: string): Judgement => {
  const secrets = parseSecrets(value);
  if (secrets.length === 0) {
    const detail = 'It is empty, so every signed call is refused: run npm run configure.';
    return { check: fail(check, detail), configured: {} };
  }
  return { check: judgeSecrets(check, secrets, '--rotate-secret'), configured: { secrets } };
};

const judgeLinkSecret = (check: string, value: string): Judgement => {
  const linkSecrets = parseSecrets(value);
  if (linkSecrets.length === 0) {
    const detail = 'It is empty, so no link proves anything: run npm run configure with --rotate-link-secret.';
    return { check: fail(check, detail), configured: {} };
  }
  return { check: judgeSecrets(check, linkSecrets, '--rotate-link-secret'), configured: { linkSecrets } };
};

const judges = {
  braze_url: judgeUrl,
  braze_api_key: judgeApiKey,
  node_secret: judgeNodeSecret,
  link_secret: judgeLinkSecret,
} as const;

const judge = (parameter: Parameter, stage: Stage, stored: StoredParameter | undefined): Judgement => {
  const check = `parameter ${parameter}`;
  const path = toParameterPath(stage, parameter);
  if (stored === undefined && parameter === 'link_secret') {
    const detail =
      'Not set, so no link proves who opened it: run npm run configure with --rotate-link-secret to use them.';
    return { check: ok(check, detail), configured: {} };
  }
  if (stored === undefined) {
    return { check: fail(check, `${path} is missing: run npm run configure -- --stage ${stage}`), configured: {} };
  }
  const judged = judges[parameter](check, stored.value);
  if (judged.check.status === 'ok' && PARAMETERS[parameter] === 'SecureString' && stored.type !== 'SecureString') {
    const detail = `It is stored unencrypted (${stored.type}): delete ${path} and run npm run configure.`;
    return { ...judged, check: warn(check, detail) };
  }
  return judged;
};

const checkParameter = async (parameters: StageParameters, parameter: Parameter, stage: Stage): Promise<Judgement> => {
  const check = `parameter ${parameter}`;
  try {
    return judge(parameter, stage, (await parameters.find([parameter], true)).get(parameter));
  } catch (error) {
    if (toAwsFailure(error, '').name === 'InvalidKeyId') {
      const detail =
        'It cannot be decrypted: its KMS key is disabled or deleted. Run npm run configure with --kms-key.';
      return { check: fail(check, detail), configured: {} };
    }
    return { check: toFailedCheck(check, error, 'ssm:GetParameters'), configured: {} };
  }
};

/** Reads each parameter with a call of its own, so that one that cannot be decrypted does not hide the others. */
export const checkParameters = async (stage: Stage, region: string) => {
  const parameters = new StageParameters(stage, region);
  const judged = await Promise.all([
    checkParameter(parameters, 'braze_url', stage),
    checkParameter(parameters, 'braze_api_key', stage),
    checkParameter(parameters, 'node_secret', stage),
    checkParameter(parameters, 'link_secret', stage),
  ]);
  const configured: Configured = Object.assign({}, ...judged.map((one) => one.configured));
  return { checks: judged.map(({ check }) => check), configured };
};
