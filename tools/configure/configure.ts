import { parseArgs } from 'node:util';
import { apiKeyProblem, toBrazeUrl } from '../../lib/braze/credentials.ts';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { regionOf } from '../aws.ts';
import { endpointIn, instanceAt, instanceNames } from '../braze-instances.ts';
import { exitCodeOf, misused, Stop, type Streams } from '../cli.ts';
import { COMMON, scopeOf, understood } from '../command-line.ts';
import { required, StageParameters } from '../parameters.ts';
import { type Dialogue, startDialogue, type Wanted } from '../prompts.ts';
import { type Parameter, pathOf, type Stage } from '../service.ts';
import { checkKey } from './key-check.ts';
import { faultOfSecret, makeSecret } from './secrets.ts';

const USAGE = `Writes what a stage needs to know about Braze into AWS Systems Manager Parameter Store.

  npm run configure -- --stage sandbox                 asks for the REST endpoint and the API key, makes a node_secret
  npm run configure -- --stage sandbox --rotate-key    replaces the API key
  npm run configure -- --stage sandbox --rotate-secret adds a new node_secret; with --finish drops the old one

  --stage sandbox|prod   which stage
  --region REGION        default: AWS_REGION, else the region of the AWS profile
  --kms-key KEY          encrypt with this customer-managed KMS key (id, ARN or alias)
  --yes                  overwrite without asking

Where standard input is not a terminal, the values are lines of it: braze_url=…, braze_api_key=…, node_secret=…
(the last one optional). They are never taken from the command line.`;

const OPTIONS = {
  ...COMMON,
  'kms-key': { type: 'string' },
  yes: { type: 'boolean', short: 'y', default: false },
  'rotate-key': { type: 'boolean', default: false },
  'rotate-secret': { type: 'boolean', default: false },
  finish: { type: 'boolean', default: false },
} as const;

const ENDPOINT: Wanted = {
  parameter: 'braze_url',
  question: 'REST endpoint, or the instance such as EU-01 (Braze: Settings > APIs and Identifiers):',
  hidden: false,
  fault: (text) =>
    endpointIn(text) === undefined
      ? `This is neither a REST endpoint (https://rest.….braze.com or .eu) nor one of: ${instanceNames.join(', ')}.`
      : undefined,
};

const KEY: Wanted = {
  parameter: 'braze_api_key',
  question: 'REST API key (not shown):',
  hidden: true,
  fault: (text) => {
    const fault = apiKeyProblem(text);
    return fault === undefined ? undefined : `The API key ${fault}. Give it exactly as Braze shows it.`;
  },
};

const SECRET: Wanted = {
  parameter: 'node_secret',
  question: '',
  hidden: true,
  fault: (text) => {
    const fault = faultOfSecret(text);
    return fault === undefined ? undefined : `The node_secret ${fault}. Leave the line out to have one made.`;
  },
};

interface Run {
  readonly stage: Stage;
  readonly region: string;
  readonly kmsKey: string | undefined;
  readonly parameters: StageParameters;
  readonly dialogue: Dialogue;
  readonly say: (line: string) => void;
}

const readSecretCommand = ({ stage, region }: Run): string =>
  `  aws ssm get-parameter --name ${pathOf(stage, 'node_secret')} --with-decryption --query Parameter.Value --output text --region ${region}`;

const again = ({ stage, region }: Run, command: string, options = ''): string =>
  `  npm run ${command} -- --stage ${stage} --region ${region}${options}`;

const confirmed = async ({ dialogue }: Run, question: string): Promise<void> => {
  if (!(await dialogue.confirm(question))) throw new Stop('Nothing was written.');
};

const write = async (run: Run, parameter: Parameter, value: string, exists: boolean): Promise<void> => {
  await run.parameters.write(parameter, value, exists, run.kmsKey);
  run.say(`Written: ${pathOf(run.stage, parameter)}`);
};

const sayInstance = ({ say }: Run, url: string): void => {
  const instance = instanceAt(url);
  say(instance === undefined ? 'Not one of the known Braze instances; taken as it is.' : `Braze instance ${instance}.`);
};

const configureStage = async (run: Run): Promise<void> => {
  const { stage, region, parameters, dialogue, say } = run;
  const there = await parameters.read(['braze_url', 'braze_api_key', 'node_secret'], false);
  const givenSecret = await dialogue.given(SECRET);
  const secret = givenSecret ?? (there.has('node_secret') ? undefined : makeSecret());

  const planned: readonly Parameter[] = [
    'braze_url',
    'braze_api_key',
    ...(secret === undefined ? [] : [SECRET.parameter]),
  ];
  const overwritten = planned.filter((parameter) => there.has(parameter)).map((parameter) => pathOf(stage, parameter));
  if (overwritten.length > 0) await confirmed(run, `This overwrites ${overwritten.join(', ')}. Go on?`);

  // A text that has no endpoint in it has not come this far.
  const url = endpointIn(await dialogue.value(ENDPOINT)) ?? '';
  sayInstance(run, url);
  const apiKey = await dialogue.value(KEY);
  await checkKey(url, apiKey, dialogue);
  dialogue.done();

  await write(run, 'braze_url', url, there.has('braze_url'));
  await write(run, 'braze_api_key', apiKey, there.has('braze_api_key'));
  if (secret === undefined) {
    say(`Kept: ${pathOf(stage, 'node_secret')} (app.py holds it too; --rotate-secret replaces it)`);
  } else {
    await write(run, 'node_secret', secret, there.has('node_secret'));
  }

  say('');
  say('Next, deploy the stage in the same region, and look whether everything is in place:');
  say(
    `  npx serverless deploy --stage ${stage} --region ${region}${run.kmsKey === undefined ? '' : ' --param="kmsKeyArn=<ARN of the KMS key>"'}`,
  );
  say(again(run, 'doctor'));
  say(`Put the node_secret into app.py as PARAMS["${stage}"]["braze_nodes_secret"]. This command shows it:`);
  say(readSecretCommand(run));
};

