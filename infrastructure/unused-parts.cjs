const { readFileSync } = require('node:fs');

/**
 * AWS's clients register a class for every error of their service, and with it the shapes of all operations. Marked as
 * free of side effects, a registration that nothing uses is left out. Its error then has the service's general class,
 * and still its own name. esbuild keeps shapes with computed keys, so the keys are written as text.
 */
const withoutUnusedShapes = (source) => {
  const texts = new Map([...source.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, text]) => [name, text]));
  return source
    .replaceAll('n0_registry.registerError(', '/* @__PURE__ */ $&')
    .replaceAll(/\[(_\w+)\]:/g, (key, name) => (texts.has(name) ? `${texts.get(name)}:` : key));
};

/** A client uses only the version of its package.json, for the header `user-agent`. */
const withoutDescription = ({ version }) => ({ version });

/** The position of the formats, which only writing numbers needs. https://gitlab.com/catamphetamine/libphonenumber-js/-/blob/master/METADATA.md */
const FORMATS = 4;

const withoutFormats = ({ countries, nonGeographic, ...rest }) => {
  const withoutThem = (plan) => plan.map((value, position) => (position === FORMATS ? 0 : value));
  const without = (plans) => Object.fromEntries(Object.entries(plans).map(([of, plan]) => [of, withoutThem(plan)]));
  return { ...rest, countries: without(countries), nonGeographic: without(nonGeographic) };
};

/** Keeps one zone for each Windows name: that of the territory 001, which CLDR uses where no country is known. */
const withoutTerritories = ({ supplemental }) => {
  const { mapTimezones } = supplemental.windowsZones;
  const kept = mapTimezones.filter(({ mapZone }) => mapZone._territory === '001');
  return { supplemental: { windowsZones: { mapTimezones: kept } } };
};

/** Not called, because the clients are given their credentials, and Node has its own SHA-256. */
const NEVER_CALLED = [
  [/credential-provider-node[\\/]dist-es[\\/]index\.js$/, 'defaultProvider'],
  [/checksum[\\/]sha256[\\/]Sha256Js\.js$/, 'Sha256Js'],
];
const SCHEMAS = /client-(?:ssm|sqs)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const DATA = [
  [/client-(?:ssm|sqs)[\\/]package\.json$/, withoutDescription],
  [/libphonenumber-js[\\/]metadata\.min\.json(?:\.js)?$/, withoutFormats],
  [/cldr-core[\\/]supplemental[\\/]windowsZones\.json$/, withoutTerritories],
];

/** Leaves out of packages what no function uses and esbuild cannot see to be unused (docs/performance.md). */
exports.unusedParts = {
  name: 'unused-parts',
  setup({ onLoad }) {
    onLoad({ filter: SCHEMAS }, ({ path }) => ({ contents: withoutUnusedShapes(readFileSync(path, 'utf8')) }));
    for (const [filter, name] of NEVER_CALLED)
      onLoad({ filter }, () => ({ contents: `export const ${name} = undefined;` }));
    for (const [filter, reduce] of DATA) {
      onLoad({ filter }, ({ path }) => {
        const data = JSON.parse(readFileSync(path.replace(/\.json\.js$/, '.json'), 'utf8'));
        return { contents: JSON.stringify(reduce(data)), loader: 'json' };
      });
    }
  },
};
