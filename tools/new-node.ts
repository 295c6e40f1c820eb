import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseOrExit, runCommand, usageError } from './cli.ts';
import { askFor } from './new-node/ask.ts';
import { createNode, refuseExisting } from './new-node/create.ts';
import { KIND_WORDS } from './new-node/field-types.ts';
import { readName } from './new-node/options.ts';

const USAGE = `npm run new-node -- <name> [options]

Writes handlers/<name>.ts, events/<name>.json, tests/handlers/<name>.test.ts and the function in
serverless.yml, and makes the documentation anew. What no option says is asked for, at a terminal
or from the lines of standard input, in this order:

  --endpoint <path>       users/alias/new
  --permission <name>     default: as the endpoint is called, users.alias.new
  --description <sentence>    what the documentation says of it
  --fields <list>         name:type or name:type:optional, with commas; the types:
                          ${KIND_WORDS.join(' ')}
  --identifiers <list>    by what the endpoint finds a person; default: by all five
  --list <key>            where the endpoint takes a list of objects: user_aliases
  --replay-safe <yes|no>  whether sending it twice does what sending it once does; default: no`;

const OPTIONS = {
  endpoint: { type: 'string' },
  permission: { type: 'string' },
  description: { type: 'string' },
  fields: { type: 'string' },
  identifiers: { type: 'string' },
  list: { type: 'string' },
  'replay-safe': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

process.exitCode = await runCommand(process, async () => {
  const { values, positionals } = parseOrExit(() => parseArgs({ options: OPTIONS, allowPositionals: true }), USAGE);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw usageError('One name is needed.', USAGE);
  const root = join(import.meta.dirname, '..');
  refuseExisting(root, readName(name));
  const written = await createNode(root, await askFor(name, values, process));
  console.log(`Written:\n${written.map((path) => `  ${path}`).join('\n')}`);
  console.log(
    'Next: npm run check. Then add to toRequest what else the endpoint takes, and to the test that it is sent.',
  );
  return 0;
});
