import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import open from 'open';
import { build } from 'vite';
import { defineCommand } from '../cli.ts';

const USAGE = `Usage: npm run playground [-- --out DIR]

Builds the playground, one page that shows what a Parameter Input becomes, and opens it in the browser.

  --out DIR   write DIR/index.html and do not open it; the page works from disk and from any static host
  --help      show this text`;

/** Without `--out`: beside what other builds write, and outside the repository's history. */
const DEFAULT_FOLDER = join(import.meta.dirname, '../../.playground');

export const playground = defineCommand(
  { usage: USAGE, options: { out: { type: 'string' } } },
  async ({ values }, { stdout }) => {
    const folder = resolve(values.out ?? DEFAULT_FOLDER);
    const root = join(import.meta.dirname, '../../playground');
    await build({ configFile: join(root, 'vite.config.ts'), build: { outDir: folder }, logLevel: 'warn' });
    const page = join(folder, 'index.html');
    stdout.write(`${page}\n`);
    if (values.out === undefined) await open(pathToFileURL(page).href);
    return 0;
  },
);
