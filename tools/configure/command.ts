import { findApiKeyProblem, toBrazeUrl } from '../../lib/braze/credentials.ts';
import { USERS_TRACK } from '../../lib/braze/users-track.ts';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { findInstance, instanceNames, parseEndpoint } from '../braze-instances.ts';
import { judgeKey, type ProbeResult, probeBraze } from '../braze-probe.ts';
import { CliError, defineCommand } from '../cli.ts';
import { findSecretFault, makeSecret, requireParameter, StageParameters } from '../parameters.ts';
import { type Prompter, promptNamedLines, promptTerminal, type Question } from '../prompts.ts';
import { readScope, SCOPE_OPTIONS, SCOPE_USAGE } from '../scope.ts';
import { type Parameter, type Stage, toParameterPath } from '../service.ts';

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
    const fault = findApiKeyProblem(text);
    return fault === undefined ? undefined : `The API key ${fault}. Give it exactly as Braze shows it.`;
  },
};

const SECRET: Question = {
  name: 'node_secret',
  message: '',
  validate: (text) => {
    const fault = findSecretFault(text);
    return fault === undefined ? undefined : `The node_secret ${fault}. Leave the line out to have one created.`;
  },
};

interface Run {
  readonly stage: Stage;
  readonly region: string;
  readonly kmsKey: string | undefined;
  readonly parameters: StageParameters;
  readonly prompter: Prompter;
  /** The node_secret of standard input, where there is one. */
  readonly givenSecret: () => Promise<string | undefined>;
  readonly print: (line: string) => void;
}

const showSecretCommand = ({ stage, region }: Run, parameter: 'node_secret' | 'link_secret'): string =>
  `  aws ssm get-parameter --name ${toParameterPath(stage, parameter)} --with-decryption --query Parameter.Value --output text --region ${region}`;

const nextCommand = ({ stage, region }: Run, command: string, options = ''): string =>
  `  npm run ${command} -- --stage ${stage} --region ${region}${options}`;

const requireConsent = async ({ prompter }: Run, question: string): Promise<void> => {
  if (!(await prompter.confirm(question))) throw new CliError('Nothing was written.');
};

const write = async (run: Run, parameter: Parameter, value: string, exists: boolean): Promise<void> => {
  await run.parameters.write(parameter, value, exists, run.kmsKey);
  run.print(`Written: ${toParameterPath(run.stage, parameter)}`);
};

const describeDoubt = (result: ProbeResult): string => {
  if (result.kind === 'not_reached') return `Braze cannot be reached at this endpoint from here (${result.reason}).`;
  if (result.status === 403) {
    return 'Braze accepts the key but answers 403: it lacks the permission users.track, or has an IP allowlist.';
  }
  return `Braze did not say whether the key is valid (status ${result.status}).`;
};

/** Tries a key before it is written: an unknown one is refused, a doubt is put to the operator. */
const checkKey = async (run: Run, url: string, apiKey: string): Promise<void> => {
  const result = await probeBraze(url, USERS_TRACK, apiKey);
  const verdict = judgeKey(result);
  if (verdict === 'valid') return;
  if (verdict === 'unauthorized') {
    throw new CliError(
      'Braze does not know this key at this endpoint (401): the key is wrong, or belongs to another instance. Nothing was written.',
    );
  }
  await requireConsent(run, `${describeDoubt(result)} Write the key all the same?`);
};

