import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Json } from '../lib/json.ts';

/** Ends a command with a message for the operator, which never holds a key or a secret. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Shells report Ctrl-C as 128 plus the number of the signal SIGINT. */
export const cancelled = (): CliError => new CliError('Cancelled.', 130);

/** The value in a JSON file that the operator names. */
export const readJsonFile = (file: string): Json => {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    // The message of a SyntaxError quotes the file, which may hold a key.
    const isSyntax = error instanceof SyntaxError;
    throw new CliError(isSyntax ? `${file} is not JSON.` : `The file ${file} cannot be read.`, 2, { cause: error });
  }
};

/** Where a command reads and writes; `process` is one. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ readonly options: O; readonly allowPositionals: true }>>;

/** The parsed command line, and the error for what is wrong with it. */
export interface Arguments<O extends Options> extends Pick<Parsed<O>, 'values' | 'positionals'> {
  readonly usageError: (message: string) => CliError;
}

/** Names an unknown option. Nothing else of a wrong command line is repeated: it may be a key. */
const describeParseError = (error: unknown): string => {
  const option = /^Unknown option '(-{1,2}[a-z-]{1,30})'/.exec(Error.isError(error) ? error.message : '')?.[1];
  return option === undefined ? 'The command line could not be parsed.' : `Unknown option ${option}.`;
};

/** What a command takes: its usage, its options beside `--help`, and how many values may stand beside them. */
interface CommandLine<O extends Options> {
  readonly usage: string;
  readonly options: O;
  readonly maxPositionals?: number;
}

const parseArguments = <O extends Options>(
  argv: readonly string[],
  { usage, options, maxPositionals = 0 }: CommandLine<O>,
): Arguments<O> => {
  if (argv.includes('--help') || argv.includes('-h')) throw new CliError(usage, 0);
  const usageError = (message: string) => new CliError(`${message}\n\n${usage}`, 2);
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    if (positionals.length <= maxPositionals) return { values, positionals, usageError };
  } catch (error) {
    throw usageError(describeParseError(error));
  }
  throw usageError('There are too many values beside the options.');
};

/**
 * Makes a command of `npm run`: it prints its usage with `--help` and beside a mistake of the command line, and returns
 * the exit code of `run`. Only the name of an unexpected error is shown, because its text may hold a key.
 */
export const defineCommand =
  <const O extends Options, E extends readonly unknown[] = []>(
    line: CommandLine<O>,
    run: (args: Arguments<O>, streams: Streams, ...extra: E) => Promise<number>,
  ) =>
  async (argv: readonly string[], streams: Streams, ...extra: E): Promise<number> => {
    try {
      return await run(parseArguments(argv, line), streams, ...extra);
    } catch (error) {
      const name = Error.isError(error) ? error.name : 'unknown';
      const known =
        error instanceof CliError ? error : new CliError(`Unexpected error (${name}). This is a bug in the tool.`);
      (known.exitCode === 0 ? streams.stdout : streams.stderr).write(`${known.message}\n`);
      return known.exitCode;
    }
  };
