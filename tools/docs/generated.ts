import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readNodes } from '../nodes.ts';
import { toEndpointPage, toPage } from './page.ts';
import { toSchema } from './schema.ts';

/** The path and the text of every generated file. */
export const generateDocs = async (): Promise<ReadonlyMap<string, string>> => {
  const { nodes, queueFed } = await readNodes();
  return new Map([
    ['docs/nodes.md', toPage(nodes, queueFed)],
    ['docs/endpoints.md', toEndpointPage(nodes)],
    ...nodes.map((node) => [`schemas/${node.name}.json`, `${JSON.stringify(toSchema(node), null, 2)}\n`] as const),
  ]);
};

/** Writes the generated files below `root`, and removes the schemas of nodes that no longer exist. */
export const writeDocs = async (root: string): Promise<readonly string[]> => {
  const files = await generateDocs();
  for (const [path, text] of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const file of readdirSync(join(root, 'schemas'))) {
    if (!files.has(`schemas/${file}`)) rmSync(join(root, 'schemas', file));
  }
  return [...files.keys()];
};
