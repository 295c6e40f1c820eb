import { findApiKeyProblem, toBrazeUrl } from '../../lib/braze/credentials.ts';
import { USERS_TRACK } from '../../lib/braze/users-track.ts';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { findInstance, instanceNames, parseEndpoint } from '../braze-instances.ts';
import { probeBraze } from '../braze-probe.ts';
import { CliError, defineCommand } from '../cli.ts';
import { findSecretProblem, makeSecret, missingParameter, StageParameters } from '../parameters.ts';
import { type Prompter, promptNamedLines, promptTerminal, type Question } from '../prompts.ts';
import { readScope, SCOPE_OPTIONS, SCOPE_USAGE, type Scope } from '../scope.ts';
import { type Parameter, toParameterPath } from '../service.ts';

const USAGE = `Writes a stage's Braze settings to AWS Systems Manager Parameter Store.

  npm run configure -- --stage sandbox                 asks for REST endpoint and API key, creates a node_secret
  npm run configure -- --stage sandbox --rotate-key    replaces the API key
  npm run configure -- --stage sandbox --rotate-secret adds a new node_secret; with --finish removes the old one
  npm run configure -- --stage sandbox --rotate-link-secret  the same for link_secret, and creates it if there is none

${SCOPE_USAGE}
  --kms-key KEY          encrypt with this customer-managed KMS key (id, ARN or alias)
  --yes                  overwrite without asking

Where standard input is not a terminal, its lines give the values: braze_url=…, braze_api_key=…, node_secret=…
(the last one is optional). Values are never taken from the command line.`;

const OPTIONS = {
  ...SCOPE_OPTIONS,
  'kms-key': { type: 'string' },
  yes: { type: 'boolean', short: 'y', default: false },
  'rotate-key': { type: 'boolean', default: false },
  'rotate-secret': { type: 'boolean', default: false },
  'rotate-link-secret': { type: 'boolean', default: false },
  finish: { type: 'boolean', default: false },
} as const;

const ENDPOINT: Question = {
  name: 'braze_url',
  message: 'REST endpoint, or the instance such as EU-01 (Braze: Settings > APIs and Identifiers):',
  validate: (text) =>
    parseEndpoint(text) === undefined
      ? `This is neither a REST endpoint (https://rest.….braze.com or .eu) nor one of: ${instanceNames.join(', ')}.`
      : undefined,
};

const KEY: Question = {
  name: 'braze_api_key',
  message: 'REST API key (not shown):',
  hidden: true,
  validate: (text) => {
    const problem = findApiKeyProblem(text);
    return problem && `The API key ${problem}. Give it exactly as Braze shows it.`;
  },
};

const SECRET: Question = {
  name: 'node_secret',
  message: 'Secret of the signed entry:',
  validate: (text) => {
    const problem = findSecretProblem(text);
    return problem && `The node_secret ${problem}. Leave the line out to have one created.`;
  },
};

const STAGE_PARAMETERS = ['braze_url', 'braze_api_key', 'node_secret'] as const;

interface Run extends Scope {
  readonly kmsKey: string | undefined;
  readonly prompter: Prompter;
  readonly print: (...lines: readonly string[]) => void;
  /** What the stage has before, of the parameters that this run may write. */
  readonly existing: Awaited<ReturnType<StageParameters['find']>>;
}

/** What to write, after the operator has agreed, and what is left to do then. */
interface Plan {
  /** An empty one leaves the parameter as it is. */
  readonly values: readonly (readonly [Parameter, string])[];
  readonly next: readonly string[];
}

const confirm = async ({ prompter }: Run, question: string): Promise<void> => {
  if (!(await prompter.confirm(question))) throw new CliError('Nothing was written.');
};

const confirmOverwriting = async (run: Run, parameters: readonly Parameter[]): Promise<void> => {
  const paths = parameters.filter((name) => run.existing.has(name)).map((name) => toParameterPath(run.stage, name));
  if (paths.length > 0) await confirm(run, `This overwrites ${paths.join(', ')}. Continue?`);
};

const toCommand = ({ stage, region }: Run, command: string, options = ''): string =>
  `  npm run ${command} -- --stage ${stage} --region ${region}${options}`;

const toShowCommand = ({ stage, region }: Run, parameter: Parameter): string =>
  `  aws ssm get-parameter --name ${toParameterPath(stage, parameter)} --with-decryption --query Parameter.Value --output text --region ${region}`;

/** Asks for a key and tries it: an unknown one is refused, a doubt is put to the operator. */
const askForKey = async (run: Run, url: string): Promise<string> => {
  const apiKey = await run.prompter.ask(KEY);
  const { kind, sentence } = await probeBraze(url, USERS_TRACK, apiKey);
  if (kind === 'unauthorized') throw new CliError(`${sentence} Nothing was written.`);
  if (kind !== 'valid') await confirm(run, `${sentence} Write the key all the same?`);
  return apiKey;
};

const planStage = async (run: Run): Promise<Plan> => {
  const { stage, region, kmsKey, prompter, print, existing } = run;
  // Where nothing else is given, app.py goes on with the node_secret that it holds.
  const secret = await prompter.ask({ ...SECRET, fallback: existing.has('node_secret') ? '' : makeSecret() });
  await confirmOverwriting(run, ['braze_url', 'braze_api_key', ...(secret === '' ? [] : ['node_secret' as const])]);

  const answer = await prompter.ask(ENDPOINT);
  const url = parseEndpoint(answer) ?? answer;
  print(`Braze instance: ${findInstance(url) ?? 'not a known one; accepted as it is'}.`);
  const apiKey = await askForKey(run, url);
  const kmsParam = kmsKey === undefined ? '' : ' --param="kmsKeyArn=<ARN of the KMS key>"';
  return {
    values: [
      ['braze_url', url],
      ['braze_api_key', apiKey],
      ['node_secret', secret],
    ],
    next: [
      'Next, deploy the stage in the same region, and check it:',
      `  npx serverless deploy --stage ${stage} --region ${region}${kmsParam}`,
      toCommand(run, 'doctor'),
      `app.py needs the node_secret as PARAMS["${stage}"]["braze_nodes_secret"]. This command shows it:`,
      toShowCommand(run, 'node_secret'),
    ],
  };
};

