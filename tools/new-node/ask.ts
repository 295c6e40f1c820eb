import { IDENTIFIERS } from '../../lib/payload/identity.ts';
import { CliError, type Streams } from '../cli.ts';
import { promptLines, promptTerminal } from '../prompts.ts';
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

/** Everything about a new node: from the command line, else from a person at a terminal, else from the lines of a pipe. */
export const askFor = async (name: string, given: Given, streams: Streams): Promise<NewNode> => {
  const isTerminal = streams.stdin.isTTY === true;
  const isNeeded = [given.endpoint, given.description, given.fields].includes(undefined);
  // A pipe that nobody writes to may never end, so it is read only for an answer that has no default.
  const prompter = isTerminal ? promptTerminal(streams) : isNeeded ? promptLines(streams.stdin) : undefined;

  const ask = async <T>(
    key: keyof Given,
    question: string,
    otherwise: string | undefined,
    read: (text: string) => T,
  ): Promise<T> => {
    const said = given[key];
    if (said !== undefined) return read(said);
    const parse = (answer: string): T => {
      const text = answer.trim() === '' ? otherwise : answer;
      if (text === undefined) throw new CliError(`--${key} is missing. ${question}.`, 2);
      return read(text);
    };
    const validate = (answer: string): string | undefined => {
      try {
        parse(answer);
        return undefined;
      } catch (error) {
        return error instanceof CliError ? error.message : String(error);
      }
    };
    const message = otherwise === undefined || otherwise === '' ? `${question}:` : `${question} [${otherwise}]:`;
    const answer = await prompter?.ask({ name: key, message, ...(isTerminal && { validate }) });
    return parse(answer ?? '');
  };

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
};
