const { mkdir, readFile, writeFile } = require('node:fs/promises');
const { basename, dirname, extname, join } = require('node:path');
const { unusedParts } = require('./unused-parts.cjs');

/**
 * Bundles each file that a `*.lazy.cjs` requires into a file of its own beside the bundle, and what these files share
 * into one more. Node reads and compiles such a file only when it is required, so that a cold start does not pay for it
 * (docs/performance.md).
 */
const lazyFiles = {
  name: 'lazy-files',
  setup({ esbuild, initialOptions, onStart, onResolve, onEnd }) {
    const { outExtension, format, target, platform, banner, legalComments } = initialOptions;
    const conversion = { format, target, platform, banner: banner?.js, legalComments, minify: true };
    const builds = new Map();

    /** esbuild shares code between ES modules only, so they are converted afterwards. */
    const buildFiles = async (lazy) => {
      const required = [...(await readFile(lazy, 'utf8')).matchAll(/require\('(\.\/.+?)'\)/g)];
      const { outputFiles, metafile } = await esbuild.build({
        ...initialOptions,
        plugins: [unusedParts],
        entryPoints: required.map(([, path]) => join(dirname(lazy), path)),
        chunkNames: `${basename(lazy, '.lazy.cjs')}-shared`,
        format: 'esm',
        splitting: true,
        banner: undefined,
        sourcemap: false,
        minifyIdentifiers: true,
        write: false,
        metafile: true,
      });
      for (const { path, text } of outputFiles) {
        const { code } = await esbuild.transform(text, conversion);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, code);
      }
      return metafile.outputs;
    };

    onStart(() => builds.clear());
    onResolve({ filter: /^\.\// }, async ({ path, importer }) => {
      if (!importer.endsWith('.lazy.cjs')) return undefined;
      if (!builds.has(importer)) builds.set(importer, buildFiles(importer));
      await builds.get(importer);
      return { path: `./${basename(path, extname(path))}${outExtension['.js']}`, external: true };
    });
    onEnd(async ({ metafile }) => {
      if (metafile) Object.assign(metafile.outputs, ...(await Promise.all(builds.values())));
    });
  },
};

module.exports = [unusedParts, lazyFiles];
