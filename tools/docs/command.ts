import { join } from 'node:path';
import { defineCommand } from '../cli.ts';
import { writeDocs } from './generated.ts';

const USAGE =
  'npm run docs\n\nGenerates docs/nodes.md, docs/endpoints.md and schemas/ from the definitions of the nodes.';

export const docs = defineCommand({ usage: USAGE, options: {} }, async (_, { stdout }) => {
  stdout.write(`Written: ${(await writeDocs(join(import.meta.dirname, '../..'))).join(', ')}\n`);
  return 0;
});
