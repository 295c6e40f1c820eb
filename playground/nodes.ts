import type { JSONSchema7 } from 'json-schema';
import type { Json } from '../lib/json.ts';
import type { ExtraOutcomes, NodeDefinition } from '../lib/node/definition.ts';
import { toRecipe } from '../tools/docs/recipe.ts';
import { findVariables } from './variables.ts';

type Definition = NodeDefinition<unknown, ExtraOutcomes>;

/** A node, as the page shows it. */
export interface PlaygroundNode {
  readonly definition: Definition;
  readonly description: string;
  /** The JSON Schema of its Parameter Input. */
  readonly schema: JSONSchema7;
  /** A Parameter Input to start from. */
  readonly recipe: string;
  /** A value for each variable of the recipe. */
  readonly variables: Readonly<Record<string, string>>;
  readonly successValues: readonly string[];
  readonly outcomes: readonly string[];
  readonly outputs: readonly string[];
}

const schemas = import.meta.glob<JSONSchema7>('../schemas/*.json', { eager: true, import: 'default' });
const handlers = import.meta.glob<Record<string, unknown>>('../handlers/*.ts', { eager: true });

const SAMPLES: Readonly<Record<string, string>> = {
  CUSTOMER_ID: 'customer-20417',
  ALIAS_NAME: 'visitor-7',
  FIRST_NAME: '  Ada ',
  LAST_NAME: 'Lovelace',
  EMAIL: 'Ada.Lovelace@Example.COM ',
  PHONE: '+44 20 7946 0958',
  DATE_OF_BIRTH: 'December 10, 1985',
  CITY: '<<far fa-map-marker>> London',
  DESTINATION: 'Lisbon',
  CURRENCY: 'EUR',
  PRICE: '12,50',
  PRODUCT_ID: 'city-tour',
  QUANTITY: '2',
};
/** What else a variable of a recipe is filled with: a text that most fields take. */
const OTHER_SAMPLE = 'sample';

const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && 'name' in value && 'toRequest' in value;

const toNode = (definition: Definition): PlaygroundNode => {
  const { parameterInput, output, whatNext } = toRecipe(definition);
  const input = parameterInput as { readonly [key: string]: Json };
  return {
    definition,
    description: definition.description.replaceAll('`', ''),
    schema: schemas[`../schemas/${definition.name}.json`] ?? {},
    recipe: JSON.stringify(input, undefined, 2),
    variables: Object.fromEntries(findVariables(input).map((name) => [name, SAMPLES[name] ?? OTHER_SAMPLE])),
    successValues: whatNext.success,
    outcomes: whatNext.outcome,
    outputs: output,
  };
};

const nodes = new Map(
  Object.values(handlers)
    .flatMap((exported) => Object.values(exported).filter(isDefinition))
    .map((definition) => [definition.name, toNode(definition)]),
);

/** The nodes that flows call; the one of the partner page first. */
export const NODE_NAMES: readonly string[] = [
  'track-user',
  ...[...nodes.keys()].filter((name) => name !== 'track-user'),
];

/** The node of this name, else the first one. */
export const findNode = (name: string): PlaygroundNode => {
  const node = nodes.get(name) ?? nodes.get('track-user');
  if (node === undefined) throw new Error('There is no node in handlers/.');
  return node;
};
