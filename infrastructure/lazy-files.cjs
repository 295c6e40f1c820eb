const { basename, extname, join } = require('node:path');

/**
 * Makes a file of its own, beside the bundle, of what a `*.lazy.cjs` requires. Node then neither reads nor compiles it
 * before it is required, which a cold start would else pay for (docs/performance.md).
 */
const lazyFiles = {
  name: 'lazy-files',
  setup({ esbuild, initialOptions, onResolve, onEnd }) {
    const built = [];
    onResolve({ filter: /^\.\// }, async ({ path, importer, resolveDir }) => {
      if (!importer.endsWith('.lazy.cjs')) return undefined;
      const own = { plugins: [], entryPoints: [join(resolveDir, path)], minifyIdentifiers: true };
      built.push(await esbuild.build({ ...initialOptions, ...own }));
      return { path: `./${basename(path, extname(path))}${initialOptions.outExtension['.js']}`, external: true };
    });
    onEnd(({ metafile }) => {
      for (const { metafile: own } of built) if (metafile) Object.assign(metafile.outputs, own.outputs);
    });
  },
};

module.exports = [lazyFiles];
