const { readFile } = require('node:fs/promises');
const { basename, extname, join } = require('node:path');

/**
 * AWS's clients register a class for every error of their service, and with it the shapes of all its operations. Marked
 * as free of side effects, a registration that nothing uses is left out; an error is then one of the service by its
 * name, as one that is new to the client is.
 */
const unregisteredErrors = {
  name: 'unregistered-errors',
  setup({ onLoad }) {
    onLoad({ filter: /client-(?:ssm|sqs)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('n0_registry.registerError(', '/* @__PURE__ */ $&'),
    }));
  },
};

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
      const own = { plugins: [unregisteredErrors], entryPoints: [join(resolveDir, path)], minifyIdentifiers: true };
      built.push(await esbuild.build({ ...initialOptions, ...own }));
      return { path: `./${basename(path, extname(path))}${initialOptions.outExtension['.js']}`, external: true };
    });
    onEnd(({ metafile }) => {
      for (const { metafile: own } of built) if (metafile) Object.assign(metafile.outputs, own.outputs);
    });
  },
};

module.exports = [lazyFiles];
