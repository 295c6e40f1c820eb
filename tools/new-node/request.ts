import { fillTarget } from '../../lib/braze/endpoint.ts';
import type { IdentifierName } from '../../lib/payload/identity.ts';
import { isIdentityInAddress, type NewField, type NewNode } from './options.ts';

const toAlias = (alias_name: string) => ({ alias_name, alias_label: 'pypestream' });

/** Somebody, by each of the identifiers, and what a flow designer writes for it. */
const PERSON: { readonly [name in IdentifierName]: { readonly sample: unknown; readonly variable: unknown } } = {
  external_id: { sample: 'customer-20417', variable: '{CUSTOMER_ID}' },
  user_alias: { sample: toAlias('chat-5531'), variable: toAlias('{ALIAS_NAME}') },
  braze_id: { sample: '5f0c8f0e2f0b4bb79a550f2f', variable: '{BRAZE_ID}' },
  email: { sample: 'ada@example.com', variable: '{EMAIL}' },
  phone: { sample: '+14155550100', variable: '{PHONE}' },
};

interface Values {
  readonly [name: string]: unknown;
}

/** The first identifier of the node. */
const toIdentifier = ({ identity }: NewNode, as: 'sample' | 'variable'): Values =>
  Object.fromEntries(identity.names.slice(0, 1).map((name) => [name, PERSON[name][as]]));

/** The person of the sample conversation. */
export const toPerson = (node: NewNode): Values => toIdentifier(node, 'sample');

/** What the sample conversation says. */
export const toPayload = (node: NewNode): Values => ({
  ...toPerson(node),
  ...Object.fromEntries(node.fields.map(({ name, type }) => [name, type.sample])),
});

/** What a flow designer types: a variable for each text. */
export const toExample = (node: NewNode): Values => ({
  ...toIdentifier(node, 'variable'),
  ...Object.fromEntries(
    node.fields.map(({ name, type, sent }) => [
      name,
      typeof type.sample === 'string' ? `{${name.toUpperCase()}}` : sent,
    ]),
  ),
});

/** Members of the request: how `toRequest` writes them, and what they are for the sample conversation. */
interface Part {
  readonly code: string;
  readonly sample: Values;
}

const toObject = (parts: readonly Part[]): Part => ({
  code:
    parts.length === 1 && parts[0]?.code.startsWith('...')
      ? parts[0].code.slice(3)
      : `{ ${parts.map(({ code }) => code).join(', ')} }`,
  sample: Object.assign({}, ...parts.map(({ sample }) => sample)),
});

const toPersonParts = (node: NewNode): readonly Part[] => {
  const { names, key, isListed = false } = node.identity;
  const person = toPerson(node);
  if (key === undefined) return names.length === 0 ? [] : [{ code: '...identity.identifier', sample: person }];
  const code = `identity.identifier.${names[0]}`;
  const [value] = Object.values(person);
  return [{ code: `${key}: ${isListed ? `[${code}]` : code}`, sample: { [key]: isListed ? [value] : value } }];
};

/** A field that `toRequest` names; in an address it is a text. */
const toNamedPart = ({ name, isRequired, place, sent }: NewField): Part => {
  const isConverted = place !== 'top' && typeof sent !== 'string';
  const code = isConverted ? `${name}: String(${name})` : name;
  return {
    code: isRequired ? code : `...(${name} !== undefined && { ${code} })`,
    sample: { [name]: isConverted ? String(sent) : sent },
  };
};

const isInAddress = ({ place }: NewField): boolean => place === 'path' || place === 'query';

/** The names of the query's parameters. */
export const toQuery = (node: NewNode): readonly string[] => {
  const { path, fields, identity } = node;
  const identifying = identity.key === undefined ? identity.names : [identity.key];
  return [
    ...fields.filter(({ place }) => place === 'query').map(({ name }) => name),
    ...(isIdentityInAddress(node) ? identifying : []).filter((name) => !path.includes(`{${name}}`)),
  ];
};

/** Whether a conversation can leave out all that the node would write. */
export const mayBeEmpty = ({ isLookUp, fields }: NewNode): boolean => {
  const written = fields.filter((field) => !isInAddress(field));
  return !isLookUp && written.length > 0 && written.every(({ isRequired }) => !isRequired);
};

/** The function `toRequest` of the handler, and the request that the sample conversation makes. */
export const toRequest = (node: NewNode) => {
  const { method, path, list, fields, identity } = node;
  const person = toPersonParts(node);
  const isPersonInAddress = isIdentityInAddress(node);
  const written = fields.filter(({ place }) => place === 'object');
  const named = fields.filter(({ place }) => place !== 'object');
  const rest = Object.fromEntries(written.map(({ name, sent }) => [name, sent]));

  const parameters = toObject([...(isPersonInAddress ? person : []), ...named.filter(isInAddress).map(toNamedPart)]);
  const object = [
    ...(isPersonInAddress ? [] : person),
    ...(written.length > 0 ? [{ code: '...payload', sample: rest }] : []),
  ];
  const top = named.filter(({ place }) => place === 'top').map(toNamedPart);
  const { code, sample } = toObject(object);
  const body = toObject(list === '' ? object : [...top, { code: `${list}: [${code}]`, sample: { [list]: [sample] } }]);

  const isEmpty = (part: Part) => Object.keys(part.sample).length === 0;
  const known = written.find(({ isRequired }) => isRequired) ?? written[0];
  const members = [
    ...(isEmpty(parameters) ? [] : [`parameters: ${parameters.code}`]),
    ...(isEmpty(body) ? [] : [`body: ${body.code}`]),
    ...(list === '' ? [] : [`paths: { ${list}: [${JSON.stringify(known?.name ?? identity.names[0])}] }`]),
  ];
  const names = [...named.map(({ name }) => name), ...(written.length > 0 ? ['...payload'] : [])];
  const payload = names.join() === '...payload' ? 'payload' : names.length > 0 ? `{ ${names.join(', ')} }` : '_payload';
  const request = `{ ${members.join(', ')} }`;
  const result = mayBeEmpty(node) ? `Object.keys(payload).length === 0 ? undefined : ${request}` : request;
  const filled = fillTarget({ path, query: toQuery(node) }, parameters.sample as { readonly [name: string]: string });
  const target = filled.kind === 'filled' ? `${filled.path}${filled.query === '' ? '' : `?${filled.query}`}` : path;
  return {
    code: `(${person.length > 0 ? `${payload}, { identity }` : payload.replace('_payload', '')}) => (${result})`,
    target: `${method} /${target}`,
    body: method === 'GET' || (method === 'DELETE' && isEmpty(body)) ? undefined : body.sample,
  };
};
