const { mkdtempSync, readdirSync, rmSync, statSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const PREFIX = 'pypestream-braze-tests-';
/** Longer than any run takes. */
const MAX_RUN_MS = 3 * 3_600_000;

/** Whether a run of the same user left a folder behind, and not one that goes on or ends just now. */
const isAbandoned = (folder) => {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === process.getuid?.() && Date.now() - stats.mtimeMs > MAX_RUN_MS;
};

/**
 * One temporary folder for everything of this run, also for what programs that the tests start leave in it. It is
 * removed at the end, together with the folders of runs that were killed before theirs.
 */
const useOwnTemporaryFolder = () => {
  const parent = tmpdir();
  const siblings = readdirSync(parent).filter((name) => name.startsWith(PREFIX));
  for (const folder of siblings.map((name) => join(parent, name)).filter(isAbandoned)) {
    rmSync(folder, { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(parent, PREFIX));
  Object.assign(process.env, { TMPDIR: folder, TMP: folder, TEMP: folder });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
};

/** Nothing of the AWS account that whoever runs the tests is logged in to reaches them. */
module.exports = () => {
  useOwnTemporaryFolder();
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
