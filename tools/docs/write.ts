import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generated } from './generated.ts';

/** Writes the generated files below `root`, and removes the schemas of nodes that are gone. */
export const writeDocs = async (root: string): Promise<readonly string[]> => {
  const files = await generated();
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
