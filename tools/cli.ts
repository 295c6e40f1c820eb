/** A command ends here, and the message says why in words that a person can act on. Holds no value of a parameter. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command line is not understood. */
export const misused = (message: string, usage: string): Stop => new Stop(`${message}\n\n${usage}`, 2);

/** Ctrl-C, as shells report it. */
export const cancelled = (): Stop => new Stop('Cancelled.', 130);

/** Where a command reads and writes; `process` is one. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Runs a command to its exit code. An error that nobody foresaw is told by its name alone: its text may hold a value. */
export const exitCodeOf = async ({ stdout, stderr }: Streams, command: () => Promise<number>): Promise<number> => {
  try {
    return await command();
  } catch (error) {
    if (error instanceof Stop) {
      (error.exitCode === 0 ? stdout : stderr).write(`${error.message}\n`);
      return error.exitCode;
    }
    const name = Error.isError(error) ? error.name : 'unknown error';
    stderr.write(`This should not have happened (${name}). It is a fault of the script.\n`);
    return 1;
  }
};
