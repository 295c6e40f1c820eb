import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { CliError } from '../cli.ts';
import { writeDocs } from '../docs/generated.ts';
import { toDefinitionName } from '../nodes.ts';
import type { NewNode } from './options.ts';
import { renderEvent, renderFunction, renderHandler, renderTest, renderTrust } from './render.ts';

/** As `npm run format` would have it. */
const format = (root: string, path: string, text: string): string => {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const words = [biome, 'check', '--write', `--stdin-file-path=${path}`];
  return execFileSync(process.execPath, words, { cwd: root, input: text, encoding: 'utf8' });
};

const SERVERLESS_YML = 'serverless.yml';

const readFunctions = (yaml: string): { readonly [name: string]: unknown } =>
  parse(yaml, { logLevel: 'error' })?.functions ?? {};

/** The service with one function more, before `redeliver`, and with everything else of it as it stands. */
export const addFunction = (yaml: string, node: NewNode): string => {
  const places = [...yaml.matchAll(/^ {2}redeliver:[ \t]*$/gm)];
  const [place, ...more] = places;
  if (place === undefined || more.length > 0)
    throw new CliError(`${SERVERLESS_YML} has no function redeliver to put the new one before.`, 2);
  const changed = `${yaml.slice(0, place.index)}${renderFunction(node)}${yaml.slice(place.index)}`;
  const { [node.name]: added, ...others } = readFunctions(changed);
  if (added === undefined || !isDeepStrictEqual(others, readFunctions(yaml))) {
    throw new CliError(`${SERVERLESS_YML} is not written as expected: the function has to be added by hand.`, 2);
  }
  return changed;
};

const REDELIVER = 'handlers/redeliver.ts';

/** The handler that sends queued requests, with one node more whose requests it may send. */
const addToRedeliver = (source: string, name: string): string => {
  const list = /^ {2}nodes: \[([^\]]*)\]/m;
  if (!list.test(source)) throw new CliError(`${REDELIVER} has no list of nodes to put the new one into.`, 2);
  const definition = toDefinitionName(name);
  const changed = source.replace(list, (_, names: string) => {
    const nodes = names.split(',').map((one) => one.trim());
    return `  nodes: [${[...nodes.filter((one) => one !== ''), definition].toSorted().join(', ')}]`;
  });
  return `import { ${definition} } from './${name}.ts';\n${changed}`;
};

const TRUST = 'docs/trust.md';

/** The page on trust, with a line more at the end of the table that says what a false identity can do with each node. */
const addToTrust = (page: string, node: NewNode): string => {
  const table = /^\| node \|.*\n(?:\|.*\n)+/m;
  if (!table.test(page)) throw new CliError(`${TRUST} has no table of nodes to put the new one into.`, 2);
  return page.replace(table, (lines) => `${lines}${renderTrust(node)}`);
};

/** The files of a node that must not be there yet. */
const toFiles = (name: string) => ({
  handler: `handlers/${name}.ts`,
  event: `events/${name}.json`,
  test: `tests/handlers/${name}.test.ts`,
});

/** Ends the command where there is something by this name. */
export const refuseExisting = (root: string, name: string): void => {
  for (const path of Object.values(toFiles(name))) {
    if (existsSync(join(root, path))) throw new CliError(`${path} is there already.`, 2);
  }
  if (name in readFunctions(readFileSync(join(root, SERVERLESS_YML), 'utf8'))) {
    throw new CliError(`${SERVERLESS_YML} has a function ${name} already.`, 2);
  }
};

const readIfExists = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** Writes all that a node consists of, or nothing. Returns the paths. */
export const writeNode = async (root: string, node: NewNode): Promise<readonly string[]> => {
  refuseExisting(root, node.name);
  const { handler, event, test } = toFiles(node.name);
  const texts = new Map([
    [handler, format(root, handler, renderHandler(node))],
    [event, format(root, event, renderEvent(node))],
    [test, format(root, test, renderTest(node))],
    [SERVERLESS_YML, addFunction(readFileSync(join(root, SERVERLESS_YML), 'utf8'), node)],
  ]);
  if (node.isQueued) {
    texts.set(
      REDELIVER,
      format(root, REDELIVER, addToRedeliver(readFileSync(join(root, REDELIVER), 'utf8'), node.name)),
    );
  }
  if (node.identity.names.length > 0) texts.set(TRUST, addToTrust(readFileSync(join(root, TRUST), 'utf8'), node));
  const made = ['docs/nodes.md', 'docs/endpoints.md', `schemas/${node.name}.json`];
  const before = [...texts.keys(), ...made].map((path) => [join(root, path), readIfExists(join(root, path))] as const);
  try {
    for (const [path, text] of texts) {
      writeFileSync(join(root, path), text, { flag: [SERVERLESS_YML, REDELIVER, TRUST].includes(path) ? 'w' : 'wx' });
    }
    await writeDocs(root);
  } catch (error) {
    for (const [file, text] of before) {
      if (text !== undefined) writeFileSync(file, text);
      else if (existsSync(file)) rmSync(file);
    }
    throw error;
  }
  return [...texts.keys(), ...made];
};
