import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { parse } from 'yaml';
import plugins from '../infrastructure/lazy-files.cjs';
import type { Deployed } from './environment.ts';
import { CACHE, ROOT } from './setup.ts';

export interface Bundle extends Deployed {
  readonly bytes: number;
  readonly zipBytes: number;
  /** Of the files that a cold start loads, without those that are loaded when first needed. */
  readonly loadedZipBytes: number;
}

const OUT = path.join(CACHE, 'bundles');

/** The plugin's, which esbuild does not know. */
const OWN_KEYS = new Set(['exclude', 'outputFileExtension', 'plugins']);

/** Files of their own that no call can do without: AWS's client for the parameters. */
const LOADED_AT_FIRST_CALL = ['ssm-sdk', 'aws-clients-shared'];

/** The options of `custom.esbuild`, as the Serverless plugin hands them to esbuild. */
export const deployedOptions = (): { readonly options: BuildOptions; readonly names: readonly string[] } => {
  const { custom, functions } = parse(readFileSync(path.join(ROOT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' });
  const options = Object.fromEntries(Object.entries(custom.esbuild).filter(([key]) => !OWN_KEYS.has(key)));
  return {
    options: {
      ...options,
      plugins,
      external: custom.esbuild.exclude,
      outExtension: { '.js': custom.esbuild.outputFileExtension },
    },
    names: Object.keys(functions),
  };
};

export const bundle = async (
  name: string,
  entry: string,
  folder: string,
  options: BuildOptions,
  loadedAtFirstCall: readonly string[] = LOADED_AT_FIRST_CALL,
): Promise<Bundle> => {
  const taskRoot = path.join(OUT, name);
  rmSync(taskRoot, { recursive: true, force: true });
  const result = await build({
    ...options,
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outdir: path.join(taskRoot, folder),
    metafile: true,
    logLevel: 'error',
  });
  const files = Object.keys(result.metafile.outputs).filter((output) => /\.[cm]?js$/.test(output));
  const zippedSize = (file: string) => deflateRawSync(readFileSync(path.join(ROOT, file)), { level: 9 }).length;
  const loaded = [path.parse(entry).name, ...loadedAtFirstCall];
  const own = files.filter((file) => loaded.includes(path.parse(file).name));
  return {
    name,
    taskRoot,
    handler: `${path.posix.join(folder, path.basename(entry).replace(/\.\w+$/, ''))}.handler`,
    bytes: own.reduce((sum, file) => sum + statSync(path.join(ROOT, file)).size, 0),
    loadedZipBytes: own.reduce((sum, file) => sum + zippedSize(file), 0),
    zipBytes: files.reduce((sum, file) => sum + zippedSize(file), 0),
  };
};

/** Every function of `serverless.yml`, bundled as it is deployed. */
export const nodes = (): Promise<readonly Bundle[]> => {
  const { options, names } = deployedOptions();
  return Promise.all(names.map((name) => bundle(name, `handlers/${name}.ts`, 'handlers', options)));
};

/** What the nodes are compared with, bundled with esbuild's defaults. */
export const compared = (names: readonly string[]): Promise<readonly Bundle[]> =>
  Promise.all(
    names.map((name) =>
      bundle(name, `bench/variants/${name}.mjs`, '.', {
        bundle: true,
        platform: 'node',
        target: 'node24',
        nodePaths: [path.join(CACHE, 'node_modules')],
      }),
    ),
  );
