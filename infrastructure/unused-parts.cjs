const { readFileSync } = require('node:fs');

/**
 * AWS's clients register a class for every error of their service, and with it the shapes of all its operations. Marked
 * as free of side effects, a registration that nothing uses is left out; an error is then one of the service by its
 * name, as one that is new to the client is. esbuild keeps shapes with computed keys, so the keys are written as text.
 */
const withoutUnusedShapes = (source) => {
  const texts = new Map([...source.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, text]) => [name, text]));
  return source
    .replaceAll('n0_registry.registerError(', '/* @__PURE__ */ $&')
    .replaceAll(/\[(_\w+)\]:/g, (key, name) => (texts.has(name) ? `${texts.get(name)}:` : key));
};

const SCHEMAS = /client-(?:ssm|sqs)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;

/** Leaves out of packages what no function uses and esbuild cannot see to be unused (docs/performance.md). */
exports.unusedParts = {
  name: 'unused-parts',
  setup({ onLoad }) {
    onLoad({ filter: SCHEMAS }, ({ path }) => ({ contents: withoutUnusedShapes(readFileSync(path, 'utf8')) }));
  },
};
