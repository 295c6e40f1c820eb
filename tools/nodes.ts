import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../lib/braze/endpoint.ts';
import type { ExtraOutcomes } from '../lib/node/definition.ts';
import { IDENTIFIERS, type IdentifierName } from '../lib/payload/identity.ts';
import type { Field, Fields } from '../lib/payload/schema.ts';

/** A rule, and the rules of its members where it has them. */
export type Rule = Field<unknown> & { readonly fields?: Fields };

/** What a node says of itself, as far as its documentation is made from it. */
export interface Declared {
  readonly name: string;
  readonly description: string;
  readonly endpoint: Pick<Endpoint, 'path' | 'permission' | 'queueOnFailure'>;
  readonly identifiers?: readonly IdentifierName[];
  readonly payload: Rule;
  readonly outcomes?: ExtraOutcomes;
}

/** What is fed by a queue and not by a conversation. */
export type Fed = Pick<Declared, 'name' | 'description'>;

/** A node, as far as a stage can be checked for it; what is fed by a queue has no endpoint of its own. */
export type Shipped = Pick<Declared, 'name'> & Partial<Pick<Declared, 'endpoint'>>;

const isNode = (declared: Declared | Fed): declared is Declared => 'payload' in declared;

/** The name under which `handlers/track-user.ts` exports its definition: `trackUser`. */
export const definitionName = (file: string): string =>
  file.replace(/\.ts$/, '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The declarations in `handlers/`, by name. */
export const readDeclarations = async (): Promise<{
  readonly nodes: readonly Declared[];
  readonly fed: readonly Fed[];
}> => {
  const files = readdirSync(join(import.meta.dirname, '../handlers')).toSorted();
  const declared = await Promise.all(
    files.map(async (file): Promise<Declared | Fed> => (await import(`../handlers/${file}`))[definitionName(file)]),
  );
  return { nodes: declared.filter(isNode), fed: declared.filter((other) => !isNode(other)) };
};

export const membersOf = ({ payload }: Declared): Fields => payload.fields ?? {};

/** By what a node finds a person, in the order in which they identify. */
export const identifiersOf = (declared: Declared): readonly IdentifierName[] => {
  // A node that must have it finds nobody by anything else.
  if (membersOf(declared).external_id?.presence === 'required') return ['external_id'];
  return declared.identifiers ?? IDENTIFIERS;
};
