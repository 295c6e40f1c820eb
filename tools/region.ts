/** The region of serverless.yml: `AWS_REGION`, else `AWS_DEFAULT_REGION`, else the profile's, else us-east-1. */
export const lookUpRegion = async (profile?: string): Promise<{ readonly name: string; readonly source: string }> => {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  if (AWS_REGION) return { name: AWS_REGION, source: 'AWS_REGION' };
  if (AWS_DEFAULT_REGION) return { name: AWS_DEFAULT_REGION, source: 'AWS_DEFAULT_REGION' };
  // Loaded only here, because every serverless command asks for the region.
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  try {
    const { config } = new SSMClient(profile === undefined ? {} : { profile });
    return { name: await config.region(), source: 'the AWS profile' };
  } catch {
    return { name: 'us-east-1', source: 'the default' };
  }
};
