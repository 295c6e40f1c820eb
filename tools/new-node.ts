import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stop } from './cli.ts';
import { askFor } from './new-node/ask.ts';
import { createNode, refuseExisting } from './new-node/create.ts';
import { KIND_WORDS } from './new-node/field-types.ts';
import { readName, Unfit } from './new-node/options.ts';

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

const parsed = () => {
  try {
    return parseArgs({
      options: {
        endpoint: { type: 'string' },
        permission: { type: 'string' },
        description: { type: 'string' },
        fields: { type: 'string' },
        identifiers: { type: 'string' },
        list: { type: 'string' },
        'replay-safe': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Unfit(Error.isError(error) ? error.message : String(error));
  }
};

const main = async (): Promise<void> => {
  const { values, positionals } = parsed();
  if (values.help === true) return console.log(USAGE);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Unfit(`One name is needed.\n\n${USAGE}`);
  const root = join(import.meta.dirname, '..');
  refuseExisting(root, readName(name));
  const written = await createNode(root, await askFor(name, values, process));
  console.log(`Written:\n${written.map((path) => `  ${path}`).join('\n')}`);
  console.log(
    'Next: npm run check. Then say in toRequest what the endpoint takes besides, and in the test that it does.',
  );
};

try {
  await main();
} catch (error) {
  if (error instanceof Unfit) console.error(error.message);
  else if (error instanceof Stop) console.error(error.message);
  else console.error('The node was not made:', error);
  process.exitCode = error instanceof Unfit ? 2 : error instanceof Stop ? error.exitCode : 1;
}
