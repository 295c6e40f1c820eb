import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { isObject, type JsonObject, parseJson } from '../../emulators/json.ts';

export const STAGE = 'sandbox';
const LONGEST_RUN_MS = 30_000;

export interface Invoked {
  readonly log: JsonObject | undefined;
  readonly answer: JsonObject;
}

/** Something outside this program stands in the way; its message says what. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Nothing of the AWS account that the caller may be logged in to reaches the function. */
const withoutAws = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));

const isLogLine = (line: string): boolean => {
  const value = parseJson(line);
  return isObject(value) && 'node' in value && 'outcome' in value;
};

/** Runs a function with `serverless invoke local`, and parts what it prints into its log line and its answer. */
export const invokeLocal = async (node: string, event: unknown, environment: NodeJS.ProcessEnv): Promise<Invoked> => {
  const isWindows = process.platform === 'win32';
  const child = spawn('serverless', ['invoke', 'local', '--function', node, '--stage', STAGE], {
    env: { ...withoutAws(process.env), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: isWindows,
    timeout: LONGEST_RUN_MS,
    killSignal: 'SIGKILL',
  });
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  try {
    // Where it ends before it has read everything, its exit code says more.
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(event));
    const [output, complaint, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    const lines = output.split('\n');
    const answer = parseJson(lines.filter((line) => !isLogLine(line)).join('\n'));
    if (code !== 0 || !isObject(answer)) {
      throw new DemoError(
        `serverless invoke local --function ${node} failed (exit code ${code}):\n${output}${complaint}`,
      );
    }
    const log = parseJson(lines.find(isLogLine) ?? '');
    return { log: isObject(log) ? log : undefined, answer };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isMissing
      ? new DemoError('There is no command "serverless". Run the demo as "npm run demo", after "npm ci".')
      : error;
  } finally {
    stop();
    process.off('exit', stop);
  }
};
