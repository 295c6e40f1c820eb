/**
 * The credentials that stand in the environment: Lambda puts its role's there, and `serverless invoke local` those of
 * whatever profile. In the bundle this also takes the place of the SDK's chain of other sources (`serverless.yml`), which
 * is a quarter of its size, and of which Lambda needs none.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw Object.assign(new Error('There are no AWS credentials in the environment.'), { name: 'NoCredentials' });
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};
