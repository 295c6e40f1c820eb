import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import plugins from '../infrastructure/lazy-files.cjs';
import { type Bundle, bundle, deployedOptions } from './bundles.ts';
import type { Variables } from './environment.ts';

/** `track-user` with one thing done differently. */
interface Variant {
  readonly name: string;
  /** Modules of the function, by the end of their path, and the files of `variants/` that take their place. */
  readonly instead?: Readonly<Record<string, string>>;
  readonly options?: BuildOptions;
  readonly variables?: Variables;
  /** Files that a cold start loads beside the function, if they are others than those of the product. */
  readonly loaded?: readonly string[];
}

const VARIANTS: readonly Variant[] = [
  {
    name: "SSM's client as it comes",
    instead: { 'lib/config/ssm-client.ts': 'sdk-as-it-comes.ts' },
    options: { plugins: plugins.filter(({ name }) => name !== 'unused-parts') },
    loaded: [],
  },
  {
    name: 'the call to SSM signed by hand',
    instead: { 'lib/config/ssm-client.ts': 'hand-signed.ts' },
    loaded: [],
  },
  { name: 'fetch in place of node:https', instead: { 'lib/http.ts': 'fetch.ts' } },
  { name: 'telephone metadata at the start', instead: { 'phone.lazy.cjs': 'phone-at-start.cjs' } },
  { name: 'nothing minified', options: { minifySyntax: false, minifyWhitespace: false } },
  { name: 'names minified too', options: { minify: true } },
  { name: 'main before module', options: { mainFields: ['main', 'module'] } },
  {
    name: 'ESM',
    options: {
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    },
  },
  {
    name: 'source maps of our code in use',
    options: { sourcemap: true },
    variables: { NODE_OPTIONS: '--enable-source-maps' },
  },
];

const variantFile = (file: string): string => fileURLToPath(new URL(`variants/${file}`, import.meta.url));

/** Hands esbuild another file where a module is imported; not where the other file itself imports it. */
const replacing = (instead: Readonly<Record<string, string>>): Plugin => ({
  name: 'instead',
  setup: (build) => {
    build.onResolve({ filter: /.*/ }, ({ path: imported, importer, resolveDir }) => {
      if (importer.includes(`${path.sep}variants${path.sep}`)) return undefined;
      const whole = imported.startsWith('.') ? path.resolve(resolveDir, imported).replaceAll(path.sep, '/') : imported;
      const file = Object.entries(instead).find(([end]) => whole.endsWith(end))?.[1];
      return file === undefined ? undefined : { path: variantFile(file) };
    });
  },
});

/** The variants of `track-user`, bundled. */
export const buildVariants = (): Promise<readonly { name: string; bundle: Bundle; variables: Variables }[]> => {
  const { options: deployed } = deployedOptions();
  return Promise.all(
    VARIANTS.map(async ({ name, instead = {}, options = {}, variables = {}, loaded }, index) => {
      const changed = { ...deployed, ...options };
      const built = { ...changed, plugins: [replacing(instead), ...(changed.plugins ?? [])] };
      return {
        name,
        variables,
        bundle: await bundle(`variant-${index}`, 'handlers/track-user.ts', 'handlers', built, loaded),
      };
    }),
  );
};
