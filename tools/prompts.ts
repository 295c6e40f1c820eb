import type { Key } from 'node:readline';
import confirm from '@inquirer/confirm';
import input from '@inquirer/input';
import password from '@inquirer/password';
import { CliError, cancelled, type Streams } from './cli.ts';

export interface Question {
  /** The name by which a pipe gives the answer. */
  readonly name: string;
  readonly message: string;
  /** The answer where a pipe has none; a person is not asked. */
  readonly fallback?: string;
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
    ask: async ({ message, fallback, hidden = false, validate }) => {
      if (fallback !== undefined) return fallback;
      const config = { message, validate: (answer: string) => validate?.(answer) ?? true };
      return run((context) => (hidden ? password(config, context) : input(config, context)));
    },
    confirm: (message) => run((context) => confirm({ message, default: false }, context)),
  };
};

const MAX_INPUT_CHARACTERS = 64 * 1024;

const readLines = async (stdin: NodeJS.ReadableStream): Promise<readonly string[]> => {
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_INPUT_CHARACTERS) throw new CliError('Standard input is too long for a few lines.');
  }
  return text.replace(/^\uFEFF/, '').split(/\r?\n|\r/);
};

const checked = (answer: string, { validate }: Question): string => {
  const problem = validate?.(answer);
  if (problem !== undefined) throw new CliError(problem);
  return answer;
};

/** The first line of standard input answers the only question. */
export const promptLine = (stdin: NodeJS.ReadableStream): Prompter => {
  const readLine = async () => (await readLines(stdin))[0] ?? '';
  return {
    ask: async (question) => checked(await readLine(), question),
    confirm: async () => /^y(?:es)?$/i.test((await readLine()).trim()),
  };
};

const parseNamedLines = (lines: readonly string[], names: readonly string[]): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const place = `Line ${index + 1} of standard input`;
    const name = names.find((one) => line.startsWith(`${one}=`));
    if (name === undefined) throw new CliError(`${place} is none of: ${names.map((one) => `${one}=…`).join(', ')}`);
    if (values.has(name)) throw new CliError(`${place} repeats ${name}.`);
    values.set(name, line.slice(name.length + 1));
  }
  return values;
};

/** Answers are lines `name=value` of standard input, whose names are among `names`; a confirmation needs `--yes`. */
export const promptNamedLines = (stdin: NodeJS.ReadableStream, names: readonly string[]): Prompter => {
  let lines: Promise<readonly string[]> | undefined;
  return {
    ask: async (question) => {
      // Read at the first question, because a pipe without a writer may never end.
      lines ??= readLines(stdin);
      const value = parseNamedLines(await lines, names).get(question.name);
      if (value !== undefined) return checked(value, question);
      if (question.fallback !== undefined) return question.fallback;
      throw new CliError(`Standard input is not a terminal and has no line ${question.name}=…`);
    },
    confirm: async (message) => {
      throw new CliError(`${message} Standard input is not a terminal: repeat with --yes. Nothing was written.`);
    },
  };
};
