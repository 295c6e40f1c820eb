import { IDENTIFIERS, type IdentifierName } from '../../lib/payload/identity.ts';
import { CliError } from '../cli.ts';
import { toStackName } from '../service.ts';
import { KIND_WORDS, type Kind, kindOf } from './field-types.ts';

/** A field of the new node's payload. */
export interface NewField {
  readonly name: string;
  readonly kind: Kind;
  readonly isRequired: boolean;
}

/** What is to be known of a new node. */
export interface NewNode {
  readonly name: string;
  readonly endpoint: string;
  readonly permission: string;
  readonly description: string;
  readonly fields: readonly [NewField, ...NewField[]];
  readonly identifiers: readonly [IdentifierName, ...IdentifierName[]];
  /** The key of the list that the endpoint takes its objects in; empty where it takes one object by itself. */
  readonly list: string;
  readonly isIdempotent: boolean;
}

const usage = (message: string): CliError => new CliError(message, 2);

const LONGEST_DEPLOYED_NAME = 64;
const DEPLOYED_AS = `${toStackName('sandbox')}-`;
const TAKEN = ['node', 'strict', 'update_existing_only', ...IDENTIFIERS, 'constructor', 'prototype'];

export const readName = (text: string): string => {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text)) {
    throw usage('A node is named in lower case with hyphens, verb first: add-alias.');
  }
  if (DEPLOYED_AS.length + text.length > LONGEST_DEPLOYED_NAME) {
    throw usage(`The name is too long: AWS takes ${LONGEST_DEPLOYED_NAME} characters, ${DEPLOYED_AS} included.`);
  }
  return text;
};

export const readEndpoint = (text: string): string => {
  const path = text.trim().replace(/^\/+|\/+$/g, '');
  if (!/^[a-z][a-z0-9_-]*(?:\/[a-z0-9_-]+)+$/.test(path)) {
    throw usage('The endpoint is a path of Braze’s REST API that is called with POST: users/alias/new.');
  }
  if (path === 'users/track') {
    throw usage('users/track has a shape of its own: copy handlers/track-event.ts or handlers/set-subscription.ts.');
  }
  return path;
};

/** What Braze calls the permission, nearly everywhere: `/v2/subscription/status/set` → `subscription.status.set`. */
export const permissionOf = (endpoint: string): string => endpoint.replace(/^v\d+\//, '').replaceAll('/', '.');

export const readPermission = (text: string): string => {
  if (!/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/.test(text.trim())) {
    throw usage('A permission is spelled as in Braze’s dashboard: users.alias.new.');
  }
  return text.trim();
};

export const readDescription = (text: string): string => {
  if (!/^[A-Z][^\p{Cc}]*\.$/u.test(text.trim())) {
    throw usage('The description is a sentence on one line, from a capital letter to a full stop.');
  }
  return text.trim();
};

const readField = (text: string): NewField => {
  const [name = '', word = '', presence = 'required', ...more] = text.split(':').map((part) => part.trim());
  const kind = kindOf(word, name);
  if (!/^[a-z][a-z0-9_]*$/.test(name) || TAKEN.includes(name)) {
    throw usage(
      `${JSON.stringify(name)} can’t be a field: a name is spelled like alias_name, and the identity is there already.`,
    );
  }
  if (kind === undefined) throw usage(`The field ${name} needs one of the types ${KIND_WORDS.join(', ')}.`);
  if (!['required', 'optional'].includes(presence) || more.length > 0) {
    throw usage(`After its type the field ${name} may only say :optional.`);
  }
  return { name, kind, isRequired: presence === 'required' };
};

export const readFields = (text: string): NewNode['fields'] => {
  const [first, ...others] = text.split(',').map(readField);
  const names = new Set([first, ...others].map((field) => field?.name));
  if (first === undefined || names.size !== others.length + 1) throw usage('A field is given twice.');
  return [first, ...others];
};

export const readIdentifiers = (text: string): NewNode['identifiers'] => {
  const named = text.split(',').map((name) => name.trim());
  const [first, ...others] = IDENTIFIERS.filter((name) => named.includes(name));
  if (first === undefined || others.length + 1 !== named.length) {
    throw usage(`The identifiers are some of ${IDENTIFIERS.join(', ')}.`);
  }
  return [first, ...others];
};

export const readList = (text: string): string => {
  if (!/^(?:[a-z][a-z0-9_]*)?$/.test(text.trim()))
    throw usage('The list is the key of an array in the request: user_aliases.');
  return text.trim();
};

export const readYesOrNo = (text: string): boolean => {
  const word = text.trim().toLowerCase();
  if (!['y', 'yes', 'n', 'no'].includes(word)) throw usage('Say yes or no.');
  return word.startsWith('y');
};
