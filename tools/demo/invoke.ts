import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../../emulators/json.ts';
import { startHttpApi } from '../../emulators/local-stage.ts';
import { CliError } from '../cli.ts';
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

const isLogLine = (line: string): boolean => {
  const value = parseJson(line);
  return isObject(value) && 'node' in value && 'outcome' in value;
};

const toObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** Runs a function with `serverless invoke local`, which prints the function's log line and then its answer. */
export const invokeLocal = async (
  node: string,
  event: unknown,
  environment: NodeJS.ProcessEnv,
): Promise<Invocation> => {
  // The AWS account that the caller may be signed in to must not reach the function.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const child = spawn('serverless', ['invoke', 'local', '--function', node, '--stage', STAGE], {
    env: { ...Object.fromEntries(inherited), ...environment },
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
    child.stdin.end(JSON.stringify(event));
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const lines = output.split('\n');
    const answer = parseJson(lines.filter((line) => !isLogLine(line)).join('\n'));
    if (code !== 0 || !isObject(answer)) {
      throw new CliError(`serverless invoke local --function ${node} failed (exit code ${code}):\n${output}${errors}`);
    }
    return { answer, log: toObject(parseJson(lines.find(isLogLine) ?? '')) };
  } catch (error) {
    if (Error.isError(error) && 'code' in error && error.code === 'ENOENT') {
      throw new CliError('There is no command "serverless". Run "npm ci" first, then "npm run demo".');
    }
    throw error;
  } finally {
    kill();
    process.off('exit', kill);
  }
};

/** Runs `work`, and returns what it wrote to standard output: the log line of a handler in this process. */
const captureStdout = async <T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly output: string }> => {
  const { write } = process.stdout;
  let output = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    output += String(chunk);
    return true;
  };
  try {
    return { result: await work(), output };
  } finally {
    process.stdout.write = write;
  }
};

const runBrazeNode = async (call: JsonObject): Promise<JsonObject> => {
  const python = spawn('python3', ['tests/pypestream/call.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
  python.stdin.on('error', () => {});
  python.stdin.end(JSON.stringify(call));
  try {
    const [output] = await Promise.all([text(python.stdout), once(python, 'close')]);
    const result = parseJson(output);
    if (isObject(result)) return result;
  } catch (error) {
    if (!Error.isError(error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    throw new CliError('There is no python3 on this machine to run BrazeNode.py with.');
  }
  throw new CliError('BrazeNode.py did not answer.');
};

/** Calls the node as a conversation does: BrazeNode.py → signed HTTP → the node's handler in this process. */
export const invokeThroughPypestream = async (
  node: string,
  event: { readonly payload: JsonObject; readonly context: JsonObject },
  environment: NodeJS.ProcessEnv,
  secret: string,
): Promise<Invocation> => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, environment);
  const { handler } = await import(`../../handlers/${node}.ts`);
  let log: Json | undefined;
  const api = await startHttpApi(() => async (call) => {
    const { result, output } = await captureStdout<unknown>(() => handler(call));
    log = parseJson(output);
    return result;
  });
  try {
    const result = await runBrazeNode({
      params: { [STAGE]: { braze_nodes_url: api.url, braze_nodes_secret: secret } },
      payload: { ...event.payload, node },
      context: event.context,
    });
    const pypestreamLog = isArray(result.log) ? result.log.map(String) : [];
    return { answer: toObject(result.answer), log: toObject(log), pypestreamLog };
  } finally {
    await api.close();
  }
};
