// The params of this run, and which of them are invalid.
const { nodes } = require('./nodes.cjs');

const isEmpty = (text) => text.trim() === '';
const isCount = (text) => /^[1-9]\d{0,5}$/.test(text.trim());
/** Node 20 does not load TypeScript without a loader. */
const load = (file) => require('tsx/cjs/api').require(file, __filename);

/** Params that are neither optional settings of the functions (lib/config has those) nor checked by the framework. */
const PARAMS = {
  kmsKeyArn: {
    accepts: 'the ARN of a KMS key (not of an alias)',
    isValid: (text) => isEmpty(text) || /^arn:aws[a-z-]*:kms:[a-z\d-]+:\d{12}:key\/[\w-]+$/.test(text),
  },
  alarmTopicArn: {
    accepts: 'the ARN of an SNS topic',
    isValid: (text) => isEmpty(text) || /^arn:aws[a-z-]*:sns:[a-z\d-]+:\d{12}:[\w.-]+$/.test(text),
  },
  requestsPerSecond: { accepts: 'a whole number above zero', isValid: isCount },
  requestsInBurst: { accepts: 'a whole number above zero', isValid: isCount },
  verifiedNodes: {
    accepts: `names of nodes, separated by commas (${nodes.join(', ')})`,
    isValid: (text) =>
      load('../lib/config/env.ts')
        .parseNodeNames(text)
        .every((name) => nodes.includes(name)),
  },
};

const toSettingParams = () => {
  const { OPTIONAL_SETTINGS } = load('../lib/config/optional-settings.ts');
  return Object.fromEntries(
    Object.values(OPTIONAL_SETTINGS).map(({ param, accepts, parse }) => [
      param,
      {
        accepts: `${accepts}, or nothing`,
        isValid: (text) => isEmpty(text) || parse(text.trim().toUpperCase()) !== undefined,
      },
    ]),
  );
};

/** A sentence for each param that is unknown or invalid. `given` are those of the command line: `name=value`. */
const findProblems = (values, given) => {
  const params = { ...PARAMS, ...toSettingParams() };
  const unknown = given.map((param) => param.split('=')[0]).filter((name) => !Object.hasOwn(values, name));
  const invalid = Object.entries(params).filter(([name, { isValid }]) => !isValid(String(values[name] ?? '')));
  return [
    ...unknown.map((name) => `There is no param ${name}; there are ${Object.keys(values).join(', ')}.`),
    ...invalid.map(([name, { accepts }]) => `The param ${name} is invalid. It accepts ${accepts}.`),
  ];
};

/** For serverless.yml: the value of every param in this stage, from the command line or from the file. */
module.exports = async ({ resolveConfigurationProperty, resolveVariable }) => {
  const params = Object.values((await resolveConfigurationProperty(['params'])) ?? {});
  const names = [...new Set(params.flatMap(Object.keys))];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await resolveVariable(`param:${name}`)])),
  );
};
module.exports.findProblems = findProblems;
