import type { Key } from 'node:readline';
import confirm from '@inquirer/confirm';
import input from '@inquirer/input';
import password from '@inquirer/password';
import { CliError, cancelled, type Streams } from './cli.ts';

export interface Question {
  /** The name by which a pipe gives the answer. */
  readonly name: string;
  readonly message: string;
  /** Typed without echo. */
  readonly hidden?: boolean;
  /** What is wrong with an answer, in a sentence that does not repeat it. */
  readonly validate?: (answer: string) => string | undefined;
}

/** Asks the operator, who answers at a terminal or through a pipe. */
export interface Prompter {
  ask(question: Question): Promise<string>;
  confirm(message: string): Promise<boolean>;
}

type Context = NonNullable<Parameters<typeof input>[1]>;

/** Asks a person with Inquirer, which handles Ctrl-C itself, and leaves Ctrl-D to us. */
export const promptTerminal = ({ stdin, stderr }: Streams): Prompter => {
  const run = async <T>(prompt: (context: Context) => Promise<T>): Promise<T> => {
    const ctrlD = new AbortController();
    const onKeypress = (_: unknown, { ctrl, name }: Key) => {
      if (ctrl === true && name === 'd') ctrlD.abort();
    };
    stdin.on('keypress', onKeypress);
    try {
      return await prompt({ input: stdin, output: stderr, signal: ctrlD.signal });
    } catch (error) {
      if (Error.isError(error) && ['ExitPromptError', 'AbortPromptError'].includes(error.name)) throw cancelled();
      throw error;
    } finally {
      stdin.off('keypress', onKeypress);
    }
  };
  return {
    ask: ({ message, hidden = false, validate }) => {
      const config = { message, validate: (answer: string) => validate?.(answer) ?? true };
      return run((context) => (hidden ? password(config, context) : input(config, context)));
    },
    confirm: (message) => run((context) => confirm({ message, default: false }, context)),
  };
};

const MAX_INPUT_BYTES = 64 * 1024;

const readLines = async (stdin: NodeJS.ReadableStream): Promise<readonly string[]> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_INPUT_BYTES) throw new CliError('Standard input is too long for a few lines.');
    chunks.push(buffer);
  }
  const text = Buffer.concat(chunks).toString();
  return text.replace(/^\uFEFF/, '').split(/\r?\n|\r/);
};

const checked = (answer: string, { validate }: Question): string => {
  const fault = validate?.(answer);
  if (fault !== undefined) throw new CliError(fault);
  return answer;
};

/** Answers are the lines of standard input, in the order of the questions. */
export const promptLines = (stdin: NodeJS.ReadableStream): Prompter => {
  let pending: Promise<string[]> | undefined;
  const next = async (): Promise<string> => {
    // Read at the first question, because a pipe without a writer may never end.
    pending ??= readLines(stdin).then((lines) => [...lines]);
    return (await pending).shift() ?? '';
  };
  return {
    ask: async (question) => checked(await next(), question),
    confirm: async () => /^y(?:es)?$/i.test((await next()).trim()),
  };
};

/** Answers are lines `name=value` of standard input, whose names are among `names`; a confirmation needs `--yes`. */
export const promptNamedLines = (
  stdin: NodeJS.ReadableStream,
  names: readonly string[],
): Prompter & { /** The answer, where there is one. */ find(question: Question): Promise<string | undefined> } => {
  const parse = (lines: readonly string[]): ReadonlyMap<string, string> => {
    const values = new Map<string, string>();
    for (const [index, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const name = names.find((one) => line.startsWith(`${one}=`));
      if (name === undefined) {
        throw new CliError(
          `Line ${index + 1} of standard input is none of: ${names.map((one) => `${one}=…`).join(', ')}`,
        );
      }
      if (values.has(name)) throw new CliError(`Line ${index + 1} of standard input repeats ${name}.`);
      values.set(name, line.slice(name.length + 1));
    }
    return values;
  };
  let pending: Promise<ReadonlyMap<string, string>> | undefined;
  const find = async (question: Question): Promise<string | undefined> => {
    pending ??= readLines(stdin).then(parse);
    const value = (await pending).get(question.name);
    return value === undefined ? undefined : checked(value, question);
  };
  return {
    find,
    ask: async (question) => {
      const value = await find(question);
      if (value === undefined) {
        throw new CliError(`Standard input is not a terminal and has no line ${question.name}=…`);
      }
      return value;
    },
    confirm: async (message) => {
      throw new CliError(`${message} Standard input is not a terminal: repeat with --yes. Nothing was written.`);
    },
  };
};
