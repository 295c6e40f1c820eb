import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseOrExit, runCommand, usageError } from './cli.ts';
import { FIELD_TYPE_WORDS } from './new-node/field-types.ts';
import { askForNode, parseName } from './new-node/options.ts';
import { isEmulated } from './new-node/render.ts';
import { refuseExisting, writeNode } from './new-node/write.ts';

const USAGE = `npm run new-node -- <name> [options]

Writes handlers/<name>.ts, events/<name>.json, tests/handlers/<name>.test.ts, the function in serverless.yml, the
line in docs/trust.md and, where requests are queued, in handlers/redeliver.ts; generates the documentation, and runs
the demo of the new node. What no option says is asked for at a terminal; without one, the lines of standard input
answer what has no default, in this order:

  --endpoint <endpoint>   users/alias/new, GET catalogs/{catalog_name}/items/{item_id}; without a method: POST
  --permission <name>     as the page of the endpoint says; default only for endpoints that the emulator knows
  --page <address>        the endpoint in Braze's documents; default only for endpoints that the emulator knows
  --description <sentence>
  --identity <list>       by which of external_id, user_alias, braze_id, email, phone the endpoint finds a person;
                          external_id:current_id where it calls it so, phone:phones[] where it takes a list; or none
  --risk <words>          what somebody could do to another person whose identifier they type
  --fields <list>         name:type[:optional][:top][:query][=sample], separated by commas. A field that is a
                          parameter of the path goes there, any other of a GET into the query, else into the body;
                          :top puts it beside the list of objects, :query into the query, =sample is a value that
                          Braze accepts. The types, each also as a list (phone[]):
                          ${FIELD_TYPE_WORDS.join(' ')
                            .replace(/(.{1,88})(?: |$)/g, '$1\n                          ')
                            .trim()}
  --list <key>            where the endpoint takes a list of objects: user_aliases
  --look-up <yes|no>      whether it only reads; default: no, and of a GET yes
  --cache <seconds>       how long a look-up's answer may be remembered; default: 0
  --idempotent <yes|no>   whether sending it twice does what sending it once does; default: no, of PUT and DELETE yes
  --queue <yes|no>        whether it is kept and sent later where Braze cannot take it; default: yes, if it is no look-up
  --best-before <minutes> how long it is worth sending later; default: 0, without a limit
  --success <member>      what the answer of a success has; default: message, which says so
  --outcomes <list>       its own outcomes, separated by commas: not_found:false=404 (a status), paused:false=notice
                          (a member of the answer), gone:false=deleted=0 (with this value), found:true (any other
                          success); between the colon and = is the value of success: true, false or error
  --values <list>         what the flow gets with them: BRAZE_NAME=items.0.name
  --no-demo               do not run the demo`;

const text = { type: 'string' } as const;
const OPTIONS = {
  endpoint: text,
  permission: text,
  page: text,
  description: text,
  identity: text,
  risk: text,
  fields: text,
  list: text,
  'look-up': text,
  cache: text,
  idempotent: text,
  queue: text,
  'best-before': text,
  success: text,
  outcomes: text,
  values: text,
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
  console.log(`The API key needs the permission ${node.permission} (${node.page}).`);
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
