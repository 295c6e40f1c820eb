import { join } from 'node:path';
import { CliError, runCommand } from './cli.ts';
import { writeDocs } from './docs/generated.ts';

const USAGE = 'npm run docs\n\nGenerates docs/nodes.md and schemas/ from the definitions of the nodes.';

process.exitCode = await runCommand(process, async () => {
  if (process.argv.length > 2) throw new CliError(USAGE, 2);
  console.log(`Written: ${(await writeDocs(join(import.meta.dirname, '..'))).join(', ')}`);
  return 0;
});
