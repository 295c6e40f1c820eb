import { ENDPOINTS } from '../../emulators/braze/gateway.ts';
import { SUCCESS_BY_OUTCOME, type Success } from '../../lib/answer.ts';
import { isPathTemplate, METHODS, type Method } from '../../lib/braze/endpoint.ts';
import { IDENTIFIERS, type IdentifierName } from '../../lib/payload/identity.ts';
import { CliError, type Streams } from '../cli.ts';
import { promptLines, promptTerminal } from '../prompts.ts';
import { toStackName } from '../service.ts';
import { FIELD_TYPE_WORDS, type FieldType, findFieldType, toSent } from './field-types.ts';
import { findUnreachable, isStatus, type NewOutcome, type NewValue } from './reading.ts';

/** Where a field stands in the request; `object` is the object in the list, or the body where there is no list. */
type Place = 'path' | 'query' | 'top' | 'object';

/** A field of the new node's payload. */
export interface NewField {
  readonly name: string;
  readonly type: FieldType;
  /** What Braze is sent for the sample of the type. */
  readonly sent: unknown;
  readonly isRequired: boolean;
  readonly place: Place;
}

/** A field as it is asked for; the endpoint decides on the place that is not given. */
export type GivenField = Omit<NewField, 'place'> & { readonly place?: 'top' | 'query' };

/** The identifiers that the endpoint accepts; empty if its requests are not about a person. */
export interface NewIdentity {
  readonly names: readonly IdentifierName[];
  /** What the endpoint calls the only identifier, where that is another name. */
  readonly key?: string;
  /** Whether the endpoint takes a list of them under that key. */
  readonly isListed?: boolean;
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
  readonly fields: readonly NewField[];
  /** The key of the list of objects in the body; empty if the body is the object. */
  readonly list: string;
  readonly isLookUp: boolean;
  readonly cacheSeconds: number;
  readonly isIdempotent: boolean;
  readonly isQueued: boolean;
  readonly bestBeforeMinutes: number;
  /** The member that the answer of a success has: `message`, which then says so, or another. */
  readonly successMember: string;
  readonly outcomes: readonly NewOutcome[];
  readonly values: readonly NewValue[];
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

const PARAMETER = /\{(\w+)\}/g;
const findParameters = (path: string): readonly string[] => [...path.matchAll(PARAMETER)].map(([, name = '']) => name);

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

/** Parses a text that matches, without the blanks around it. */
const matching =
  (pattern: RegExp, message: string) =>
  (text: string): string =>
    pattern.test(text.trim()) ? text.trim() : refuse(message);

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
const parseEach = <T>(
  text: string,
  parse: (item: string) => T,
  getKey: (item: T) => string,
  noun: string,
): readonly T[] => {
  const items = text.trim() === '' ? [] : text.split(',').map(parse);
  return new Set(items.map(getKey)).size === items.length ? items : refuse(`${noun} is given twice.`);
};

const NAME = /^[a-z][a-z0-9_]*$/;

const parseField = (text: string): GivenField => {
  const [declaration = '', sample] = text.split('=', 2);
  const [name = '', word = '', ...options] = declaration.split(':').map((part) => part.trim());
  if (!NAME.test(name)) refuse(`${JSON.stringify(name)} cannot be a field: a name looks like alias_name.`);
  const known =
    findFieldType(word) ?? refuse(`The field ${name} needs one of the types ${FIELD_TYPE_WORDS.join(', ')}.`);
  if (options.some((option) => !['optional', 'top', 'query'].includes(option))) {
    refuse(`After its type the field ${name} may only have :optional, :top and :query.`);
  }
  if (options.includes('optional') && options.includes('top')) {
    refuse(`The field ${name} is :top and so required: write the handling of an optional one into toRequest.`);
  }
  const type = sample === undefined ? known : { ...known, sample: word.endsWith('[]') ? [sample] : sample };
  const place = options.includes('top') ? 'top' : options.includes('query') ? 'query' : undefined;
  return {
    name,
    type,
    sent: toSent(type) ?? refuse(`The sample of the field ${name} is no ${word}.`),
    isRequired: !options.includes('optional'),
    ...(place !== undefined && { place }),
  };
};

export const parseFields = (text: string): readonly GivenField[] =>
  parseEach(text, parseField, ({ name }) => name, 'A field');

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
  const [{ key, isListed } = { key: undefined, isListed: false }, ...others] = given;
  if (key === undefined && others.every((one) => one.key === undefined)) return { names };
  return others.length === 0 && key !== undefined
    ? { names, key, isListed }
    : refuse(
        'Only an identifier by itself can have a name of the endpoint’s: write the mapping of several into toRequest.',
      );
};

const parseNumber =
  (max: number) =>
  (text: string): number =>
    /^\d{1,5}$/.test(text.trim()) && Number(text) <= max
      ? Number(text)
      : refuse(`The number is an integer from 0 to ${max}.`);

/** Longer, a flow would act on what is no longer so. */
export const parseSeconds = parseNumber(3_600);
/** SQS keeps a message for two weeks at most, and redelivery gives up after about four days. */
export const parseMinutes = parseNumber(4 * 24 * 60);