const planKey = async (run: Run): Promise<Plan> => {
  const url = toBrazeUrl(run.existing.get('braze_url')?.value ?? '');
  if (url === undefined) throw missingParameter('braze_url', run.stage);
  if (!run.existing.has('braze_api_key')) throw missingParameter('braze_api_key', run.stage);
  const apiKey = await askForKey(run, url);
  await confirmOverwriting(run, ['braze_api_key']);
  return {
    values: [['braze_api_key', apiKey]],
    next: [
      'Running functions use the new key within five minutes (PARAMETER_TTL_MS), or at once when Braze refuses the old',
      'one with a 401. No deployment is needed.',
      'Only after that delete the old key at Braze (Settings > APIs and Identifiers). Then check the stage:',
      toCommand(run, 'doctor'),
    ],
  };
};

/** The secrets that two parties hold. Between the two steps that replace one, the old and the new one are accepted. */
const ROTATIONS = [
  {
    option: 'rotate-secret',
    parameter: 'node_secret',
    use: 'Put the whole value into app.py as braze_nodes_secret of this stage, and upload app.py to Pypestream.',
    finished: 'app.py works as it is; leave the old secret out at its next upload.',
    finishWhen: 'When conversations use the new app.py',
    finishQuestion: 'Calls that are signed with the old secret alone will be refused. Does app.py hold the new one?',
  },
  {
    option: 'rotate-link-secret',
    parameter: 'link_secret',
    use: 'Put its first secret into the Liquid of your messages (docs/trust.md): functions use it within five minutes.',
    finished: 'Messages that are still signed with the old secret carry links that prove nothing.',
    finishWhen: 'When the last link that was signed with the old secret has expired, or at once if it leaked',
    finishQuestion: 'Links that are signed with the old secret will prove nothing any more. Continue?',
  },
] as const;

const planRotation = async (run: Run, rotation: (typeof ROTATIONS)[number], finish: boolean): Promise<Plan> => {
  const { option, parameter, use, finished, finishWhen, finishQuestion } = rotation;
  const stored = run.existing.get(parameter);
  // A stage begins without a link_secret, because only the links of messages need it.
  const mayBeFirst = parameter === 'link_secret' && !finish;
  if (stored === undefined && !mayBeFirst) throw missingParameter(parameter, run.stage);
  const before = parseSecrets(stored?.value ?? '');
  const finishCommand = toCommand(run, 'configure', ` --${option} --finish`);
  if (finish && before.length < 2) throw new CliError('There is no rotation to finish.');
  if (!finish && before.length > 1) throw new CliError(`A rotation is in progress. Finish it first:\n${finishCommand}`);
  if (finish) await confirm(run, finishQuestion);
  const secrets = finish ? before.slice(0, 1) : [makeSecret(), ...before];
  return {
    values: [[parameter, secrets.join(',')]],
    next: [
      finish ? `Running functions drop the old secret within five minutes (PARAMETER_TTL_MS). ${finished}` : use,
      'This command shows the value:',
      toShowCommand(run, parameter),
      ...(mayBeFirst ? ['Try a link with it:', toCommand(run, 'link', ' --id customer-1')] : []),
      ...(secrets.length > 1 ? [`Both secrets are accepted. ${finishWhen}, remove the old one:`, finishCommand] : []),
    ],
  };
};

/** Sets up a stage, or rotates its key or one of its secrets. */
export const configure = defineCommand({ usage: USAGE, options: OPTIONS }, async (args, { stdin, stdout, stderr }) => {
  const { values, usageError } = args;
  const rotateKey = values['rotate-key'];
  const [rotation, second] = ROTATIONS.filter(({ option }) => values[option]);
  if (second !== undefined || (rotateKey && rotation !== undefined)) {
    throw usageError('Rotate one at a time: --rotate-key, --rotate-secret or --rotate-link-secret.');
  }
  if (values.finish && rotation === undefined) {
    throw usageError('--finish belongs to --rotate-secret or --rotate-link-secret.');
  }
  const scope = await readScope(args);
  const print = (...lines: readonly string[]): void => void stdout.write(`${lines.join('\n')}\n`);
  print(scope.line);
  const names = rotateKey ? [KEY.name] : [ENDPOINT.name, KEY.name, SECRET.name];
  const prompter = stdin.isTTY === true ? promptTerminal({ stdin, stdout, stderr }) : promptNamedLines(stdin, names);
  const parameters = new StageParameters(scope.stage, scope.region);
  const run: Run = {
    ...scope,
    kmsKey: values['kms-key'],
    print,
    prompter: values.yes ? { ...prompter, confirm: async () => true } : prompter,
    existing: await parameters.find(rotation ? [rotation.parameter] : STAGE_PARAMETERS, rotation !== undefined),
  };
  const plan = rotateKey ? planKey(run) : rotation ? planRotation(run, rotation, values.finish) : planStage(run);
  const { values: planned, next } = await plan;
  for (const [parameter, value] of planned) {
    if (value !== '') await parameters.write(parameter, value, run.existing.has(parameter), run.kmsKey);
    print(`${value === '' ? 'Kept' : 'Written'}: ${toParameterPath(run.stage, parameter)}`);
  }
  print('', ...next);
  return 0;
});
