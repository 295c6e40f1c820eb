import { text as readAll } from 'node:stream/consumers';
import { IDENTIFIERS } from '../../lib/payload/identity.ts';
import type { Streams } from '../cli.ts';
import { Terminal } from '../terminal.ts';
import { KIND_WORDS } from './field-types.ts';
import {
  type NewNode,
  permissionOf,
  readDescription,
  readEndpoint,
  readFields,
  readIdentifiers,
  readList,
  readPermission,
  readYesOrNo,
  Unfit,
} from './options.ts';

/** What the command line says of a new node; what it does not say is asked for. */
export interface Given {
  readonly endpoint?: string | undefined;
  readonly permission?: string | undefined;
  readonly description?: string | undefined;
  readonly fields?: string | undefined;
  readonly identifiers?: string | undefined;
  readonly list?: string | undefined;
  readonly 'replay-safe'?: string | undefined;
}

/** The next line of whoever answers; `undefined` where there is none any more. */
type Answers = (question: string) => Promise<string | undefined>;

const fromLines = (stdin: NodeJS.ReadableStream, isNeeded: boolean): Answers => {
  // A pipe that nobody writes to may never end, so it is read only for an answer that must be given.
  const lines = isNeeded ? readAll(stdin).then((all) => all.replace(/\n$/, '').split(/\r?\n/)) : Promise.resolve([]);
  return async () => (await lines).shift();
};

/** Everything about a new node: from the command line, else from a person at a terminal, else from the lines of a pipe. */
export const askFor = async (name: string, given: Given, { stdin, stderr }: Streams): Promise<NewNode> => {
  const terminal = stdin.isTTY === true ? new Terminal(stdin, stderr) : undefined;
  const isNeeded = [given.endpoint, given.description, given.fields].includes(undefined);
  const answers: Answers =
    terminal === undefined ? fromLines(stdin, isNeeded) : (question) => terminal.ask(question, false);

  const ask = async <T>(
    key: keyof Given,
    question: string,
    otherwise: string | undefined,
    read: (text: string) => T,
  ): Promise<T> => {
    const said = given[key];
    if (said !== undefined) return read(said);
    const shown = otherwise === undefined || otherwise === '' ? question : `${question} [${otherwise}]`;
    for (;;) {
      const answer = await answers(`${shown}: `);
      const text = answer === undefined || answer.trim() === '' ? otherwise : answer;
      if (text === undefined && terminal === undefined) throw new Unfit(`--${key} is missing. ${question}.`);
      try {
        return read(text ?? '');
      } catch (error) {
        if (terminal === undefined || !(error instanceof Unfit)) throw error;
        stderr.write(`${error.message}\n`);
      }
    }
  };

  try {
    const endpoint = await ask('endpoint', 'Braze’s endpoint, such as users/alias/new', undefined, readEndpoint);
    return {
      name,
      endpoint,
      permission: await ask(
        'permission',
        'The permission that the API key needs',
        permissionOf(endpoint),
        readPermission,
      ),
      description: await ask('description', 'What the node does, in a sentence', undefined, readDescription),
      fields: await ask(
        'fields',
        `Its fields beside the identity, as name:type or name:type:optional, with commas; types: ${KIND_WORDS.join(', ')}`,
        undefined,
        readFields,
      ),
      identifiers: await ask(
        'identifiers',
        'By what the endpoint finds a person',
        IDENTIFIERS.join(','),
        readIdentifiers,
      ),
      list: await ask('list', 'The key of the list that the endpoint takes its objects in, or nothing', '', readList),
      isIdempotent: await ask('replay-safe', 'Does sending it twice do what sending it once does', 'no', readYesOrNo),
    };
  } finally {
    terminal?.close();
  }
};
