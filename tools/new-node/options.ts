import { ENDPOINTS } from '../../emulators/braze/gateway.ts';
import { isPathTemplate } from '../../lib/braze/endpoint.ts';
import { IDENTIFIERS, type IdentifierName } from '../../lib/payload/identity.ts';
import { CliError, type Streams } from '../cli.ts';
import { promptLines, promptTerminal } from '../prompts.ts';
import { toStackName } from '../service.ts';
import { FIELD_TYPE_WORDS, type FieldType, findFieldType } from './field-types.ts';

/** A field of the new node's payload. */
export interface NewField {
  readonly name: string;
  readonly type: FieldType;
  readonly isRequired: boolean;
  /** Beside the list of objects and not in its object. */
  readonly isTop: boolean;
}

/** What is to be known of a new node. */
export interface NewNode {
  readonly name: string;
  readonly path: string;
  readonly permission: string;
  readonly description: string;
  readonly fields: readonly NewField[];
  readonly identifiers: readonly IdentifierName[];
  /** The key of the list that the endpoint takes its objects in; empty where it takes one object by itself. */
  readonly list: string;
  readonly isLookUp: boolean;
  readonly isIdempotent: boolean;
}

const refuse = (message: string): never => {
  throw new CliError(message, 2);
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const MAX_FUNCTION_NAME_CHARACTERS = 64;
const PREFIX = `${toStackName('sandbox')}-`;

export const parseName = (text: string): string => {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text)) {
    refuse('A node is named in lower case with hyphens, verb first: add-alias.');
  }
  if (PREFIX.length + text.length > MAX_FUNCTION_NAME_CHARACTERS) {
    refuse(`The name is too long: AWS takes ${MAX_FUNCTION_NAME_CHARACTERS} characters, ${PREFIX} included.`);
  }
  return text;
};

export const parsePath = (text: string): string => {
  const path = text.trim().replace(/^\/+|\/+$/g, '');
  if (!/^[a-z]/.test(path) || !path.includes('/') || !isPathTemplate(path) || path.includes('{')) {
    refuse('The endpoint is a path of Braze’s REST API that is called with POST: users/alias/new.');
  }
  if (path === 'users/track') {
    refuse('users/track has a shape of its own: copy handlers/track-event.ts or handlers/set-subscription.ts.');
  }
  return path;
};

/** The permission of an endpoint that the emulator knows; Braze’s names follow no rule that could be relied on. */
export const findPermission = (path: string): string | undefined =>
  ENDPOINTS.find((endpoint) => endpoint.method === 'POST' && endpoint.path === path)?.permission;

export const parsePermission = (text: string): string =>
  /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/.test(text.trim())
    ? text.trim()
    : refuse('A permission is spelled as on the page of the endpoint and in Braze’s dashboard: users.alias.new.');

export const parseDescription = (text: string): string =>
  /^[A-Z][^\p{Cc}]*\.$/u.test(text.trim())
    ? text.trim()
    : refuse('The description is a sentence on one line, from a capital letter to a full stop.');

const RESERVED_NAMES = ['node', 'strict', 'update_existing_only', ...IDENTIFIERS, 'constructor', 'prototype'];
const FIELD_OPTIONS = ['required', 'optional', 'top'];

const parseField = (text: string): NewField => {
  const [declaration = '', sample] = text.split('=', 2);
  const [name = '', word = '', ...options] = declaration.split(':').map((part) => part.trim());
  if (!/^[a-z][a-z0-9_]*$/.test(name) || RESERVED_NAMES.includes(name)) {
    refuse(`${JSON.stringify(name)} cannot be a field: a name looks like alias_name, and is no identifier.`);
  }
  const type =
    findFieldType(word) ?? refuse(`The field ${name} needs one of the types ${FIELD_TYPE_WORDS.join(', ')}.`);
  if (options.some((option) => !FIELD_OPTIONS.includes(option))) {
    refuse(`After its type the field ${name} may only have :optional and :top.`);
  }
  if (options.includes('optional') && options.includes('top')) {
    refuse(`The field ${name} is :top and so required: write the handling of an optional one into toRequest.`);
  }
  return {
    name,
    type: sample === undefined ? type : { ...type, raw: sample, sent: sample.trim() },
    isRequired: !options.includes('optional'),
    isTop: options.includes('top'),
  };
};

