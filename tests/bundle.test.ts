import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { nodes, service } from './support/service.ts';

/** Bytes of a node's zip: what the heaviest weighed in November 2026, and a tenth more. It must never be over 260 KB. */
const MOST_ZIPPED = 115_000;

// The plugin's own options beside those of esbuild.
const { exclude, outputFileExtension, ...options } = service.custom.esbuild;
let folder: string;
let inputs: Metafile['outputs'];

const fileOf = (node: string) => join(folder, `${node}.cjs`);

const heaviestIn = (node: string): readonly string[] =>
  Object.entries(Object.entries(inputs).find(([path]) => path.endsWith(`${node}.cjs`))?.[1].inputs ?? {})
    .map(([path, { bytesInOutput }]) => [bytesInOutput, path.replace(/^.*node_modules\//, '')] as const)
    .toSorted(([a], [b]) => b - a)
    .slice(0, 10)
    .map(([bytes, path]) => `${bytes} ${path}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const { metafile } = await build({
    ...(options as BuildOptions),
    entryPoints: nodes.map((node) => `handlers/${node}.ts`),
    outdir: folder,
    outExtension: { '.js': String(outputFileExtension) },
    metafile: true,
    logLevel: 'error',
  });
  inputs = metafile.outputs;
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

test('nothing is left outside the bundles but what Node has', () => {
  expect(exclude).toEqual([]);
  const external = Object.values(inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(external.filter((path) => !isBuiltin(path))).toEqual([]);
});

test('nothing of the emulators, the tests or the tools comes along', () => {
  const sources = Object.values(inputs).flatMap((output) => Object.keys(output.inputs));
  expect(sources).toContain('lib/node/create-handler.ts');
  expect(sources.filter((path) => !/^(?:handlers|lib|node_modules)\//.test(path))).toEqual([]);
  expect(sources.filter((path) => /node_modules\/(?:fast-check|esbuild|jest)/.test(path))).toEqual([]);
});

test('each loads in a fresh process, and is an async function', async () => {
  const script = `for (const file of process.argv.slice(1)) console.log(require(file).handler.constructor.name)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, ...nodes.map(fileOf)]);
  expect(stdout.trim().split('\n')).toEqual(nodes.map(() => 'AsyncFunction'));
});

test.each(nodes)('%s stays within its weight', async (node) => {
  const zipped = (await promisify(deflateRaw)(await readFile(fileOf(node)))).length;
  // Shown where the weight is broken: what weighs most.
  expect(zipped > MOST_ZIPPED ? { zipped, heaviest: heaviestIn(node) } : {}).toEqual({});
});
