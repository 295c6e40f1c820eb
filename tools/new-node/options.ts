import { isDeepStrictEqual } from 'node:util';
import { ENDPOINTS } from '../../emulators/braze/gateway.ts';
import { SUCCESS_BY_OUTCOME, type Success } from '../../lib/answer.ts';
import { isPathTemplate, METHODS, type Method } from '../../lib/braze/endpoint.ts';
import { IDENTIFIERS, type IdentifierName } from '../../lib/payload/identity.ts';
import { CliError, type Streams } from '../cli.ts';
import { promptTerminal } from '../prompts.ts';
import { toStackName } from '../service.ts';
import { FIELD_TYPE_WORDS, type FieldType, findFieldType, toSent } from './field-types.ts';

/** A field of the new node's payload. */
export interface NewField {
  readonly name: string;
  readonly type: FieldType;
  /** What Braze is sent for the sample of the type. */
  readonly sent: unknown;
  readonly isRequired: boolean;
  /** Where it stands in the request; `object` is the object in the list, or the body where there is no list. */
  readonly place: 'path' | 'query' | 'top' | 'object';
}

/** The identifiers that the endpoint accepts; empty if its requests are not about a person. */
export interface NewIdentity {
  readonly names: readonly IdentifierName[];
  /** What the endpoint calls the only identifier, where that is another name. */
  readonly key?: string;
  /** Whether the endpoint takes a list of them under that key. */
  readonly isListed?: boolean;
}

/** An outcome of the new node's own: of a status, of a member that says something or exactly `value`, or of the rest. */
export interface NewOutcome {
  readonly outcome: string;
  readonly success: Success;
  readonly status?: number | undefined;
  readonly path?: string | undefined;
  readonly value?: string | undefined;
}

/** A key of the answer, and where its value stands in Braze's answer. */
export interface NewValue {
  readonly key: string;
  readonly path: string;
}

export interface NewEndpoint {
  readonly method: Method;
  readonly path: string;
}

/** What is to be known of a new node. */
export interface NewNode extends NewEndpoint {
  readonly name: string;
  readonly permission: string;
  /** The endpoint in Braze's documents. */
  readonly page: string;
  readonly description: string;
  readonly identity: NewIdentity;
  /** What a person could do by typing another person's identifier; empty if the node is not about a person. */
  readonly risk: string;
  /** The key of the list of objects in the body; empty if the body is the object. */
  readonly list: string;
  readonly fields: readonly NewField[];
  readonly isLookUp: boolean;
  readonly isIdempotent: boolean;
  readonly isQueued: boolean;
  /** The member that the answer of a success has: `message`, which then says so, or another. */
  readonly successMember: string;
  readonly outcomes: readonly NewOutcome[];
  readonly values: readonly NewValue[];
}

const refuse = (message: string): never => {
  throw new CliError(message, 2);
};

/** Parses a text that matches, without the blanks around it. */
const matching =
  (pattern: RegExp, message: string) =>
  (text: string): string =>
    pattern.test(text.trim()) ? text.trim() : refuse(message);

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const MAX_FUNCTION_NAME_CHARACTERS = 64;
const PREFIX = `${toStackName('sandbox')}-`;
const NAME = matching(
  /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
  'A node is named in lower case with hyphens, verb first: add-alias.',
);

/** Returns the name without the blanks around it. */
export const parseName = (text: string): string =>
  PREFIX.length + text.length > MAX_FUNCTION_NAME_CHARACTERS
    ? refuse(`The name is too long: AWS takes ${MAX_FUNCTION_NAME_CHARACTERS} characters, ${PREFIX} included.`)
    : NAME(text);

const findParameters = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

export const parseEndpoint = (text: string): NewEndpoint => {
  const [, word = 'POST', path = ''] = /^(?:([A-Z]+)\s+)?\/?(.*?)\/?$/.exec(text.trim()) ?? [];
  const method = METHODS.find((one) => one === word) ?? refuse(`The method is one of ${METHODS.join(', ')}.`);
  if (!/^[a-z]/.test(path) || !isPathTemplate(path)) {
    refuse(
      'The endpoint is a path of Braze’s REST API, after its method unless that is POST: GET catalogs/{catalog_name}.',
    );
  }
  if (path === 'users/track') {
    refuse('users/track has a shape of its own: copy handlers/track-event.ts or handlers/set-subscription.ts.');
  }
  const parameters = findParameters(path);
  if (new Set(parameters).size < parameters.length) refuse('Two parameters of the path have one name.');
  return { method, path };
};

/** The endpoint in the emulator, which knows its permission and its page. */
export const findEmulated = ({ method, path }: NewEndpoint) =>
  ENDPOINTS.find((endpoint) => endpoint.method === method && endpoint.path === path);

