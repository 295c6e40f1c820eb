/** Ends a command with a message for the operator, which never holds a key or a secret. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const usageError = (message: string, usage: string): CliError => new CliError(`${message}\n\n${usage}`, 2);

/** Shells report Ctrl-C as 128 plus the number of the signal SIGINT. */
export const cancelled = (): CliError => new CliError('Cancelled.', 130);

/** Where a command reads and writes; `process` is one. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Runs a command and returns its exit code. Only the name of an unexpected error is shown: its text may hold a key. */
export const runCommand = async ({ stdout, stderr }: Streams, command: () => Promise<number>): Promise<number> => {
  try {
    return await command();
  } catch (error) {
    if (error instanceof CliError) {
      (error.exitCode === 0 ? stdout : stderr).write(`${error.message}\n`);
      return error.exitCode;
    }
    stderr.write(`Unexpected error (${Error.isError(error) ? error.name : 'unknown'}). This is a bug in the tool.\n`);
    return 1;
  }
};

/** Names an unknown option. Nothing else of a wrong command line is repeated: it may be a key. */
const describeParseError = (error: unknown): string => {
  const option = /^Unknown option '(-{1,2}[a-z-]{1,30})'/.exec(Error.isError(error) ? error.message : '')?.[1];
  return option === undefined ? 'The command line could not be parsed.' : `Unknown option ${option}.`;
};

/** Parses the command line; `--help` and mistakes end the command. */
export const parseOrExit = <T extends { readonly values: { readonly help?: boolean | undefined } }>(
  parse: () => T,
  usage: string,
): T => {
  let parsed: T;
  try {
    parsed = parse();
  } catch (error) {
    throw usageError(describeParseError(error), usage);
  }
  if (parsed.values.help === true) throw new CliError(usage, 0);
  return parsed;
};