const rotateKey = async (run: Run): Promise<void> => {
  const { stage, parameters, dialogue, say } = run;
  const there = await parameters.read(['braze_url', 'braze_api_key'], false);
  const url = toBrazeUrl(required(there, 'braze_url', stage));
  if (url === undefined) {
    throw new Stop(
      `The parameter ${pathOf(stage, 'braze_url')} is not a Braze REST endpoint. Run configure without --rotate-key.`,
    );
  }
  required(there, 'braze_api_key', stage);
  const apiKey = await dialogue.value(KEY);
  await checkKey(url, apiKey, dialogue);
  await confirmed(run, `This overwrites ${pathOf(stage, 'braze_api_key')}. Go on?`);
  dialogue.done();

  await write(run, 'braze_api_key', apiKey, true);
  say('');
  say('Running functions take the new key within the time to live of their parameters (five minutes unless');
  say('PARAMETER_TTL_MS says otherwise), or at once when Braze refuses the old one with a 401. No deploy is needed.');
  say('Only after that delete the old key at Braze (Settings > APIs and Identifiers). Then look:');
  say(again(run, 'doctor'));
};

const startSecretRotation = async (run: Run): Promise<void> => {
  const { stage, parameters, dialogue, say } = run;
  const there = await parameters.read(['node_secret'], true);
  const secrets = parseSecrets(required(there, 'node_secret', stage));
  if (secrets.length > 1) {
    throw new Stop(
      `A rotation is under way: ${pathOf(stage, 'node_secret')} holds ${secrets.length} secrets. End it first:\n${again(run, 'configure', ' --rotate-secret --finish')}`,
    );
  }
  dialogue.done();

  await write(run, 'node_secret', [makeSecret(), ...secrets].join(','), true);
  say('');
  say('It now holds the new secret and the old one, separated by a comma; the signed entry accepts both.');
  say(`1. Put the value as it is, comma included, into app.py as PARAMS["${stage}"]["braze_nodes_secret"]`);
  say('   and upload app.py to Pypestream. BrazeNode.py then signs with both. This command shows the value:');
  say(readSecretCommand(run));
  say('2. When conversations run with the new app.py, drop the old secret:');
  say(again(run, 'configure', ' --rotate-secret --finish'));
};

const finishSecretRotation = async (run: Run): Promise<void> => {
  const { stage, parameters, dialogue, say } = run;
  const there = await parameters.read(['node_secret'], true);
  const [newest = '', ...old] = parseSecrets(required(there, 'node_secret', stage));
  if (old.length === 0) throw new Stop('There is no rotation to finish: only one secret is in force.');
  await confirmed(
    run,
    'Calls that are signed with the old secret alone are refused from now on. Does app.py hold the new one?',
  );
  dialogue.done();

  await write(run, 'node_secret', newest, true);
  say('');
  say('Running functions drop the old secret within the time to live of their parameters (five minutes).');
  say('app.py works as it is; when it is uploaded next, leave the old secret out. This command shows the new one:');
  say(readSecretCommand(run));
};

/** Sets up a stage, or rotates one of its secrets; returns the exit code. */
export const configure = (argv: readonly string[], streams: Streams): Promise<number> =>
  exitCodeOf(streams, async () => {
    const options = understood(() => parseArgs({ args: [...argv], options: OPTIONS }).values, USAGE);
    const { yes, finish, 'kms-key': kmsKey, 'rotate-key': key, 'rotate-secret': secret } = options;
    const { stage, region: saidRegion } = scopeOf(options, USAGE);
    if (key && secret) throw misused('Rotate one at a time: --rotate-key or --rotate-secret.', USAGE);
    if (finish && !secret) throw misused('--finish belongs to --rotate-secret.', USAGE);

    const region = await regionOf(saidRegion);
    const say = (line: string): void => void streams.stdout.write(`${line}\n`);
    say(`Stage ${stage} in region ${region}.`);
    const dialogue = startDialogue(
      streams,
      key ? ['braze_api_key'] : ['braze_url', 'braze_api_key', 'node_secret'],
      yes,
    );
    try {
      const run = { stage, region, kmsKey, parameters: new StageParameters(stage, region), dialogue, say };
      if (key) await rotateKey(run);
      else if (finish) await finishSecretRotation(run);
      else if (secret) await startSecretRotation(run);
      else await configureStage(run);
      return 0;
    } finally {
      dialogue.close();
    }
  });
