import { findApiKeyProblem, toBrazeUrl } from '../../lib/braze/credentials.ts';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { findInstance, isLoopback } from '../braze-instances.ts';
import { findSecretProblem, StageParameters } from '../parameters.ts';
import { PARAMETERS, type Parameter, type Stage, toParameterPath } from '../service.ts';
import { type Finding, fail, judge, ok, read, warn } from './check.ts';

/** The values of the parameters that are well-formed. */
export type WellFormed = ReadonlyMap<Parameter, string>;

const judgeUrl = (text: string): Finding => {
  const url = toBrazeUrl(text);
  if (url === undefined) {
    return fail('It is not a Braze REST endpoint (https://rest.….braze.com or .eu): run npm run configure.');
  }
  if (isLoopback(url)) return warn('It is a loopback address, for tests: no function in AWS reaches Braze there.');
  const instance = findInstance(url);
  return ok(instance ? `Braze instance ${instance}.` : 'Not a known Braze instance: check for a typing mistake.');
};

const WELL_FORMED = ok('Present, decryptable and well-formed.');

const judgeApiKey = (key: string): Finding => {
  const problem = findApiKeyProblem(key);
  return problem ? fail(`The key ${problem}: run npm run configure with --rotate-key.`) : WELL_FORMED;
};

const judgeSecrets = (text: string, option: string): Finding => {
  const secrets = parseSecrets(text);
  const problem = secrets.length === 0 ? 'is empty' : secrets.map(findSecretProblem).find((found) => found);
  if (problem && secrets.length > 1 && findSecretProblem(secrets[0] ?? '') === undefined) {
    return fail(`The old secret ${problem}, so it proves nothing: run npm run configure with ${option} --finish.`);
  }
  if (problem) return fail(`A secret ${problem}, so it proves nothing: run npm run configure with ${option}.`);
  if (secrets.length === 1) return WELL_FORMED;
  return warn(`It holds ${secrets.length} secrets: finish the rotation with npm run configure, ${option} --finish.`);
};

const JUDGES: readonly (readonly [Parameter, (text: string) => Finding])[] = [
  ['braze_url', judgeUrl],
  ['braze_api_key', judgeApiKey],
  ['node_secret', (text) => judgeSecrets(text, '--rotate-secret')],
  ['link_secret', (text) => judgeSecrets(text, '--rotate-link-secret')],
];

const NO_LINKS = ok(
  'Not set, so no link proves who opened it: npm run configure with --rotate-link-secret creates it.',
);

/** Reads each parameter with a call of its own, so that one that cannot be decrypted does not hide the others. */
export const checkParameters = async (stage: Stage, region: string) => {
  const store = new StageParameters(stage, region);
  const wellFormed = new Map<Parameter, string>();
  const checks = JUDGES.map(async ([parameter, judgeValue]) => {
    const path = toParameterPath(stage, parameter);
    const missing = fail(`${path} is missing: run npm run configure -- --stage ${stage}`);
    const finding = judge(await read(store.find([parameter], true)), (found) => {
      const stored = found.get(parameter);
      if (stored === undefined) return parameter === 'link_secret' ? NO_LINKS : missing;
      const judged = judgeValue(stored.value);
      if (judged.status !== 'fail') wellFormed.set(parameter, stored.value);
      const isExposed = PARAMETERS[parameter] === 'SecureString' && stored.type !== 'SecureString';
      return judged.status === 'ok' && isExposed
        ? warn(`It is stored unencrypted (${stored.type}): delete ${path} and run npm run configure.`)
        : judged;
    });
    return [`parameter ${parameter}`, finding] as const;
  });
  return { findings: Object.fromEntries(await Promise.all(checks)), wellFormed };
};
