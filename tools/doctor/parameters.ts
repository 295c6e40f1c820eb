import { apiKeyProblem, toBrazeUrl } from '../../lib/braze/credentials.ts';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { failureOf } from '../aws.ts';
import { instanceAt, isLoopback } from '../braze-instances.ts';
import { faultOfSecret } from '../configure/secrets.ts';
import { StageParameters, type StoredParameter } from '../parameters.ts';
import { PARAMETERS, type Parameter, pathOf, type Stage } from '../service.ts';
import { type Check, fail, ok, unanswered, warn } from './check.ts';

/** What the parameters say, where they are well-formed. */
export interface Configured {
  readonly url?: string;
  readonly apiKey?: string;
  readonly secrets?: readonly string[];
}

interface Judged {
  readonly check: Check;
  readonly configured: Configured;
}

const judgeUrl = (check: string, value: string): Judged => {
  const url = toBrazeUrl(value);
  if (url === undefined) {
    const detail = 'It is not a Braze REST endpoint (https://rest.….braze.com or .eu): run npm run configure.';
    return { check: fail(check, detail), configured: {} };
  }
  if (isLoopback(url)) {
    const detail = 'It is a loopback address: good for tests, but no function in AWS reaches Braze there.';
    return { check: warn(check, detail), configured: { url } };
  }
  const instance = instanceAt(url);
  const detail =
    instance === undefined
      ? 'Well-formed, but not one of the Braze instances known by name: look for a slip of the pen.'
      : `Braze instance ${instance}.`;
  return { check: ok(check, detail), configured: { url } };
};

const judgeKey = (check: string, apiKey: string): Judged => {
  const fault = apiKeyProblem(apiKey);
  return fault === undefined
    ? { check: ok(check, 'Present, decryptable and well-formed.'), configured: { apiKey } }
    : { check: fail(check, `The key ${fault}: run npm run configure with --rotate-key.`), configured: {} };
};

const judgeSecret = (check: string, value: string): Judged => {
  const secrets = parseSecrets(value);
  if (secrets.length === 0) {
    return { check: fail(check, 'It is empty, so the signed entry is closed: run npm run configure.'), configured: {} };
  }
  const configured = { secrets };
  const fault = secrets.map(faultOfSecret).find((found) => found !== undefined);
  if (fault !== undefined) {
    return { check: warn(check, `A secret ${fault}: run npm run configure with --rotate-secret.`), configured };
  }
  if (secrets.length > 1) {
    const detail = `It holds ${secrets.length} secrets: end the rotation with npm run configure, --rotate-secret --finish.`;
    return { check: warn(check, detail), configured };
  }
  return { check: ok(check, 'Present, decryptable and well-formed.'), configured };
};

const judges = { braze_url: judgeUrl, braze_api_key: judgeKey, node_secret: judgeSecret } as const;

const judge = (parameter: Parameter, stage: Stage, stored: StoredParameter | undefined): Judged => {
  const check = `parameter ${parameter}`;
  if (stored === undefined) {
    const detail = `${pathOf(stage, parameter)} is missing: run npm run configure -- --stage ${stage}`;
    return { check: fail(check, detail), configured: {} };
  }
  const judged = judges[parameter](check, stored.value);
  if (judged.check.status === 'ok' && PARAMETERS[parameter] === 'SecureString' && stored.type !== 'SecureString') {
    const detail = `It is stored unencrypted (${stored.type}): delete ${pathOf(stage, parameter)} and run npm run configure.`;
    return { ...judged, check: warn(check, detail) };
  }
  return judged;
};

const checkParameter = async (parameters: StageParameters, parameter: Parameter, stage: Stage): Promise<Judged> => {
  const check = `parameter ${parameter}`;
  try {
    return judge(parameter, stage, (await parameters.find([parameter], true)).get(parameter));
  } catch (error) {
    if (failureOf(error, '').name === 'InvalidKeyId') {
      const detail = 'It cannot be decrypted: its KMS key is disabled or gone. Run npm run configure with --kms-key.';
      return { check: fail(check, detail), configured: {} };
    }
    return { check: unanswered(check, error, 'ssm:GetParameters'), configured: {} };
  }
};

/** Each parameter by itself, so that one that cannot be decrypted does not hide the others. */
export const checkParameters = async (stage: Stage, region: string) => {
  const parameters = new StageParameters(stage, region);
  const judged = await Promise.all([
    checkParameter(parameters, 'braze_url', stage),
    checkParameter(parameters, 'braze_api_key', stage),
    checkParameter(parameters, 'node_secret', stage),
  ]);
  const configured: Configured = Object.assign({}, ...judged.map((one) => one.configured));
  return { checks: judged.map(({ check }) => check), configured };
};
