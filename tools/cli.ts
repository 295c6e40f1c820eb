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

/** Parses the command line; `--help` and mistakes end the command. A wrong argument is not repeated: it may be a key. */
export const parseOrExit = <T extends { readonly values: { readonly help?: boolean | undefined } }>(
  parse: () => T,
  usage: string,
): T => {
  let parsed: T;
  try {
    parsed = parse();
  } catch {
    throw usageError('The command line could not be parsed. Values are never taken from it.', usage);
  }
  if (parsed.values.help === true) throw new CliError(usage, 0);
  return parsed;
};
