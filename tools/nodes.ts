import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../lib/braze/endpoint.ts';
import type { ExtraOutcomes, NodeDefinition } from '../lib/node/definition.ts';
import { IDENTIFIERS, type IdentifierName } from '../lib/payload/identity.ts';
import type { Field, Fields } from '../lib/payload/schema.ts';

/** A field, and its members where it is an object. */
export type AnyField = Field<unknown> & { readonly fields?: Fields };

/** What documentation needs of a field. */
export type DocumentedField = Pick<AnyField, 'sends' | 'invalidWhen' | 'schema' | 'fields'> &
  Partial<Pick<Fields[string], 'presence'>>;

/** A node's definition, as far as tools read it. */
export type Node = Pick<
  NodeDefinition<unknown, ExtraOutcomes>,
  'name' | 'description' | 'identifiers' | 'exactIdentity' | 'payload' | 'outcomes' | 'example'
> & {
  readonly endpoint: Pick<
    Endpoint,
    'method' | 'path' | 'permission' | 'refusesEmptyBody' | 'queueOnFailure' | 'cacheSeconds'
  >;
};

/** A function that is called by a queue and not by a flow. */
export type QueueFed = Pick<Node, 'name' | 'description'>;

/** The name under which `handlers/track-user.ts` exports its definition: `trackUser`. */
export const toDefinitionName = (file: string): string =>
  file.replace(/\.ts$/, '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const isNode = (definition: Node | QueueFed): definition is Node => 'payload' in definition;

/** The definitions in `handlers/`, by name. */
export const readNodes = async (): Promise<{
  readonly nodes: readonly Node[];
  readonly queueFed: readonly QueueFed[];
}> => {
  const files = readdirSync(join(import.meta.dirname, '../handlers')).toSorted();
  const definitions = await Promise.all(
    files.map(async (file): Promise<Node | QueueFed> => (await import(`../handlers/${file}`))[toDefinitionName(file)]),
  );
  return {
    nodes: definitions.filter(isNode),
    queueFed: definitions.filter((definition) => !isNode(definition)),
  };
};

export const getMembers = ({ payload }: Node): Fields => payload.fields;

/** The identifiers by which a node finds a person, in the order in which they count. */
export const getIdentifiers = (node: Node): readonly IdentifierName[] =>
  getMembers(node).external_id?.presence === 'required' ? ['external_id'] : (node.identifiers ?? IDENTIFIERS);