export const parsePermission = matching(
  /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/,
  'A permission is spelled as on the page of the endpoint and in Braze’s dashboard: users.alias.new.',
);
export const parsePage = matching(
  /^https:\/\/www\.braze\.com\/docs\/[\w/.#-]+$/,
  'The page is an address that begins with https://www.braze.com/docs/.',
);
export const parseDescription = matching(
  /^[A-Z][^\p{Cc}]*\.$/u,
  'The description is a sentence on one line, from a capital letter to a full stop.',
);
export const parseRisk = matching(
  /^[a-z][^\p{Cc}|]*[^.\p{Cc}|]$/u,
  'The risk is the end of the sentence “Somebody could …” on one line, without a full stop.',
);
export const parseList = matching(
  /^(?:[a-z][a-z0-9_]*)?$/,
  'The list is the key of an array in the request: user_aliases.',
);
export const parseMember = matching(/^\w+$/, 'The member is a key of Braze’s answer: message.');

const ANSWER = matching(/^(?:y|yes|n|no)$/i, 'Answer yes or no.');
export const parseYesOrNo = (text: string): boolean => /^y/i.test(ANSWER(text));

/** Parses items that are separated by commas, each with another key. */
const parseEach = <T>(text: string, parse: (item: string) => T, getKey: (item: T) => string): readonly T[] => {
  const items = text.trim() === '' ? [] : text.split(',').map(parse);
  const keys = items.map(getKey);
  const repeated = keys.find((key, index) => keys.indexOf(key) < index);
  return repeated === undefined ? items : refuse(`${repeated} is given twice.`);
};

export const parseIdentity = (text: string): NewIdentity => {
  if (text.trim() === 'none') return { names: [] };
  const given = text.split(',').map((part) => {
    const [, name = '', key, listed] = /^\s*(\w+)(?::([a-z][a-z0-9_]*)(\[\])?)?\s*$/.exec(part) ?? [];
    return { name, key, isListed: listed !== undefined };
  });
  const names = IDENTIFIERS.filter((name) => given.some((one) => one.name === name));
  if (names.length === 0 || names.length < given.length) {
    refuse(`The identity is none, or some of ${IDENTIFIERS.join(', ')}.`);
  }
  const named = given.find(({ key }) => key !== undefined);
  if (named?.key === undefined) return { names };
  if (given.length > 1) {
    refuse(
      'Only an identifier by itself can have a name of the endpoint’s: write the mapping of several into toRequest.',
    );
  }
  return { names, key: named.key, isListed: named.isListed };
};

const COMMON_KEYS = ['node', 'strict', 'update_existing_only', 'require_verified', 'signed_id'];
const PROTOTYPE_KEYS = ['constructor', 'prototype'];

/** Parses the fields, each with the place where the endpoint wants it. */
export const parseFields =
  ({ method, path, identity, list }: Pick<NewNode, 'method' | 'path' | 'identity' | 'list'>) =>
  (text: string): readonly NewField[] => {
    const parameters = findParameters(path);
    const identifying: readonly string[] = identity.key === undefined ? identity.names : [identity.key];
    const reserved = [
      ...COMMON_KEYS,
      ...PROTOTYPE_KEYS,
      ...identifying,
      ...(identifying.length > 0 ? IDENTIFIERS : []),
    ];

    const parseField = (item: string): NewField => {
      const [, declaration = '', sample] = /^([^=]*)(?:=(.*))?$/s.exec(item) ?? [];
      const [name = '', word = '', ...options] = declaration.split(':').map((part) => part.trim());
      if (!/^[a-z][a-z0-9_]*$/.test(name)) {
        refuse(`${JSON.stringify(name)} cannot be a field: a name looks like alias_name.`);
      }
      if (reserved.includes(name)) refuse(`${name} cannot be a field: it is a key that the node has anyway.`);
      const known =
        findFieldType(word) ?? refuse(`The field ${name} needs one of the types ${FIELD_TYPE_WORDS.join(', ')}.`);
      const type = sample === undefined ? known : { ...known, sample: word.endsWith('[]') ? [sample] : sample };
      const sent = toSent(type) ?? refuse(`The sample of the field ${name} is no ${word}.`);
      if (options.some((option) => !['optional', 'top', 'query'].includes(option))) {
        refuse(`After its type the field ${name} may only have :optional, :top and :query.`);
      }
      const isRequired = !options.includes('optional');
      const isInQuery = method === 'GET' || options.includes('query');
      const isAtTop = options.includes('top') && list !== '';
      const place = parameters.includes(name) ? 'path' : isInQuery ? 'query' : isAtTop ? 'top' : 'object';
      if (!isRequired && place === 'path') refuse(`${name} is in the path and so required.`);
      if (!isRequired && place === 'top') {
        refuse(`The field ${name} is :top and so required: write the handling of an optional one into toRequest.`);
      }
      const isInAddress = place === 'path' || place === 'query';
      if (isInAddress && typeof sent === 'object') refuse(`${name} cannot be written into an address.`);
      return { name, type, sent, isRequired, place };
    };

    const given = parseEach(text, parseField, ({ name }) => name);
    // A parameter of the path that is neither a field nor the identity is a text.
    const missing = parameters.filter((name) => ![...identifying, ...given.map((field) => field.name)].includes(name));
    return [...missing.map((name) => parseField(`${name}:text`)), ...given];
  };

const MEMBER_PATH = /^\w+(?:\.\w+)*$/;

const parseOutcome = (text: string): NewOutcome => {
  const [, outcome = '', success = '', condition, value] =
    /^\s*([a-z][a-z0-9_]*):(true|false|error)(?:=([\w.]+)(?:=([^=]+))?)?\s*$/.exec(text) ??
    refuse('An outcome looks like not_found:false=404, paused:false=notice, gone:false=deleted=0 or found:true.');
  if (outcome in SUCCESS_BY_OUTCOME) refuse(`${outcome} is an outcome of every node.`);
  const common = { outcome, success: success as Success };
  if (condition === undefined) return common;
  if (/^[2-5]\d\d$/.test(condition)) {
    return value === undefined
      ? { ...common, status: Number(condition) }
      : refuse('A status stands alone: not_found:false=404.');
  }
  if (!MEMBER_PATH.test(condition)) refuse(`${condition} is neither a status nor the path of a member.`);
  return { ...common, path: condition, value: value?.trim() };
};

/** The outcomes in the order in which they are looked for: a status says most, and what is left goes last. */
export const parseOutcomes = (text: string): readonly NewOutcome[] => {
  const rank = ({ status, path }: NewOutcome) => (status !== undefined ? 0 : path !== undefined ? 1 : 2);
  return parseEach(text, parseOutcome, ({ outcome }) => outcome).toSorted((a, b) => rank(a) - rank(b));
};

const RESERVED_KEYS = ['BRAZE_INVALID_FIELDS', 'BRAZE_IDENTITY'];

const parseValue = (text: string): NewValue => {
  const [key = '', path = '', ...more] = text.split('=').map((word) => word.trim());
  const isValid =
    more.length === 0 && /^BRAZE_[A-Z0-9_]+$/.test(key) && !RESERVED_KEYS.includes(key) && MEMBER_PATH.test(path);
  return isValid ? { key, path } : refuse('A value looks like BRAZE_NAME=items.0.name.');
};

export const parseValues = (text: string): readonly NewValue[] => parseEach(text, parseValue, ({ key }) => key);

/** Whether the identifier is a parameter of the path or of the query. */
export const isIdentityInAddress = ({ method, path, identity: { names, key } }: NewNode): boolean =>
  method === 'GET' || [key, ...names].some((name) => path.includes(`{${name}}`));

/** Refuses what does not fit together. */
const check = (node: NewNode): NewNode => {
  const { path, identity, fields, isLookUp, isQueued, list, successMember, outcomes, values } = node;
  const { names, isListed } = identity;
  const isInAddress = names.length > 0 && isIdentityInAddress(node);
  const isInPath = names.some((name) => path.includes(`{${name}}`));
  const isObjectEmpty = !fields.some(({ place }) => place === 'object') && (names.length === 0 || isInAddress);
  const isUnreachable = (one: NewOutcome, at: number) =>
    outcomes
      .slice(0, at)
      .some(({ status, path: member, value }) =>
        isDeepStrictEqual([status, member, value ?? one.value], [one.status, one.path, one.value]),
      );
  const conflicts: readonly (readonly [boolean, string])[] = [
    [isLookUp && outcomes.length === 0, 'A look-up needs --outcomes: what the flow branches on.'],
    [outcomes.some(isUnreachable), 'An outcome is never reached: one before it has the same condition, or none.'],
    [
      outcomes.some((one) => one.path === successMember && one.value === undefined),
      `Every success has ${successMember}: write the outcome without it.`,
    ],
    [isInPath && names.length > 1, 'The path has one place for an identifier: name the one that belongs there.'],
    [
      isInAddress && (names.includes('user_alias') || isListed === true),
      'An address cannot hold a user_alias or a list: name the other identifiers.',
    ],
    [list !== '' && isObjectEmpty, `Nothing would stand in ${list}.`],
    [
      isQueued && fields.some(({ place }) => place === 'query'),
      'A queued request cannot have a query: answer --queue no.',
    ],
    [
      values.length > 0 && !outcomes.some(({ success, status }) => success === 'true' && status === undefined),
      '--values needs an outcome with success true that is not a status.',
    ],
  ];
  for (const [isConflict, message] of conflicts) if (isConflict) refuse(message);
  return node;
};

const question = (text: string) => ({ type: 'string', question: text }) as const;

/** The options of the command line, each with the question that it answers. */
export const QUESTIONS = {
  endpoint: question(
    'Braze’s endpoint, with its method unless that is POST: GET catalogs/{catalog_name}/items/{item_id}',
  ),
  permission: question('The permission that the API key needs; known for the endpoints of the emulator'),
  page: question('The page of the endpoint in Braze’s documents; known for the endpoints of the emulator'),
  description: question('What the node does, in a sentence'),
  identity: question(
    'By which of external_id, user_alias, braze_id, email, phone the endpoint finds a person, with commas, or none; external_id:current_id where it calls it so, phone:phones[] where it takes a list',
  ),
  risk: question('What somebody could do to another person whose identifier they type'),
  list: question('The key of the list that the endpoint takes its objects in, such as user_aliases, or nothing'),
  fields: question(
    `Its fields beside the identity, with commas: name:type[:optional][:top][:query][=sample]. A field goes into the path if that has its name, else into the query of a GET, else into the body; :top puts it beside the list of objects, :query into the query, and =sample is a value that Braze accepts. Types, each also as a list (phone[]): ${FIELD_TYPE_WORDS.join(', ')}`,
  ),
  'look-up': question('Does it only read (default: no, and of a GET yes)'),
  idempotent: question('Does sending it twice have the effect of once (default: no, and of PUT and DELETE yes)'),
  queue: question(
    'Is it to be queued and sent later where Braze cannot take it (default: yes, unless it is a look-up)',
  ),
  success: question('The member that the answer of a success has (default: message, which says so)'),
  outcomes: question(
    'Its own outcomes, with commas: not_found:false=404 (a status), paused:false=notice (a member of the answer), gone:false=deleted=0 (with this value), found:true (any other success); between : and = is the value of success: true, false or error',
  ),
  values: question('What the flow gets with them, with commas: BRAZE_NAME=items.0.name'),
} as const;

/** The options of the command line that answer a question. */
export type Given = { readonly [option in keyof typeof QUESTIONS]?: string | undefined };

/** Everything about a new node: from the command line, else from a person at a terminal. */
export const askForNode = async (name: string, given: Given, streams: Streams): Promise<NewNode> => {
  const prompter = streams.stdin.isTTY === true ? promptTerminal(streams) : undefined;

  const ask = async <T>(option: keyof Given, parse: (text: string) => T, fallback?: string): Promise<T> => {
    const { question: text } = QUESTIONS[option];
    const answer = given[option];
    if (answer !== undefined) return parse(answer);
    const parseOrFallback = (typed: string): T =>
      parse(typed.trim() === '' ? (fallback ?? refuse(`--${option} is missing. ${text}.`)) : typed);
    if (prompter === undefined) return parseOrFallback('');
    const validate = (typed: string): string | undefined => {
      try {
        parseOrFallback(typed);
        return undefined;
      } catch (error) {
        return Error.isError(error) ? error.message : String(error);
      }
    };
    const message = `${text}${fallback ? ` [${fallback}]` : ''}:`;
    return parseOrFallback(await prompter.ask({ name: option, message, validate }));
  };

  const endpoint = await ask('endpoint', parseEndpoint);
  const { method } = endpoint;
  const emulated = findEmulated(endpoint);
  const permission = await ask('permission', parsePermission, emulated?.permission);
  const page = await ask('page', parsePage, emulated?.page);
  const description = await ask('description', parseDescription);
  const identity = await ask('identity', parseIdentity);
  const risk = identity.names.length === 0 ? '' : await ask('risk', parseRisk);
  const list = method === 'GET' ? '' : await ask('list', parseList, '');
  const fields = await ask('fields', parseFields({ ...endpoint, identity, list }), '');
  const isLookUp = method === 'GET' || (await ask('look-up', parseYesOrNo, 'no'));
  // https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
  const isRepeatable = method === 'PUT' || method === 'DELETE';
  const isIdempotent = isLookUp || (await ask('idempotent', parseYesOrNo, isRepeatable ? 'yes' : 'no'));
  const hasQuery = fields.some(({ place }) => place === 'query');
  const isQueued = !isLookUp && (await ask('queue', parseYesOrNo, hasQuery ? 'no' : 'yes'));
  const successMember = await ask('success', parseMember, 'message');
  const outcomes = await ask('outcomes', parseOutcomes, isLookUp ? undefined : '');
  const values = outcomes.length === 0 ? [] : await ask('values', parseValues, '');
  const request = { name, ...endpoint, permission, page, description, identity, risk, list, fields };
  return check({ ...request, isLookUp, isIdempotent, isQueued, successMember, outcomes, values });
};