export const parseFields = (text: string): readonly NewField[] => {
  const fields = text.split(',').map(parseField);
  return new Set(fields.map(({ name }) => name)).size === fields.length ? fields : refuse('A field is given twice.');
};

export const parseIdentifiers = (text: string): readonly IdentifierName[] => {
  const given = text.split(',').map((name) => name.trim());
  const known = IDENTIFIERS.filter((name) => given.includes(name));
  return known.length > 0 && known.length === given.length
    ? known
    : refuse(`The identifiers are some of ${IDENTIFIERS.join(', ')}.`);
};

export const parseList = (text: string): string =>
  /^(?:[a-z][a-z0-9_]*)?$/.test(text.trim())
    ? text.trim()
    : refuse('The list is the key of an array in the request: user_aliases.');

export const parseYesOrNo = (text: string): boolean =>
  /^(?:y|yes|n|no)$/i.test(text.trim()) ? /^y/i.test(text.trim()) : refuse('Answer yes or no.');

/** The options of the command line that answer a question. */
export type Given = {
  readonly [option in keyof typeof QUESTIONS]?: string | undefined;
};

export const QUESTIONS = {
  endpoint: 'Braze’s endpoint, such as users/alias/new',
  permission: 'The permission that the API key needs',
  description: 'What the node does, in a sentence',
  fields: `Its fields beside the identity, name:type[:optional][:top][=sample] with commas; types: ${FIELD_TYPE_WORDS.join(', ')}`,
  identifiers: 'The identifiers by which the endpoint finds a person',
  list: 'The key of the list that the endpoint takes its objects in, or nothing',
  'look-up': 'Does it only read, so that nothing needs to be queued',
  idempotent: 'Does sending it twice do what sending it once does',
} as const;

/** Everything about a new node: from the command line, else from a person at a terminal, else from the lines of a pipe. */
export const askForNode = async (name: string, given: Given, streams: Streams): Promise<NewNode> => {
  const isTerminal = streams.stdin.isTTY === true;
  const prompter = isTerminal ? promptTerminal(streams) : promptLines(streams.stdin);

  const ask = async <T>(option: keyof Given, parse: (text: string) => T, fallback?: string): Promise<T> => {
    const answer = given[option];
    if (answer !== undefined) return parse(answer);
    const parseOrFallback = (text: string): T =>
      parse(text.trim() === '' ? (fallback ?? refuse(`--${option} is missing. ${QUESTIONS[option]}.`)) : text);
    // A pipe that nobody writes to may never end, so it is not read for what has a fallback.
    if (!isTerminal && fallback !== undefined) return parse(fallback);
    const validate = (text: string): string | undefined => {
      try {
        parseOrFallback(text);
        return undefined;
      } catch (error) {
        return Error.isError(error) ? error.message : String(error);
      }
    };
    const message = `${QUESTIONS[option]}${fallback ? ` [${fallback}]` : ''}:`;
    return parseOrFallback(await prompter.ask({ name: option, message, ...(isTerminal && { validate }) }));
  };

  const path = await ask('endpoint', parsePath);
  const permission = await ask('permission', parsePermission, findPermission(path));
  const description = await ask('description', parseDescription);
  const fields = await ask('fields', parseFields);
  const identifiers = await ask('identifiers', parseIdentifiers, IDENTIFIERS.join(','));
  const list = await ask('list', parseList, '');
  const isLookUp = await ask('look-up', parseYesOrNo, 'no');
  const isIdempotent = isLookUp || (await ask('idempotent', parseYesOrNo, 'no'));
  return { name, path, permission, description, fields, identifiers, list, isLookUp, isIdempotent };
};
