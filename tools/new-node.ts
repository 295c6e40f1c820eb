import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseOrExit, runCommand, usageError } from './cli.ts';
import { FIELD_TYPE_WORDS } from './new-node/field-types.ts';
import { askForNode, parseName } from './new-node/options.ts';
import { isEmulated } from './new-node/render.ts';
import { refuseExisting, writeNode } from './new-node/write.ts';

const USAGE = `npm run new-node -- <name> [options]

Writes handlers/<name>.ts, events/<name>.json, tests/handlers/<name>.test.ts and the function in
serverless.yml, generates the documentation, and runs the demo of the new node. What no option says is
asked for at a terminal; without one, the lines of standard input answer what has no default, in this order:

  --endpoint <path>       users/alias/new
  --permission <name>     as the page of the endpoint says; default only for endpoints that the emulator knows
  --description <sentence>
  --fields <list>         name:type[:optional][:top][=sample], separated by commas; :top puts it beside the
                          list of objects, =sample is a value that Braze accepts; the types:
                          ${FIELD_TYPE_WORDS.join(' ')}
  --identifiers <list>    by which the endpoint finds a person; default: all five
  --list <key>            where the endpoint takes a list of objects: user_aliases
  --look-up <yes|no>      whether it only reads, so that nothing needs to be queued; default: no
  --idempotent <yes|no>   whether sending it twice does what sending it once does; default: no
  --no-demo               do not run the demo`;

const text = { type: 'string' } as const;
const OPTIONS = {
  endpoint: text,
  permission: text,
  description: text,
  fields: text,
  identifiers: text,
  list: text,
  'look-up': text,
  idempotent: text,
  'no-demo': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

process.exitCode = await runCommand(process, async () => {
  const { values, positionals } = parseOrExit(() => parseArgs({ options: OPTIONS, allowPositionals: true }), USAGE);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw usageError('One name is needed.', USAGE);
  const root = join(import.meta.dirname, '..');
  refuseExisting(root, parseName(name));
  const node = await askForNode(name, values, process);
  const written = await writeNode(root, node);
  console.log(`Written:\n${written.map((path) => `  ${path}`).join('\n')}`);
  if (!isEmulated(node)) {
    console.log(
      `The emulator does not know ${node.path} yet: add it to emulators/braze/ to see what Braze would answer.`,
    );
  } else if (!values['no-demo']) {
    console.log(`\nnpm run demo -- events/${name}.json\n`);
    spawnSync('npm', ['run', '--silent', 'demo', '--', `events/${name}.json`], {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
  }
  console.log('\nNext: npm run check');
  return 0;
});
