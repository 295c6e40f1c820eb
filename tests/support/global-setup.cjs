/** Nothing of the AWS account that whoever runs the tests is logged in to reaches them. */
module.exports = () => {
  for (const name of Object.keys(process.env).filter((variable) => variable.startsWith('AWS_'))) {
    delete process.env[name];
  }
  Object.assign(process.env, {
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Where Node.js takes a proxy from the environment, not for the servers of the tests.
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  });
};