const configureStage = async (run: Run): Promise<void> => {
  const { stage, region, parameters, prompter, print } = run;
  const existing = await parameters.read(['braze_url', 'braze_api_key', 'node_secret'], false);
  const secret = (await run.givenSecret()) ?? (existing.has('node_secret') ? undefined : makeSecret());

  const planned: readonly Parameter[] = [
    'braze_url',
    'braze_api_key',
    ...(secret === undefined ? [] : (['node_secret'] as const)),
  ];
  const overwritten = planned.filter((name) => existing.has(name)).map((name) => toParameterPath(stage, name));
  if (overwritten.length > 0) await requireConsent(run, `This overwrites ${overwritten.join(', ')}. Continue?`);

  const answer = await prompter.ask(ENDPOINT);
  const url = parseEndpoint(answer) ?? answer;
  const instance = findInstance(url);
  print(instance === undefined ? 'Not a known Braze instance; accepted as it is.' : `Braze instance ${instance}.`);
  const apiKey = await prompter.ask(KEY);
  await checkKey(run, url, apiKey);

  await write(run, 'braze_url', url, existing.has('braze_url'));
  await write(run, 'braze_api_key', apiKey, existing.has('braze_api_key'));
  if (secret === undefined) {
    print(`Kept: ${toParameterPath(stage, 'node_secret')} (app.py holds it; --rotate-secret replaces it)`);
  } else {
    await write(run, 'node_secret', secret, existing.has('node_secret'));
  }

  const kmsParam = run.kmsKey === undefined ? '' : ' --param="kmsKeyArn=<ARN of the KMS key>"';
  print('');
  print('Next, deploy the stage in the same region, and check it:');
  print(`  npx serverless deploy --stage ${stage} --region ${region}${kmsParam}`);
  print(nextCommand(run, 'doctor'));
  print(`Put the node_secret into app.py as PARAMS["${stage}"]["braze_nodes_secret"]. This command shows it:`);
  print(showSecretCommand(run, 'node_secret'));
};

const rotateKey = async (run: Run): Promise<void> => {
  const { stage, parameters, prompter, print } = run;
  const existing = await parameters.read(['braze_url', 'braze_api_key'], false);
  const url = toBrazeUrl(requireParameter(existing, 'braze_url', stage));
  if (url === undefined) {
    throw new CliError(
      `The parameter ${toParameterPath(stage, 'braze_url')} is not a Braze REST endpoint. Run configure without --rotate-key.`,
    );
  }
  requireParameter(existing, 'braze_api_key', stage);
  const apiKey = await prompter.ask(KEY);
  await checkKey(run, url, apiKey);
  await requireConsent(run, `This overwrites ${toParameterPath(stage, 'braze_api_key')}. Continue?`);

  await write(run, 'braze_api_key', apiKey, true);
  print('');
  print('Running functions use the new key within five minutes (PARAMETER_TTL_MS), or at once when Braze refuses');
  print('the old one with a 401. No deployment is needed.');
  print('Only after that delete the old key at Braze (Settings > APIs and Identifiers). Then check the stage:');
  print(nextCommand(run, 'doctor'));
};

/** A secret that two parties hold, and the steps that replace it without an interruption. */
interface Rotation {
  readonly parameter: 'node_secret' | 'link_secret';
  readonly option: 'rotate-secret' | 'rotate-link-secret';
  readonly afterStart: readonly string[];
  readonly finishWhen: string;
  readonly finishQuestion: string;
  readonly afterFinish: readonly string[];
}

const rotateNodeSecret = ({ stage }: Run): Rotation => ({
  parameter: 'node_secret',
  option: 'rotate-secret',
  afterStart: [
    'It now holds the new secret and the old one, separated by a comma; the signed entry accepts both.',
    `1. Put the whole value, comma included, into app.py as PARAMS["${stage}"]["braze_nodes_secret"]`,
    '   and upload app.py to Pypestream. BrazeNode.py then signs with both.',
  ],
  finishWhen: 'When conversations use the new app.py, remove the old secret:',
  finishQuestion: 'Calls that are signed with the old secret alone will be refused. Does app.py hold the new one?',
  afterFinish: ['app.py works as it is; leave the old secret out at its next upload.'],
});

const rotateLinkSecret: Rotation = {
  parameter: 'link_secret',
  option: 'rotate-link-secret',
  afterStart: [
    'It now holds the new secret and the old one, separated by a comma; links signed with either prove an identity.',
    '1. Put the new secret, which stands before the comma, into the Liquid of your messages (docs/trust.md).',
  ],
  finishWhen: 'When the last link that was signed with the old secret has expired, or at once if it leaked, remove it:',
  finishQuestion: 'Links that are signed with the old secret will prove nothing any more. Continue?',
  afterFinish: ['Messages that are still signed with the old secret carry links that prove nothing.'],
};

