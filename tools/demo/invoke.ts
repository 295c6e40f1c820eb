import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../../emulators/json.ts';
import { type LocalStage, startHttpApi } from '../../emulators/local-stage.ts';
import { readSettings } from '../../lib/config/env.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRuntime } from '../../lib/runtime.ts';
import { CliError } from '../cli.ts';
import { toDefinitionName } from '../nodes.ts';
import type { Stage } from '../service.ts';

export const STAGE: Stage = 'sandbox';
const TIMEOUT_MS = 30_000;

/** What a function did: its answer, and its log line. */
export interface Invocation {
  readonly answer: JsonObject;
  readonly log: JsonObject;
  /** What BrazeNode.py logged to Pypestream. */
  readonly pypestreamLog?: readonly string[];
}

const toObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** Runs a program on an input, and returns its output. Its settings of AWS are those of `variables` alone. */
const runProgram = async (words: readonly string[], input: unknown, variables: NodeJS.ProcessEnv) => {
  const [program = '', ...rest] = words;
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const child = spawn(program, rest, {
    env: { ...Object.fromEntries(inherited), ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    // A process that ends before it has read its input is judged by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(input));
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (code === 0) return output;
    throw new CliError(`${words.join(' ')} failed (exit code ${code}):\n${output}${errors}`);
  } catch (error) {
    if (!Error.isError(error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    throw new CliError(`There is no command "${program}" on this machine; "serverless" comes with "npm ci".`);
  } finally {
    kill();
    process.off('exit', kill);
  }
};

const isLogLine = (line: string): boolean => {
  const value = toObject(parseJson(line));
  return 'node' in value && 'outcome' in value;
};

/** Runs a function with `serverless invoke local`, which prints the function's log line and then its answer. */
export const invokeLocal = async (node: string, event: unknown, { variables }: LocalStage): Promise<Invocation> => {
  const words = ['serverless', 'invoke', 'local', '--function', node, '--stage', STAGE];
  const lines = (await runProgram(words, event, variables)).split('\n');
  const answer = parseJson(lines.filter((line) => !isLogLine(line)).join('\n'));
  if (!isObject(answer)) throw new CliError(`${words.join(' ')} printed no answer:\n${lines.join('\n')}`);
  return { answer, log: toObject(parseJson(lines.find(isLogLine) ?? '')) };
};

/** The node's handler in this process. */
export const createLocalHandler = async (node: string, { variables }: LocalStage, write: (line: string) => void) => {
  const { [toDefinitionName(node)]: definition } = await import(`../../handlers/${node}.ts`);
  return createHandler(definition, createRuntime(readSettings(variables), { write }));
};

/** Calls the node as a conversation does: BrazeNode.py → signed HTTP → the node's handler in this process. */
export const invokeThroughPypestream = async (
  node: string,
  event: { readonly payload: JsonObject; readonly context: JsonObject },
  stage: LocalStage,
  secret: string,
): Promise<Invocation> => {
  const lines: string[] = [];
  const handler = await createLocalHandler(node, stage, (line) => void lines.push(line));
  const api = await startHttpApi(() => handler);
  try {
    const call = {
      params: { [STAGE]: { braze_nodes_url: api.url, braze_nodes_secret: secret } },
      payload: { ...event.payload, node },
      context: event.context,
    };
    const { answer, log } = toObject(parseJson(await runProgram(['python3', 'tests/pypestream/call.py'], call, {})));
    const pypestreamLog = isArray(log) ? log.map(String) : [];
    return { answer: toObject(answer), log: toObject(parseJson(lines.join(''))), pypestreamLog };
  } finally {
    await api.close();
  }
};
