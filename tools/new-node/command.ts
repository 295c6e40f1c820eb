import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { defineCommand } from '../cli.ts';
import { askForNode, parseName, QUESTIONS } from './options.ts';
import { isEmulated } from './render.ts';
import { refuseExisting, writeNode } from './write.ts';

/** The option, and below it its question in lines of at most 110 characters. */
const describeOption = ([option, { question }]: readonly [string, { readonly question: string }]): string =>
  `  --${option}\n${question.replace(/(.{1,104})(?: |$)/g, '      $1\n')}`;

const USAGE = `npm run new-node -- <name> [options]

Writes handlers/<name>.ts, events/<name>.json, tests/handlers/<name>.test.ts, the function in serverless.yml, the
line in docs/trust.md and, where requests are queued, in handlers/redeliver.ts; generates the documentation, and runs
the demo of the new node. What no option says is asked for at a terminal:

${Object.entries(QUESTIONS).map(describeOption).join('')}
  --no-demo
      do not run the demo`;

const OPTIONS = { ...QUESTIONS, 'no-demo': { type: 'boolean', default: false } } as const;

export const newNode = defineCommand(
  { usage: USAGE, options: OPTIONS, maxPositionals: 1 },
  async ({ values, positionals, usageError }, streams) => {
    const [given] = positionals;
    if (given === undefined) throw usageError('One name is needed.');
    const name = parseName(given);
    const print = (line: string): void => void streams.stdout.write(`${line}\n`);
    const root = join(import.meta.dirname, '../..');
    refuseExisting(root, name);
    const node = await askForNode(name, values, streams);
    const written = await writeNode(root, node);
    print(`The API key needs the permission ${node.permission} (${node.page}).`);
    print(`Written:\n${written.map((path) => `  ${path}`).join('\n')}`);
    if (!isEmulated(node)) {
      print(`The emulator does not know ${node.path} yet: add it to emulators/braze/ to see what Braze would answer.`);
    } else if (!values['no-demo']) {
      print(`\nnpm run demo -- events/${name}.json\n`);
      spawnSync('npm', ['run', '--silent', 'demo', '--', `events/${name}.json`], {
        cwd: root,
        stdio: 'inherit',
        shell: process.platform === 'win32',
      });
    }
    print('\nNext: npm run check');
    return 0;
  },
);