const startRotation = async (run: Run, rotation: Rotation): Promise<void> => {
  const { stage, parameters, print } = run;
  const { parameter, option } = rotation;
  const existing = await parameters.read([parameter], true);
  const secrets = parseSecrets(requireParameter(existing, parameter, stage));
  if (secrets.length > 1) {
    throw new CliError(
      `A rotation is in progress: ${toParameterPath(stage, parameter)} holds ${secrets.length} secrets. Finish it first:\n${nextCommand(run, 'configure', ` --${option} --finish`)}`,
    );
  }

  await write(run, parameter, [makeSecret(), ...secrets].join(','), true);
  print('');
  for (const line of rotation.afterStart) print(line);
  print('   This command shows the value:');
  print(showSecretCommand(run, parameter));
  print(`2. ${rotation.finishWhen}`);
  print(nextCommand(run, 'configure', ` --${option} --finish`));
};

const finishRotation = async (run: Run, { parameter, finishQuestion, afterFinish }: Rotation): Promise<void> => {
  const { stage, parameters, print } = run;
  const existing = await parameters.read([parameter], true);
  const [newest = '', ...old] = parseSecrets(requireParameter(existing, parameter, stage));
  if (old.length === 0) throw new CliError('There is no rotation to finish: the parameter holds one secret.');
  await requireConsent(run, finishQuestion);

  await write(run, parameter, newest, true);
  print('');
  print('Running functions drop the old secret within five minutes (PARAMETER_TTL_MS).');
  for (const line of afterFinish) print(line);
  print('This command shows the new one:');
  print(showSecretCommand(run, parameter));
};

/** The first link secret of a stage. Only the links of messages need it, so `configureStage` does not create one. */
const createLinkSecret = async (run: Run): Promise<void> => {
  await write(run, 'link_secret', makeSecret(), false);
  run.print('');
  run.print(
    'Put it into the Liquid of the messages that carry a link to the chat (docs/trust.md). This command shows it:',
  );
  run.print(showSecretCommand(run, 'link_secret'));
  run.print('Running functions use it within five minutes (PARAMETER_TTL_MS). Try one:');
  run.print(nextCommand(run, 'link', ' --id customer-1'));
};

/** Sets up a stage, or rotates its key or one of its secrets. */
export const configure = defineCommand({ usage: USAGE, options: OPTIONS }, async (args, { stdin, stdout, stderr }) => {
  const { values, usageError } = args;
  const { finish, 'rotate-key': key, 'rotate-secret': secret, 'rotate-link-secret': linkSecret } = values;
  if ([key, secret, linkSecret].filter(Boolean).length > 1) {
    throw usageError('Rotate one at a time: --rotate-key, --rotate-secret or --rotate-link-secret.');
  }
  if (finish && !secret && !linkSecret) {
    throw usageError('--finish belongs to --rotate-secret or --rotate-link-secret.');
  }
  const { stage, region, line } = await readScope(args);
  const print = (text: string): void => void stdout.write(`${text}\n`);
  print(line);
  const names = key ? [KEY.name] : [ENDPOINT.name, KEY.name, SECRET.name];
  const lines = stdin.isTTY === true ? undefined : promptNamedLines(stdin, names);
  const prompter = lines ?? promptTerminal({ stdin, stdout, stderr });
  const run: Run = {
    stage,
    region,
    kmsKey: values['kms-key'],
    parameters: new StageParameters(stage, region),
    prompter: values.yes ? { ...prompter, confirm: async () => true } : prompter,
    givenSecret: async () => lines?.find(SECRET),
    print,
  };
  const rotation = secret ? rotateNodeSecret(run) : rotateLinkSecret;
  if (key) await rotateKey(run);
  else if (finish) await finishRotation(run, rotation);
  else if (linkSecret && !(await run.parameters.read(['link_secret'], false)).has('link_secret')) {
    await createLinkSecret(run);
  } else if (secret || linkSecret) await startRotation(run, rotation);
  else await configureStage(run);
  return 0;
});
