// Node 20 does not load TypeScript without a loader.
const { require: load } = require('tsx/cjs/api');

/** The region of serverless.yml, by the same rule as in the tools. */
module.exports = async ({ options }) => {
  const { lookUpRegion } = load('../tools/region.ts', __filename);
  return (await lookUpRegion(options['aws-profile'])).name;
};
