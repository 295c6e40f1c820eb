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

const SERVERLESS_YML = 'serverless.yml';
const REDELIVER = 'handlers/redeliver.ts';
const TRUST = 'docs/trust.md';

/** Replaces the only place that matches. */
const replaceOnce = (file: string, text: string, place: RegExp, replace: (found: string) => string): string => {
  if (text.match(new RegExp(place, 'gm'))?.length === 1) return text.replace(new RegExp(place, 'm'), replace);
  throw new CliError(`${file} is not written as expected: the node has to be added to it by hand.`, 2);
};

const readFunctions = (yaml: string): { readonly [name: string]: unknown } =>
  parse(yaml, { logLevel: 'error' })?.functions ?? {};

/** The service with one function more, before `redeliver`, and with everything else of it as it stands. */
export const addFunction = (yaml: string, node: NewNode): string => {
  const changed = replaceOnce(
    SERVERLESS_YML,
    yaml,
    /^ {2}redeliver:[ \t]*$/,
    (place) => `${renderFunction(node)}${place}`,
  );
  const { [node.name]: added, ...others } = readFunctions(changed);
  if (added !== undefined && isDeepStrictEqual(others, readFunctions(yaml))) return changed;
  throw new CliError(`${SERVERLESS_YML} is not written as expected: the function has to be added by hand.`, 2);
};

/** The handler that sends queued requests, with one node more whose requests it may send. */
const addToRedeliver = (source: string, { name }: NewNode): string => {
  const definition = toDefinitionName(name);
  const changed = replaceOnce(REDELIVER, source, /^ {2}nodes: \[[^\]]*\]/, (nodes) => {
    const names = nodes.slice(nodes.indexOf('[') + 1, -1).match(/\w+/g) ?? [];
    return `  nodes: [${[...names, definition].toSorted().join(', ')}]`;
  });
  return `import { ${definition} } from './${name}.ts';\n${changed}`;
};

/** The page on trust, with a line more at the end of the table that says what a false identity can do with each node. */
const addToTrust = (page: string, node: NewNode): string =>
  replaceOnce(TRUST, page, /^\| node \|.*\n(?:\|.*\n)+/, (table) => `${table}${renderTrust(node)}`);

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
  if (Object.hasOwn(readFunctions(readFileSync(join(root, SERVERLESS_YML), 'utf8')), name)) {
    throw new CliError(`${SERVERLESS_YML} has a function ${name} already.`, 2);
  }
};

/** A reserved word of JavaScript, or a name that the handler has already. */
const invalidCode = (cause: unknown): CliError =>
  new CliError('The handler would not be valid code: name the node or a field differently.', 2, { cause });

/** As `npm run format` would have it. */
const format = (root: string, path: string, text: string): string => {
  if (!/\.(?:ts|json)$/.test(path)) return text;
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const words = [biome, 'check', '--write', `--stdin-file-path=${path}`];
  try {
    return execFileSync(process.execPath, words, { cwd: root, input: text, encoding: 'utf8', stdio: 'pipe' });
  } catch (cause) {
    throw invalidCode(cause);
  }
};

/** Writes all that a node consists of, or nothing. Returns the paths. */
export const writeNode = async (root: string, node: NewNode): Promise<readonly string[]> => {
  refuseExisting(root, node.name);
  const { handler, event, test } = toFiles(node.name);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const texts: readonly (readonly [path: string, text: string])[] = [
    [handler, renderHandler(node)],
    [event, renderEvent(node)],
    [test, renderTest(node)],
    [SERVERLESS_YML, addFunction(read(SERVERLESS_YML), node)],
    ...(node.isQueued ? [[REDELIVER, addToRedeliver(read(REDELIVER), node)] as const] : []),
    ...(node.identity.names.length > 0 ? [[TRUST, addToTrust(read(TRUST), node)] as const] : []),
  ];
  const formatted = texts.map(([path, text]) => [path, format(root, path, text)] as const);
  const generated = ['docs/nodes.md', 'docs/endpoints.md', `schemas/${node.name}.json`];
  const paths = [...texts.map(([path]) => path), ...generated];
  const before = paths.map((path) => [path, existsSync(join(root, path)) ? read(path) : undefined] as const);
  try {
    for (const [path, text] of formatted) writeFileSync(join(root, path), text);
    await writeDocs(root);
  } catch (error) {
    for (const [path, text] of before) {
      if (text !== undefined) writeFileSync(join(root, path), text);
      else if (existsSync(join(root, path))) rmSync(join(root, path));
    }
    // The handler was imported for the documentation.
    throw Error.isError(error) && ['TransformError', 'SyntaxError'].includes(error.name) ? invalidCode(error) : error;
  }
  return paths;
};
