import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { cancelled, type Stop } from './cli.ts';

/**
 * Asks questions at a terminal. The terminal is raw from the first question to `close`, and what is typed is echoed only
 * while a question that is not hidden waits for its line: neither a hidden answer nor one typed ahead is ever shown.
 */
export class Terminal {
  readonly #output: NodeJS.WritableStream;
  readonly #lines: Interface;
  readonly #ahead: string[] = [];
  #echo = false;
  #ended = false;
  #cancelled = false;
  #waiting: { readonly resolve: (line: string) => void; readonly reject: (reason: Stop) => void } | undefined;

  constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
    this.#output = output;
    const echo = new Writable({
      write: (chunk, _encoding, done) => {
        if (this.#echo) output.write(chunk);
        done();
      },
    });
    // Without a history: the arrow keys would bring a key back into a question that is shown.
    this.#lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
    this.#lines.on('line', (line) => this.#take(line));
    this.#lines.on('SIGINT', () => this.#end());
    this.#lines.on('close', () => this.#end());
  }

  /** The line that answers a question. Ctrl-C and Ctrl-D end the command. */
  ask(question: string, hidden: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(cancelled());
      const ahead = this.#ahead.shift();
      if (ahead !== undefined) {
        this.#output.write(`${question}\n`);
        return resolve(ahead);
      }
      this.#waiting = {
        resolve: (line) => {
          if (hidden) this.#output.write('\n');
          resolve(line);
        },
        reject,
      };
      this.#echo = !hidden;
      if (hidden) this.#output.write(question);
      this.#lines.setPrompt(hidden ? '' : question);
      this.#lines.prompt(true);
    });
  }

  /** There are no more questions. Throws if Ctrl-C was typed while none was waiting. */
  done(): void {
    this.close();
    if (this.#cancelled) throw cancelled();
  }

  close(): void {
    this.#ended = true;
    this.#echo = false;
    this.#lines.close();
  }

  #take(line: string): void {
    this.#echo = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#ahead.push(line);
    else waiting.resolve(line);
  }

  #end(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#echo = false;
    if (!this.#ended) {
      this.#cancelled = true;
      this.#output.write('\n');
      this.close();
    }
    waiting?.reject(cancelled());
  }
}