const MEMBER_PATH = /^\w+(?:\.\w+)*$/;

const parseOutcome = (text: string): NewOutcome => {
  const [, outcome = '', success = '', condition = '', value] =
    /^\s*([a-z][a-z0-9_]*):(true|false|error)(?:=([\w.]+)(?:=([^=]+))?)?\s*$/.exec(text) ??
    refuse('An outcome looks like not_found:false=404, paused:false=notice, gone:false=deleted=0 or found:true.');
  if (outcome in SUCCESS_BY_OUTCOME) refuse(`${outcome} is an outcome of every node.`);
  const common = { outcome, success: success as Success };
  if (condition === '') return { ...common, when: { kind: 'otherwise' } };
  if (isStatus(condition)) {
    return value === undefined
      ? { ...common, when: { kind: 'status', status: Number(condition) } }
      : refuse('A status stands alone: not_found:false=404.');
  }
  if (!MEMBER_PATH.test(condition)) refuse(`${condition} is neither a status nor the path of a member.`);
  return { ...common, when: { kind: 'member', path: condition, value: value?.trim() } };
};

export const parseOutcomes = (text: string): readonly NewOutcome[] =>
  parseEach(text, parseOutcome, ({ outcome }) => outcome, 'An outcome');

const RESERVED_KEYS = ['BRAZE_INVALID_FIELDS', 'BRAZE_IDENTITY'];

const parseValue = (text: string): NewValue => {
  const [key = '', path = ''] = text.split('=').map((word) => word.trim());
  const isValid = /^BRAZE_[A-Z0-9_]+$/.test(key) && !RESERVED_KEYS.includes(key) && MEMBER_PATH.test(path);
  return isValid ? { key, path } : refuse('A value looks like BRAZE_NAME=items.0.name.');
};

export const parseValues = (text: string): readonly NewValue[] =>
  parseEach(text, parseValue, ({ key }) => key, 'A value');

const COMMON_KEYS = ['node', 'strict', 'update_existing_only', 'require_verified', 'signed_id'];
const PROTOTYPE_KEYS = ['constructor', 'prototype'];

/** Whether the value can be written into an address. */
const isWritable = (sent: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof sent);

/** Each field where the endpoint wants it; a parameter of the path that is neither a field nor the identity is a text. */
export const placeFields = (
  { method, path }: NewEndpoint,
  { names, key }: NewIdentity,
  list: string,
  given: readonly GivenField[],
): readonly NewField[] => {
  const parameters = findParameters(path);
  const identifying: readonly string[] = key === undefined ? names : [key];
  const isGiven = (name: string) => identifying.includes(name) || given.some((field) => field.name === name);
  const added = parameters.filter((name) => !isGiven(name)).flatMap((name) => parseFields(`${name}:text`));
  const reserved = [
    ...COMMON_KEYS,
    ...PROTOTYPE_KEYS,
    ...(names.length === 0 ? [] : IDENTIFIERS),
    ...(key === undefined ? [] : [key]),
  ];
  return [...added, ...given].map((field): NewField => {
    const { name, isRequired, sent } = field;
    if (reserved.includes(name)) refuse(`${name} cannot be a field: it is a key that the node has anyway.`);
    const place = parameters.includes(name)
      ? 'path'
      : method === 'GET'
        ? 'query'
        : field.place === 'top' && list === ''
          ? 'object'
          : (field.place ?? 'object');
    const inAddress = place === 'path' || place === 'query';
    if (place === 'path' && !isRequired) refuse(`${name} is in the path and so required.`);
    if (inAddress && !isWritable(sent)) refuse(`${name} cannot be written into an address.`);
    return { ...field, place };
  });
};

/** What does not fit together. */
const check = (node: NewNode): NewNode => {
  const { method, path, identity, fields, isQueued, isLookUp, list, successMember, outcomes, values } = node;
  const parameters = findParameters(path);
  const { names, key, isListed } = identity;
  const inPath = parameters.filter((name) => (key === undefined ? names.some((one) => one === name) : name === key));
  if (inPath.length > 0 && names.length > 1) {
    refuse('The path has one place for an identifier: name the one that belongs there.');
  }
  if ((inPath.length > 0 || method === 'GET') && (names.includes('user_alias') || isListed)) {
    refuse('An address cannot hold a user_alias or a list: name the other identifiers.');
  }
  if (method === 'GET' && list !== '') refuse('A GET has no body, and so no list.');
  if (list !== '' && !fields.some(({ place }) => place === 'object') && (names.length === 0 || inPath.length > 0)) {
    refuse(`Nothing would stand in ${list}.`);
  }
  if (isQueued && (fields.some(({ place }) => place === 'query') || method === 'GET')) {
    refuse('A queued request cannot have a query: answer --queue no.');
  }
  if (isLookUp && outcomes.length === 0) refuse('A look-up needs --outcomes: what the flow branches on.');
  if (values.length > 0 && !outcomes.some(({ success, when }) => success === 'true' && when.kind !== 'status')) {
    refuse('--values needs an outcome with success true that is not a status.');
  }
  if (outcomes.some(({ when }) => when.kind === 'member' && when.value === undefined && when.path === successMember)) {
    refuse(`Every success has ${successMember}: write the outcome without it.`);
  }
  const unreachable = findUnreachable(node);
  if (unreachable !== undefined) refuse(`The outcome ${unreachable} is never reached: one before it is always true.`);
  return node;
};

