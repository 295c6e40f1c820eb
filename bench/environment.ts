import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';
import { NODE, type Runtime } from './setup.ts';

export type Variables = Readonly<Record<string, string>>;

/** A function as it is deployed: where its files are, and Lambda's name for its handler. */
export interface Deployed {
  readonly name: string;
  readonly taskRoot: string;
  readonly handler: string;
}

/** What a process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** What a process holds; the heap after a garbage collection, the resident set before it. */
export interface Held {
  readonly heapMb: number;
  readonly rssMb: number;
  readonly sockets: number;
  readonly timers: number;
}

const USAGE = fileURLToPath(new URL('variants/usage.cjs', import.meta.url));
const RAPID_CLIENT = fileURLToPath(new URL('variants/rapid-client.cjs', import.meta.url));

/** Node's defaults count the whole machine's memory; Lambda gives a function what it was configured with. */
const MEMORY_MB = 512;
const MAX_INVOCATION_MS = 15_000;

/** How often a throttled process runs and pauses. */
const PERIOD_MS = 20;

/** One execution environment: a process with AWS's runtime in it, and the Runtime API that it asks. */
export class ExecutionEnvironment {
  readonly #api: RuntimeApi;
  readonly #process: ChildProcess;
  #timer: NodeJS.Timeout | undefined;

  private constructor(api: RuntimeApi, child: ChildProcess) {
    this.#api = api;
    this.#process = child;
  }

  /** Starts the process; an invocation that follows at once is a cold start. */
  static start(api: RuntimeApi, deployed: Deployed, runtime: Runtime, variables: Variables, watched = false) {
    const { taskRoot, handler, name } = deployed;
    const env = {
      PATH: process.env.PATH,
      TZ: ':UTC',
      AWS_LAMBDA_RUNTIME_API: api.host,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MEMORY_MB),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: handler,
      ...variables,
    };
    const before = [...(watched ? [USAGE] : []), ...(runtime.client === 'javascript' ? [RAPID_CLIENT] : [])];
    const child = spawn(NODE, [...before.flatMap((file) => ['--require', file]), runtime.script, handler], {
      cwd: taskRoot,
      env,
      stdio: ['ignore', 'pipe', 'inherit', watched ? 'ipc' : 'ignore'],
    });
    child.stdout?.resume();
    return new ExecutionEnvironment(api, child);
  }

  /** Rejects where the function fails, its process ends, or Lambda would have ended it. */
  invoke(event: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('The process ended before it answered.'));
      const timer = setTimeout(() => reject(new Error('The process did not answer.')), MAX_INVOCATION_MS);
      this.#process.once('exit', ended);
      const done = () => {
        clearTimeout(timer);
        this.#process.off('exit', ended);
      };
      this.#api.invoke(event).then(resolve, reject).finally(done);
    });
  }

  /** Of a watched process, as is `held`. */
  async used(): Promise<Usage> {
    return (await this.#ask('used')) as Usage;
  }

  async held(): Promise<Held> {
    return (await this.#ask('held')) as Held;
  }

  async #ask(question: 'used' | 'held'): Promise<unknown> {
    const answered = once(this.#process, 'message');
    this.#process.send(question);
    const [answer] = await answered;
    return answer;
  }

  /** CPU time of all its threads, on Linux only. */
  cpuMs(): number {
    const tasks = `/proc/${this.#process.pid}/task`;
    try {
      const times = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
      return times.reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e6, 0);
    } catch {
      return Number.NaN;
    }
  }

  /**
   * Gives the process only this share of a processor from now on, as Lambda does after initialisation with less memory
   * than 1,769 MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  throttle(share: number): void {
    const pause = () => {
      this.#process.kill('SIGSTOP');
      this.#timer = setTimeout(run, PERIOD_MS * (1 - share));
    };
    const run = () => {
      this.#process.kill('SIGCONT');
      this.#timer = setTimeout(pause, PERIOD_MS * share);
    };
    pause();
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** Throws for an answer without success, because a broken function would look fast. */
export const expectSuccess = (answer: string, { name }: Deployed): void => {
  if (!answer.includes('"success":"true"')) throw new Error(`${name} answered ${answer}`);
};

export interface ColdStart {
  readonly ms: number;
  /** Of all its threads; `NaN` if the system does not report it. */
  readonly cpuMs: number;
}

/** From the start of the process to its first answer; with `share`, at that share of a processor after initialisation. */
export const coldStart = async (
  deployed: Deployed,
  runtime: Runtime,
  variables: Variables,
  event: string,
  share = 1,
): Promise<ColdStart> => {
  const api = await startRuntimeApi(() => {
    if (share < 1) environment.throttle(share);
  });
  const began = performance.now();
  const environment = ExecutionEnvironment.start(api, deployed, runtime, variables);
  try {
    const answer = await environment.invoke(event);
    const ms = performance.now() - began;
    expectSuccess(answer, deployed);
    return { ms, cpuMs: environment.cpuMs() };
  } finally {
    await environment.end();
    api.close();
  }
};
