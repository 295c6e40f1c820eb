import { join } from 'node:path';
import { writeDocs } from './docs/write.ts';

const USAGE = 'npm run docs\n\nMakes docs/nodes.md and schemas/ from the declarations of the nodes.';

if (process.argv.length > 2) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const written = await writeDocs(join(import.meta.dirname, '..'));
  console.log(`Written: ${written.join(', ')}`);
}