/** The options of the command line, each with the question that it answers. */
export const QUESTIONS = {
  endpoint: 'Braze’s endpoint, with its method unless that is POST: GET catalogs/{catalog_name}/items/{item_id}',
  permission: 'The permission that the API key needs; known for the endpoints of the emulator',
  page: 'The page of the endpoint in Braze’s documents; known for the endpoints of the emulator',
  description: 'What the node does, in a sentence',
  identity:
    'By which of external_id, user_alias, braze_id, email, phone the endpoint finds a person, with commas, or none; external_id:current_id where it calls it so, phone:phones[] where it takes a list',
  risk: 'What somebody could do to another person whose identifier they type',
  fields: `Its fields beside the identity, with commas: name:type[:optional][:top][:query][=sample]. A field goes into the path if that has its name, else into the query of a GET, else into the body; :top puts it beside the list of objects, :query into the query, and =sample is a value that Braze accepts. Types, each also as a list (phone[]): ${FIELD_TYPE_WORDS.join(', ')}`,
  list: 'The key of the list that the endpoint takes its objects in, such as user_aliases, or nothing',
  'look-up': 'Does it only read (default: no, and of a GET yes)',
  cache: 'For how many seconds may a look-up’s answer be cached (default: 0)',
  idempotent: 'Does sending it twice have the effect of once (default: no, and of PUT and DELETE yes)',
  queue: 'Is it to be queued and sent later where Braze cannot take it (default: yes, unless it is a look-up)',
  'best-before': 'For how many minutes is it worth sending later (default: 0, without a limit)',
  success: 'The member that the answer of a success has (default: message, which says so)',
  outcomes:
    'Its own outcomes, with commas: not_found:false=404 (a status), paused:false=notice (a member of the answer), gone:false=deleted=0 (with this value), found:true (any other success); between : and = is the value of success: true, false or error',
  values: 'What the flow gets with them, with commas: BRAZE_NAME=items.0.name',
} as const;

/** The options of the command line that answer a question. */
export type Given = { readonly [option in keyof typeof QUESTIONS]?: string | undefined };

/** Everything about a new node: from the command line, else from a person at a terminal, else from the lines of a pipe. */
export const askForNode = async (name: string, given: Given, streams: Streams): Promise<NewNode> => {
  const isTerminal = streams.stdin.isTTY === true;
  const prompter = isTerminal ? promptTerminal(streams) : promptLines(streams.stdin);

  const ask = async <T>(option: keyof Given, parse: (text: string) => T, fallback?: string): Promise<T> => {
    const answer = given[option];
    if (answer !== undefined) return parse(answer);
    const parseOrFallback = (text: string): T =>
      parse(text.trim() === '' ? (fallback ?? refuse(`--${option} is missing. ${QUESTIONS[option]}.`)) : text);
    // A pipe without a writer may never end, so it is not read for what has a fallback.
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

  const endpoint = await ask('endpoint', parseEndpoint);
  const { method } = endpoint;
  const emulated = findEmulated(endpoint);
  const permission = await ask('permission', parsePermission, emulated?.permission);
  const page = await ask('page', parsePage, emulated?.page);
  const description = await ask('description', parseDescription);
  const identity = await ask('identity', parseIdentity);
  const risk = identity.names.length === 0 ? '' : await ask('risk', parseRisk);
  const givenFields = await ask('fields', parseFields, '');
  const list = method === 'GET' ? '' : await ask('list', parseList, '');
  const fields = placeFields(endpoint, identity, list, givenFields);
  const isLookUp = method === 'GET' || (await ask('look-up', parseYesOrNo, 'no'));
  const cacheSeconds = isLookUp ? await ask('cache', parseSeconds, '0') : 0;
  // https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
  const isRepeatable = method === 'PUT' || method === 'DELETE';
  const isIdempotent = isLookUp || (await ask('idempotent', parseYesOrNo, isRepeatable ? 'yes' : 'no'));
  const hasQuery = fields.some(({ place }) => place === 'query');
  const isQueued = !isLookUp && (await ask('queue', parseYesOrNo, hasQuery ? 'no' : 'yes'));
  const bestBeforeMinutes = isQueued ? await ask('best-before', parseMinutes, '0') : 0;
  const successMember = await ask('success', parseMember, 'message');
  const outcomes = await ask('outcomes', parseOutcomes, isLookUp ? undefined : '');
  const values = outcomes.length === 0 ? [] : await ask('values', parseValues, '');
  return check({
    name,
    ...endpoint,
    permission,
    page,
    description,
    identity,
    risk,
    fields,
    list,
    isLookUp,
    cacheSeconds,
    isIdempotent,
    isQueued,
    bestBeforeMinutes,
    successMember,
    outcomes,
    values,
  });
};
