import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import { attributes, STANDARD } from '../../lib/payload/attributes.ts';
import { product, RECOMMENDED_EVENTS } from '../../lib/payload/ecommerce.ts';
import { eventFields } from '../../lib/payload/events.ts';
import { INVALID_REASONS } from '../../lib/payload/invalid-reason.ts';
import type { JsonSchema } from '../../lib/payload/schema.ts';
import { getIdentifiers, getMembers, type Node, type QueueFed } from '../nodes.ts';
import { toEndpointTable } from './endpoints.ts';
import { toRecipe } from './recipe.ts';
import { getProperties, IDENTITY, SWITCHES } from './schema.ts';
import { code, codes, toFieldTable, toTable } from './words.ts';

const OUTCOMES: { readonly [outcome in Outcome]: string } = {
  sent: 'Braze accepted everything.',
  partial: 'Braze accepted the request, but some fields or objects were left out: invalid here, or refused by Braze.',
  queued: 'Braze could not take it now. It is stored durably and will be sent again.',
  invalid: 'Nothing could be sent: no payload, no identifier, nothing to send, or a required field missing or invalid.',
  unverified:
    'The payload or the stage requires a verified identity, and there is none: nothing was sent. [Whom do you trust?](trust.md)',
  rejected: 'Braze rejected the request, or all of its objects.',
  misconfigured:
    'An operator must act: a parameter, the key or one of its permissions, the secret, or the wrong stage.',
  in_doubt: 'Braze may or may not have processed a request that must not be repeated. It waits for an operator.',
  unavailable:
    'Braze could not take it, and it could not be stored either; or an internal error. `BrazeNode` answers so, too, when it gets no answer from a node in time: then Braze may have the data.',
};

const SWITCHED = {
  update_existing_only: {
    ...SWITCHES.update_existing_only,
    sends: 'don’t create a profile if the user doesn’t exist (`users/track`, `canvas/trigger/send`); default `false`',
  },
  strict: {
    ...SWITCHES.strict,
    sends: 'nothing; `true` makes one invalid field enough for `invalid`; default `false`',
  },
  signed_id: SWITCHES.signed_id,
  require_verified: {
    ...SWITCHES.require_verified,
    sends: 'nothing; `true` makes the outcome `unverified` without a valid `signed_id`; default `false`',
  },
};

/** Replaces each `{{name}}` of a template file. */
const fillTemplate = (file: string, values: { readonly [name: string]: string }): string =>
  readFileSync(join(import.meta.dirname, file), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file} has an unknown placeholder ${name}.`);
    return value;
  });

const describeEndpoint = ({ method = 'POST', path }: Node['endpoint']): string => `${method} /${path}`;

const describeOutcomes = ({ outcomes = {}, endpoint }: Node): string => {
  const own = Object.entries(outcomes).map(([outcome, success]) => `${code(outcome)} (success ${code(success)})`);
  const common = `The [common ones](#outcomes)${own.length > 0 ? ` and ${own.join(', ')}` : ''}.`;
  if (endpoint.queueOnFailure) return common;
  const cached =
    endpoint.cacheSeconds === undefined ? '' : ` An answer may be up to ${endpoint.cacheSeconds} seconds old.`;
  return `${common} Nothing is queued: where other nodes answer \`queued\`, this one answers \`unavailable\`.${cached}`;
};

const describeIdentity = (node: Node): string => {
  const members = getMembers(node);
  const identifiers = getIdentifiers(node);
  if (identifiers.length === 0) return 'It is about no person: an identifier is an unknown key here.';
  const hasAttributes = Object.values(members).some(({ schema }) => schema === attributes.schema);
  const hasEvents = 'event' in members || 'events' in members || members.name?.schema === eventFields.name.schema;
  return [
    `Identify [the person](#identity) with ${identifiers.map(code).join(', else ')}.`,
    ...(hasAttributes
      ? ['`attributes` holds [standard](#standard-attributes) and [custom](#custom-attributes) ones.']
      : []),
    ...(hasEvents ? ['An `ecommerce.…` event needs [its properties](#e-commerce-events).'] : []),
    'Whoever types an identifier is not its owner: see [Whom do you trust?](trust.md)',
  ].join(' ');
};

const toBranches = (values: readonly string[]): string => values.map((value) => `${value}~<node>`).join('|');

const findVariables = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)),
];

/** The required and the optional properties of an object. */
const toPropertyCells = (schema: JsonSchema): readonly [string, string] => {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const names = getProperties(schema).map(([name]) => name);
  return [
    codes(names.filter((name) => required.includes(name))),
    codes(names.filter((name) => !required.includes(name))),
  ];
};

const toSection = (node: Node): string => {
  const { parameterInput, output, whatNext, variable } = toRecipe(node);
  const input = JSON.stringify(parameterInput, null, 2);
  const variables = findVariables(input);
  return fillTemplate('section.template.md', {
    name: node.name,
    description: node.description,
    endpoint: describeEndpoint(node.endpoint),
    permission: node.endpoint.permission,
    identity: describeIdentity(node),
    fields: toFieldTable(getMembers(node)),
    outcomes: describeOutcomes(node),
    variables: variables.length > 0 ? ` (variables: ${codes(variables)}; take out what the flow does not ask for)` : '',
    parameterInput: input,
    output: output.join(', '),
    successBranches: toBranches(whatNext.success),
    outcomeBranches: toBranches(whatNext.outcome),
    variable: codes(variable),
  });
};

/** `docs/endpoints.md`. */
export const toEndpointPage = (nodes: readonly Node[]): string =>
  fillTemplate('endpoints.template.md', { endpoints: toEndpointTable(nodes) });

/** `docs/nodes.md`. */
export const toPage = (nodes: readonly Node[], queueFed: readonly QueueFed[]): string =>
  fillTemplate('nodes.template.md', {
    nodes: toTable(
      ['node', 'what it does', 'Braze endpoint', 'permission'],
      nodes.map(({ name, description, endpoint }) => [
        `[${name}](#${name})`,
        description,
        code(describeEndpoint(endpoint)),
        code(endpoint.permission),
      ]),
    ),
    queueFed: queueFed.map(({ name, description }) => `No flow calls \`${name}\`. ${description}`).join('\n\n'),
    reasons: toTable(
      ['reason', 'means'],
      Object.entries(INVALID_REASONS).map(([reason, sentence]) => [code(reason), sentence]),
    ),
    identity: toFieldTable(IDENTITY),
    switches: toFieldTable(SWITCHED),
    outcomes: toTable(
      ['outcome', 'success', 'means'],
      Object.entries(OUTCOMES).map(([outcome, meaning]) => [
        code(outcome),
        code(SUCCESS_BY_OUTCOME[outcome as Outcome]),
        meaning,
      ]),
    ),
    standardAttributes: toFieldTable(STANDARD),
    ecommerceEvents: toTable(
      ['event', 'required properties', 'optional properties'],
      [
        ...[...RECOMMENDED_EVENTS].map(([name, { schema }]) => [code(name), ...toPropertyCells(schema)]),
        ['each of `products`', ...toPropertyCells(product.schema)],
      ],
    ),
    sections: nodes.map(toSection).join('\n').trimEnd(),
  });
