import { readDeclarations } from '../nodes.ts';
import { pageOf } from './page.ts';
import { schemaOf } from './schema.ts';

/** Every generated file, its path and its text. */
export const generated = async (): Promise<ReadonlyMap<string, string>> => {
  const { nodes, fed } = await readDeclarations();
  return new Map([
    ['docs/nodes.md', pageOf(nodes, fed)],
    ...nodes.map((declared) => {
      const schema = JSON.stringify(schemaOf(declared), null, 2);
      return [`schemas/${declared.name}.json`, `${schema}\n`] as const;
    }),
  ]);
};
