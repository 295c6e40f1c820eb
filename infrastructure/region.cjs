const { SSMClient } = require('@aws-sdk/client-ssm');

const FALLBACK = 'us-east-1';

/** The region of this run: AWS_REGION, else AWS_DEFAULT_REGION, else the profile's, else us-east-1. */
const resolveRegion = async (profile) => {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  if (AWS_REGION || AWS_DEFAULT_REGION) return AWS_REGION || AWS_DEFAULT_REGION;
  try {
    return await new SSMClient({ ...(profile && { profile }) }).config.region();
  } catch {
    // Neither the profile nor a default one names a region, or there is no such profile.
    return FALLBACK;
  }
};

/** For serverless.yml, whose `--region` goes before this. */
module.exports = ({ options }) => resolveRegion(options['aws-profile']);
module.exports.resolveRegion = resolveRegion;
