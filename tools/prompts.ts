import { Stop, type Streams } from './cli.ts';
import type { Parameter } from './service.ts';
import { Terminal } from './terminal.ts';

/** A value that is wanted from the operator. */
export interface Wanted {
  readonly parameter: Parameter;
  readonly question: string;
  /** Typed without echo. */
  readonly hidden: boolean;
  /** What is wrong with a text, in a sentence that does not repeat it. */
  readonly fault: (text: string) => string | undefined;
}

/** How a command gets to know things: from a person at a terminal, or from the lines of a file or a pipe. */
export interface Dialogue {
  value(wanted: Wanted): Promise<string>;
  /** A value that is taken if given and never asked for. */
  given(wanted: Wanted): Promise<string | undefined>;
  confirm(question: string): Promise<boolean>;
  /** There are no more questions. Throws if the operator has cancelled since the last one. */
  done(): void;
  /** For the end of the command, however it ends. */
  close(): void;
}

class AtTerminal implements Dialogue {
  readonly #terminal: Terminal;
  readonly #stderr: NodeJS.WritableStream;

  constructor(streams: Streams) {
    this.#terminal = new Terminal(streams.stdin, streams.stderr);
    this.#stderr = streams.stderr;
  }

  async value({ question, hidden, fault }: Wanted): Promise<string> {
    for (;;) {
      const text = await this.#terminal.ask(`${question} `, hidden);
      const wrong = fault(text);
      if (wrong === undefined) return text;
      this.#stderr.write(`${wrong}\n`);
    }
  }

  async given(): Promise<undefined> {}

  async confirm(question: string): Promise<boolean> {
    return /^y(?:es)?$/i.test((await this.#terminal.ask(`${question} [y/N] `, false)).trim());
  }

  done(): void {
    this.#terminal.done();
  }

  close(): void {
    this.#terminal.close();
  }
}

const LONGEST_INPUT = 64 * 1024;

const readAll = async (stdin: NodeJS.ReadableStream): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LONGEST_INPUT) throw new Stop('Standard input is too long for a few lines of name=value.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks)
    .toString()
    .replace(/^\uFEFF/, '');
};

const parseLines = (text: string, allowed: readonly Parameter[]): ReadonlyMap<Parameter, string> => {
  const values = new Map<Parameter, string>();
  for (const [index, line] of text.split(/\r?\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const parameter = allowed.find((name) => line.startsWith(`${name}=`));
    if (parameter === undefined) {
      const forms = allowed.map((name) => `${name}=…`).join(', ');
      throw new Stop(`Line ${index + 1} of standard input is none of: ${forms}`);
    }
    if (values.has(parameter)) throw new Stop(`Line ${index + 1} of standard input gives ${parameter} once more.`);
    values.set(parameter, line.slice(parameter.length + 1));
  }
  return values;
};

class FromLines implements Dialogue {
  readonly #stdin: NodeJS.ReadableStream;
  readonly #allowed: readonly Parameter[];
  #values: Promise<ReadonlyMap<Parameter, string>> | undefined;

  constructor(stdin: NodeJS.ReadableStream, allowed: readonly Parameter[]) {
    this.#stdin = stdin;
    this.#allowed = allowed;
  }

  async value(wanted: Wanted): Promise<string> {
    const value = await this.given(wanted);
    if (value !== undefined) return value;
    throw new Stop(`Standard input is not a terminal and has no line ${wanted.parameter}=…`);
  }

  async given({ parameter, fault }: Wanted): Promise<string | undefined> {
    this.#values ??= readAll(this.#stdin).then((text) => parseLines(text, this.#allowed));
    const value = (await this.#values).get(parameter);
    const wrong = value === undefined ? undefined : fault(value);
    if (wrong !== undefined) throw new Stop(wrong);
    return value;
  }

  async confirm(question: string): Promise<boolean> {
    throw new Stop(`${question} Nobody is there to answer: say --yes if so. Nothing was written.`);
  }

  done(): void {}

  close(): void {}
}

const agreeing = (dialogue: Dialogue): Dialogue => ({
  value: (wanted) => dialogue.value(wanted),
  given: (wanted) => dialogue.given(wanted),
  confirm: async () => true,
  done: () => dialogue.done(),
  close: () => dialogue.close(),
});

/** With `yes`, every question that could be answered with no is taken as answered with yes. */
export const startDialogue = (streams: Streams, allowed: readonly Parameter[], yes: boolean): Dialogue => {
  const dialogue = streams.stdin.isTTY === true ? new AtTerminal(streams) : new FromLines(streams.stdin, allowed);
  return yes ? agreeing(dialogue) : dialogue;
};
